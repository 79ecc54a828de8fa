import type { Edit } from '../files/edit.js';
import type { ApiKeyEntry } from '../model/api-key.js';
import type { EnvironmentKey, ProjectKey } from '../model/keys.js';
import type { EnvironmentEntry, ProjectFile } from '../model/project.js';

/** What can become of a project itself, of its environments and of the keys that open them. */
export type ProjectChange =
  | ProjectCreate
  | ProjectUpdate
  | ProjectDelete
  | EnvironmentCreate
  | EnvironmentUpdate
  | EnvironmentDelete
  | KeyCreate
  | KeyUpdate
  | KeyDelete;

/** A new project, in a new folder. Callers who name no project go on to ask the one that they asked before. */
export interface ProjectCreate {
  readonly kind: 'project.create';
  readonly project: ProjectKey;
  readonly file: ProjectFile;
}

/** Edits of a project's file. */
export interface ProjectUpdate {
  readonly kind: 'project.update';
  readonly project: ProjectKey;
  readonly edits: readonly Edit[];
}

/** The end of a project: its whole folder goes. */
export interface ProjectDelete {
  readonly kind: 'project.delete';
  readonly project: ProjectKey;
  /** False refuses it while something is in it, be it a key: PROJECT_IN_USE. */
  readonly cascade: boolean;
}

/** One more environment, behind the others. Callers who name none go on to ask the one that they asked before. */
export interface EnvironmentCreate {
  readonly kind: 'environment.create';
  readonly project: ProjectKey;
  readonly environment: EnvironmentEntry;
}

/** Edits of what the project's file says of an environment. Places are those in its entry; its key stays. */
export interface EnvironmentUpdate {
  readonly kind: 'environment.update';
  readonly project: ProjectKey;
  readonly environment: EnvironmentKey;
  readonly edits: readonly Edit[];
}

/** The end of an environment that is neither the last nor the default one. */
export interface EnvironmentDelete {
  readonly kind: 'environment.delete';
  readonly project: ProjectKey;
  readonly environment: EnvironmentKey;
  /**
   * True takes along what names it: the flags' states, the names in overrides, the cases of tests, the API keys. False
   * refuses it while there is any: ENVIRONMENT_IN_USE.
   */
  readonly cascade: boolean;
}

/** One more API key, of which only the hash is written. */
export interface KeyCreate {
  readonly kind: 'key.create';
  readonly project: ProjectKey;
  readonly entry: ApiKeyEntry;
}

/** An API key by its id, in the environment that it opens. */
interface KeyPlace {
  readonly project: ProjectKey;
  readonly environment: EnvironmentKey;
  /** As `apiKeyId` gives it. */
  readonly id: string;
}

/** Edits of a key's entry. Places are those in it; its id, kind and environment stay. */
export interface KeyUpdate extends KeyPlace {
  readonly kind: 'key.update';
  readonly edits: readonly Edit[];
}

/** The end of a key; a file without keys goes too. */
export interface KeyDelete extends KeyPlace {
  readonly kind: 'key.delete';
}
