import type { ProjectFile } from '../model/project.js';
import { environmentKeys } from '../model/project.js';
import type { FileKind } from './parsed.js';
import type { ProjectSources, Source } from './sources.js';
import { hintsOfFile } from './spelling.js';

/** What the files of a project may name. */
export interface ProjectScope {
  /** `acme/web-app`, for sentences. */
  readonly name: string;
  /** Undefined where the project's file was never good. */
  readonly file: ProjectFile | undefined;
  /** The keys of the environments, in file order. */
  readonly environments: ReadonlySet<string>;
  readonly sources: ProjectSources;
  /** The keys of all flags and segments, good or broken: what a name that is not found may be a slip of. */
  readonly flagKeys: readonly string[];
  readonly segmentKeys: readonly string[];
  /** The moment of the load, in epoch milliseconds. */
  readonly now: number;
}

/** Makes the scope of a project. */
export function projectScope(
  scope: Omit<ProjectScope, 'environments' | 'flagKeys' | 'segmentKeys'>,
): ProjectScope {
  const { file, sources } = scope;
  return {
    ...scope,
    environments: new Set(file === undefined ? [] : environmentKeys(file)),
    flagKeys: [...sources.flags.keys()],
    segmentKeys: [...sources.segments.keys()],
  };
}

/** The scope for one file's references. */
export interface FileScope extends ProjectScope {
  readonly hint: ReturnType<typeof hintsOfFile>;
}

/** Makes the scope of a file. */
export function fileScope(scope: ProjectScope): FileScope {
  return { ...scope, hint: hintsOfFile() };
}

/** The source under a name that may be any text. */
export function namedSource<Kind extends FileKind>(
  sources: ReadonlyMap<string, Source<Kind>>,
  name: string,
): Source<Kind> | undefined {
  return sources.get(name);
}
