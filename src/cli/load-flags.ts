import type { SourceFile } from '../files/loaded.js';
import type { ConfigFile } from '../model/config.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import { type DirectoryOrg, loadDirectory } from '../repository/worktree.js';

/** The work tree as the commands see it. */
export interface LoadedFlags {
  /** How many files were read. */
  readonly files: number;
  /** By path, then line. */
  readonly problems: readonly Problem[];
  /** In order of their keys; an organization that cannot be read is only in the problems. */
  readonly orgs: readonly OrgSnapshot[];
  readonly defaultOrg: OrgKey | undefined;
  /** The settings; empty where there are none, or where they are broken. */
  readonly config: ConfigFile;
  /** The file of the settings, read or not; undefined where there is none. */
  readonly settings: SourceFile | undefined;
  /** Every organization with its files, read or not. */
  readonly folders: ReadonlyMap<OrgKey, DirectoryOrg>;
}

/** Reads and judges every file of the work tree. Needs no git. `now` is in epoch milliseconds. */
export async function loadFlags(folder: string, now: number): Promise<LoadedFlags> {
  const { orgs, problems, defaultOrg, config, settings } = await loadDirectory(folder, now);
  const folders = [...orgs.values()];
  const read = folders.flatMap((org) => org.files).filter((file) => file.parsed !== undefined);
  return {
    files: read.length + (settings?.parsed === undefined ? 0 : 1),
    problems,
    orgs: folders.flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot])),
    defaultOrg,
    config,
    settings,
    folders: orgs,
  };
}
