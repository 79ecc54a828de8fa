import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import { type Clone, indexPath, refPath, syncRef } from './clone.js';
import type { GitRepository } from './git.js';
import type { LockWait } from './git-lock.js';
import { entryOf, type IndexFile, isInIndex, pathsBelow } from './index-file.js';
import type { JournalEntry, JournalFile } from './journal.js';
import { inTurns } from './slices.js';
import { entriesInTree } from './tree-entries.js';
import { entryKind, heldAs } from './work-entry.js';
import { PERMISSIONS } from './work-files.js';
import { type Placing, prepareWorkFile, removeBeside } from './work-place.js';
import { followCommit, syncFollowed } from './work-tree-step.js';

/** So far back a commit of ours is looked for under what people have committed since the crash. */
const COMMITS_BACK = 1_000;

/**
 * Heals what a crash or a full disk left half done: our locks go, and a write whose commit is there gets its files and
 * index entries, wherever nobody has changed them since. A write without its commit never was.
 */
export async function recover(clone: Clone, wait: LockWait): Promise<void> {
  const { disk, repository, locks, journal, temporary, workDir } = clone;
  const entry = journal.read();
  const branches = [entry?.branch, (await repository.head()).branch];
  const refs = branches.flatMap((branch) => (branch === undefined ? [] : `${refPath(clone, branch)}.lock`));
  await locks.recover([`${indexPath(clone)}.lock`, ...refs]);
  for await (const name of inTurns(disk.list(temporary))) disk.remove(join(temporary, name));
  for await (const { path } of inTurns(entry?.files ?? [])) removeBeside(disk, join(workDir, path));
  if (entry !== undefined && (await isCommitted(clone, entry))) {
    // The crash, or the disk, may have kept it from being flushed; whoever asks next is told that it is there.
    await syncRef(clone, entry.branch);
    await replay(clone, entry, wait);
  }
  journal.clear();
}

async function isCommitted(clone: Clone, entry: JournalEntry): Promise<boolean> {
  const { repository } = clone;
  let commit = await repository.resolveBranch(entry.branch);
  for (let back = 0; commit !== undefined && back < COMMITS_BACK; back += 1) {
    if (commit === entry.newCommit) return true;
    if (commit === entry.oldCommit) return false;
    commit = await parentOf(repository, commit);
  }
  return false;
}

/** Undefined where history ends. What the machine does not read just now may be the write itself: nothing is decided then. */
async function parentOf(repository: GitRepository, commit: string): Promise<string | undefined> {
  try {
    return (await repository.readCommit(commit)).parents[0];
  } catch (error) {
    if (error instanceof Failure && error.code === 'REPOSITORY_DAMAGED') return undefined;
    throw error;
  }
}

/** On another branch the files and the index are that branch's, and right as they are. */
async function replay(clone: Clone, entry: JournalEntry, wait: LockWait): Promise<void> {
  const { repository, locks } = clone;
  await locks.holding(indexPath(clone), wait, async () => {
    const head = await repository.head();
    if (head.branch !== entry.branch || head.oid === undefined) return;
    const { tree } = await repository.readCommit(head.oid);
    const index = clone.index.read();
    const files: Placing[] = [];
    const paths = entry.files.map(({ path }) => path);
    const there = await entriesInTree(repository, tree, paths);
    for await (const file of inTurns(entry.files)) {
      const isOurs = (there.get(file.path)?.oid ?? null) === (file.after?.oid ?? null);
      if (isOurs && isUntouched(clone, index, file)) files.push(await prepareAgain(clone, file));
    }
    await followCommit(clone, index, files);
    await syncFollowed(clone, files);
  });
}

/** Both hold what was before the write or what it meant, so nobody has touched them since. */
function isUntouched(clone: Clone, index: IndexFile, { path, before, after }: JournalFile): boolean {
  const full = join(clone.workDir, path);
  const holds = (side: JournalFile['before']): boolean =>
    side === null ? isFree(clone, path) : heldAs(clone.disk, full, side) !== undefined;
  const indexed = entryOf(index, path);
  const has = (side: JournalFile['before']): boolean =>
    side === null ? isUnknown(index, path) : indexed?.oid === side.oid;
  return (holds(before) || holds(after)) && (has(before) || has(after));
}

/** A folder is no file; where one is in the way of what is to come, what is in it was looked at too. */
function isFree({ disk, workDir }: Clone, path: string): boolean {
  const stat = disk.stat(join(workDir, path));
  return stat === undefined || stat.isDirectory();
}

/** The same of the index: neither the path nor a side of a conflict, but for paths below it. */
function isUnknown(index: IndexFile, path: string): boolean {
  if (entryOf(index, path) !== undefined) return false;
  return !isInIndex(index, path) || pathsBelow(index, path).next().done !== true;
}

async function prepareAgain(clone: Clone, { path, before, after }: JournalFile): Promise<Placing> {
  const { disk, repository, temporary, workDir } = clone;
  const full = join(workDir, path);
  const isPlaced = after !== null && heldAs(disk, full, after) !== undefined;
  const present = isPlaced ? after : before;
  if (after === null || entryKind(after) === 'submodule')
    return { path, before: present, after, prepared: undefined };
  const bytes = await repository.readBlob(after.oid);
  // Named for its place: two files of one write may say the same.
  const prepared = join(temporary, `again-${createHash('sha1').update(path).digest('hex')}`);
  const stat = disk.stat(full);
  const mode = stat?.isFile() === true ? Number(stat.mode & PERMISSIONS) : undefined;
  const work = { mode, hasCrlf: false };
  await prepareWorkFile(disk, prepared, { before: present, after, bytes, work });
  return { path, before: present, after, prepared };
}
