import type { Edit } from '../files/edit.js';
import type { FlagFile } from '../model/flag.js';
import type { EnvironmentKey, FlagKey, ProjectKey } from '../model/keys.js';

/**
 * What somebody wants to be different, as a value: it can be queued, applied again on a newer commit, and described in
 * a commit message. Its organization is the write's. Keys are parsed keys, so nothing in it can leave its folder.
 */
export type Change = FlagCreate | FlagUpdate | FlagDelete;

/** A new flag, in a new file. */
export interface FlagCreate {
  readonly kind: 'flag.create';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly file: FlagFile;
}

/** Edits of a flag's file. An edit that says what the file says already changes nothing. */
export interface FlagUpdate {
  readonly kind: 'flag.update';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly edits: readonly Edit[];
  /** The environment in which the flag must not be killed, else the change is refused: FLAG_KILLED. */
  readonly unlessKilledIn?: EnvironmentKey;
}

/** The end of a flag; its overrides and tests go along. */
export interface FlagDelete {
  readonly kind: 'flag.delete';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}
