import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { codeOf, machineDisk } from './disk.js';
import type { GitRepository } from './git.js';
import { ownLockToken } from './git-lock.js';

/** A lock file of git that is there now. */
export interface FoundLock {
  readonly path: string;
  /** When it was taken, in epoch milliseconds. */
  readonly since: number;
  /** True where Flagstaff took it, in this clone: it is another name of a file of its own. */
  readonly isOurs: boolean;
}

/** The folders of a git folder in which locks are looked for, with the depth to which each is searched. */
const PLACES = [
  ['', 0],
  ['refs', 10],
  ['objects/info', 1],
  ['flagstaff', 0],
] as const;

/** The locks on the index, on HEAD, on refs and settings, the oldest first. Others may come and go meanwhile. */
export function findLocks(repository: GitRepository): readonly FoundLock[] {
  const token = machineDisk.stat(ownLockToken(repository.stateDir));
  const folders = new Set([repository.gitDir, repository.commonDir]);
  const paths = [...folders].flatMap((folder) =>
    PLACES.flatMap(([place, depth]) => locksIn(join(folder, place), depth)),
  );
  const found = [...new Set(paths)].flatMap((path) => {
    const stat = machineDisk.stat(path);
    if (stat === undefined) return [];
    const isOurs = token !== undefined && stat.ino === token.ino && stat.dev === token.dev;
    return [{ path, since: sinceOf(stat, isOurs), isOurs }];
  });
  return found.sort((one, other) => one.since - other.since);
}

/** A lock of ours is a link of an old file: a link changes the inode's own time, and nothing else of it. */
function sinceOf(stat: { readonly ctimeMs: bigint; readonly mtimeMs: bigint }, isOurs: boolean): number {
  return Number(isOurs ? stat.ctimeMs : stat.mtimeMs);
}

function locksIn(folder: string, depth: number): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 ? locksIn(path, depth - 1) : [];
    return entry.name.endsWith('.lock') && entry.name !== 'writer.lock' ? [path] : [];
  });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return [];
  }
}

/** The path as people know it: from the top of the work tree, or of the git folder where there is none. */
export function shownPath({ workDir, gitDir }: GitRepository, path: string): string {
  return relative(workDir ?? gitDir, path);
}
