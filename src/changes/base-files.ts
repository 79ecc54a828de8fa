import type { EnvironmentKey, ProjectKey } from '../model/keys.js';

/** A file as it is to be: its whole text, or null where it is to go. */
export interface FileEdit {
  readonly path: string;
  readonly text: string | null;
}

/** The files that changes are applied to, as one commit has them. */
export interface BaseFiles {
  /** Every path of the organization. */
  readonly paths: ReadonlySet<string>;
  /** The text of a file that `pathsOf` or `filesNaming` names, or undefined where it is not there. Throws FILE_BROKEN for what is no text. */
  readonly readText: (path: string) => string | undefined;
  /**
   * The text of the version that is served of a flag's file which is there and broken, or which waits for what it needs,
   * with the kill switches as they are served.
   * Undefined where the commit's own version is served, and where none ever was good.
   */
  readonly readLastGood: (path: string) => string | undefined;
  /** The project's files that name the environment of an `environment.delete`, and those that cannot be read. */
  readonly filesNaming: (project: ProjectKey, environment: EnvironmentKey) => readonly string[];
  /** The keys of the project's environments as they are served; undefined where nobody can tell. */
  readonly environmentsOf: (project: ProjectKey) => readonly string[] | undefined;
  /** True where the repository keeps the schemas at its top, so that an editor finds them from a flag's file. */
  readonly hasSchemas: boolean;
}
