import type { ProjectFile } from '../model/project.js';
import { environmentKeys } from '../model/project.js';
import type { FileKind } from './parsed.js';
import type { ProjectSources, Source } from './sources.js';

/** What the files of a project may name. */
export interface ProjectScope {
  /** `acme/web-app`, for sentences. */
  readonly name: string;
  /** Undefined where the project's file was never good. */
  readonly file: ProjectFile | undefined;
  /** The keys of the environments, in file order. */
  readonly environments: ReadonlySet<string>;
  readonly sources: ProjectSources;
  /** The moment of the load, in epoch milliseconds. */
  readonly now: number;
}

/** Makes the scope of a project. */
export function projectScope(scope: Omit<ProjectScope, 'environments'>): ProjectScope {
  return { ...scope, environments: new Set(scope.file === undefined ? [] : environmentKeys(scope.file)) };
}

/** The source under a name that may be any text. */
export function namedSource<Kind extends FileKind>(
  sources: ReadonlyMap<string, Source<Kind>>,
  name: string,
): Source<Kind> | undefined {
  return sources.get(name);
}
