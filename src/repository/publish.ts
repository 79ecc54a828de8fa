import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import type { Clone } from './clone.js';
import { indexPath, refPath, syncRef } from './clone.js';
import { checkedOut, checkWritable } from './clone-state.js';
import { appendInto, createAnew, type Disk } from './disk.js';
import { notFlushed } from './disk-failure.js';
import type { LockWait } from './git-lock.js';
import type { JournalFile } from './journal.js';
import type { ObjectBatch } from './object-batch.js';
import { all, allInTurns } from './slices.js';
import type { TreeFile } from './tree-edit.js';
import { entryKind } from './work-entry.js';
import { type ChangedPath, checkWorkFiles, type WorkFile, workBytes } from './work-files.js';
import { type Placing, prepareWorkFile } from './work-place.js';
import { followCommit, syncFollowed } from './work-tree-step.js';

/** A branch that is to move to another commit. */
export interface Publication {
  readonly branch: string;
  /** The branch that is served, where one is named. */
  readonly servedBranch: string | undefined;
  /** What the branch must be at; undefined where it has no commit yet. */
  readonly head: string | undefined;
  readonly newCommit: string;
  /** What is not on disk yet of the commits in between and of the new one. */
  readonly objects: ObjectBatch;
  /** What is different in the work tree from the one commit to the other. */
  readonly files: readonly ChangedPath[];
  /** Lines for git's log of the branch. */
  readonly reflog: string;
  /** What else must be on disk before the branch moves. */
  readonly alongside?: (() => Promise<void>) | undefined;
  /** The same, for what is only to be said once nothing else is in the way: under the locks. */
  readonly lastly?: (() => Promise<void>) | undefined;
}

/** How it ended. */
export type Published =
  | {
      readonly kind: 'committed';
      /** Fulfils when work tree and index are flushed and the journal is gone; rejects where they must be healed. */
      readonly settled: Promise<void>;
    }
  /** The branch has the commits, but the disk did not confirm that it keeps it; the journal is there. */
  | { readonly kind: 'unconfirmed'; readonly failure: Failure }
  /** Not at all: the branch has moved since they were built. */
  | { readonly kind: 'moved' };

/**
 * Makes the new commit the branch's head, in one step: after a crash it is there whole or not at all. All that can be
 * done before is done and flushed before a lock is taken. Under the locks everything is looked at again; the rename of
 * the ref is the moment from which they are there. What follows it must not fail the write: the journal stays, and the
 * next write or start heals it. Throws `Failure` where it is refused; then nothing is left of it.
 */
export async function publish(clone: Clone, publication: Publication, wait: LockWait): Promise<Published> {
  const { locks, journal } = clone;
  checkWritable(clone.repository);
  const prepared = await prepare(clone, publication);
  let published: Published | undefined;
  try {
    return await locks.holding(indexPath(clone), wait, () =>
      locks.holding(refPath(clone, publication.branch), wait, async () => {
        published = await commitLocked(clone, publication, prepared);
        return published;
      }),
    );
  } catch (error) {
    // Only giving a lock back can fail then: the commits are there, and what is left of the lock is healed.
    if (published?.kind === 'unconfirmed') return published;
    if (published?.kind === 'committed')
      return { ...published, settled: rejectedAfter(published.settled, error) };
    // All else that is thrown may come from the rename itself: then the journal tells what is there.
    if (error instanceof Failure) journal.clear();
    throw error;
  }
}

async function rejectedAfter(settled: Promise<void>, error: unknown): Promise<void> {
  await settled;
  throw error;
}

interface Prepared {
  readonly files: readonly Placing[];
  readonly ref: string;
}

async function prepare(clone: Clone, publication: Publication): Promise<Prepared> {
  const { objects, head, files, branch, newCommit } = publication;
  const { disk, temporary, repository, journal } = clone;
  const ref = join(temporary, 'ref');
  const found = await checkWorkFiles({ ...clone, index: clone.index.read() }, files);
  const prepared = files.map((file, number) => preparedFile(clone, file, number));
  const filling = prepared.map((file, number) => ({ file, work: found[number] }));
  const entry = { branch, oldCommit: head ?? '', newCommit, files: files.map(journalFile) };
  const folders = { commonDir: repository.commonDir, temporary };
  // Two trips of the disk: the content of all, then the names of all.
  await all([
    objects.prepare(disk, folders),
    journal.write(entry),
    createAnew(disk, ref, { bytes: Buffer.from(`${newCommit}\n`) }),
    allInTurns(filling, ({ file, work }) => fill(disk, file, work)),
    publication.alongside?.() ?? Promise.resolve(),
  ]);
  await objects.place(disk, folders);
  return { files: prepared, ref };
}

type PreparedPath = ChangedPath & Placing;

function preparedFile({ temporary }: Clone, file: ChangedPath, number: number): PreparedPath {
  const isWaiting = file.after !== null && entryKind(file.after) !== 'submodule';
  return { ...file, prepared: isWaiting ? join(temporary, `file-${number}`) : undefined };
}

async function fill(
  disk: Disk,
  { prepared, before, after }: PreparedPath,
  work: WorkFile | undefined,
): Promise<void> {
  if (prepared === undefined || after === null || work === undefined) return;
  const bytes = typeof after.bytes === 'function' ? await after.bytes() : after.bytes;
  await prepareWorkFile(disk, prepared, { before, after, bytes: workBytes(bytes, work), work });
}

async function commitLocked(clone: Clone, publication: Publication, prepared: Prepared): Promise<Published> {
  const { disk } = clone;
  if (!(await isAtHead(clone, publication))) return moved(clone);
  await publication.lastly?.();
  const index = clone.index.read();
  await checkWorkFiles({ ...clone, index }, publication.files);
  // That took turns, in which somebody may have begun a bisect or named another branch: neither takes a lock of ours.
  if (!(await isAtHead(clone, publication))) return moved(clone);
  const path = refPath(clone, publication.branch);
  // Its folder is there: it holds the lock.
  disk.rename(prepared.ref, path);
  clone.replaced.note(publication.files);
  // It takes its time, so the work tree follows meanwhile.
  const flushing = attempt(() => syncRef(clone, publication.branch));
  const followed = await attempt(async () => {
    writeReflogs(clone, publication);
    await followCommit(clone, index, prepared.files);
  });
  const unflushed = await flushing;
  if (unflushed !== undefined)
    return { kind: 'unconfirmed', failure: notFlushed(publication.newCommit, unflushed) };
  return { kind: 'committed', settled: settle(clone, prepared.files, followed) };
}

/** Throws `Failure` where that branch cannot be written to now. */
async function isAtHead(
  { repository }: Clone,
  { branch, head, servedBranch }: Publication,
): Promise<boolean> {
  const found = await checkedOut(repository, servedBranch);
  return found.branch === branch && found.oid === head;
}

function moved({ journal }: Clone): Published {
  journal.clear();
  return { kind: 'moved' };
}

/** Not waited for by the write: the commit is durable, and the journal is there until all the rest is too. */
async function settle(clone: Clone, files: readonly Placing[], followed: Error | undefined): Promise<void> {
  if (followed !== undefined) throw followed;
  await syncFollowed(clone, files);
  clone.journal.clear();
}

/** Git logs what refs were; where somebody has switched that off, there is no log to add to. */
function writeReflogs(clone: Clone, { branch, reflog }: Publication): void {
  const { disk, repository } = clone;
  const head = join(repository.gitDir, 'logs', 'HEAD');
  if (disk.stat(head) === undefined) return;
  const log = join(repository.commonDir, 'logs', 'refs', 'heads', branch);
  for (const path of [log, head]) appendInto(disk, path, reflog);
}

function journalFile({ path, before, after }: ChangedPath): JournalFile {
  return { path, before: treeFile(before), after: treeFile(after) };
}

function treeFile(file: TreeFile | null): TreeFile | null {
  return file === null ? null : { oid: file.oid, mode: file.mode };
}

/** What comes after the commit can fail, but not undo it. */
async function attempt(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
