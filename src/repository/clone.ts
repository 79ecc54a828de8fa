import { dirname, join } from 'node:path';
import type { Disk } from './disk.js';
import type { GitRepository } from './git.js';
import { GitLocks } from './git-lock.js';
import { IndexStore } from './index-store.js';
import { Journal } from './journal.js';
import { Replaced } from './replaced.js';
import { all } from './slices.js';
import { ensureStateFolder } from './state-folder.js';

/** A clone with a work tree, and what writing to it takes. */
export interface Clone {
  readonly repository: GitRepository;
  readonly disk: Disk;
  readonly workDir: string;
  readonly locks: GitLocks;
  readonly journal: Journal;
  readonly index: IndexStore;
  readonly replaced: Replaced;
  /** A folder of ours for files that are not in their place yet, on the disk of the git folder. */
  readonly temporary: string;
}

/** Makes the folders that writing needs. */
export function openClone(repository: GitRepository, workDir: string, disk: Disk): Clone {
  const temporary = ensureStateFolder(repository, 'tmp');
  return {
    repository,
    disk,
    workDir,
    temporary,
    locks: new GitLocks(disk, repository.stateDir),
    journal: new Journal(disk, repository.stateDir),
    replaced: new Replaced(),
    index: new IndexStore(disk, { path: join(repository.gitDir, 'index'), temporary }),
  };
}

/** The path of git's index. */
export function indexPath(clone: Clone): string {
  return join(clone.repository.gitDir, 'index');
}

/** The path of a branch's loose ref. */
export function refPath(clone: Clone, branch: string): string {
  return join(clone.repository.commonDir, 'refs', 'heads', branch);
}

/** Flushes where a branch stands: its loose ref is flushed before it gets its name, so these are the folders alone. */
export async function syncRef(clone: Clone, branch: string): Promise<void> {
  const folders = refFolders(branch).map((folder) => refPath(clone, folder));
  const present = folders.filter((folder) => clone.disk.stat(folder) !== undefined);
  await all(present.map((folder) => clone.disk.sync(folder)));
}

/** The folders of a branch below `refs/heads`, and (empty) that one: those of `team/main` may be as new as its loose ref. */
function refFolders(branch: string): readonly string[] {
  const folder = dirname(branch);
  return folder === '.' ? [''] : [folder, ...refFolders(folder)];
}
