import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import type { Clone } from './clone.js';
import { indexPath, refPath, syncRef } from './clone.js';
import { checkWritable, writableHead } from './clone-state.js';
import { type NewCommit, reflogLine } from './commit-object.js';
import { appendInto, createAnew, type Disk } from './disk.js';
import { notFlushed } from './disk-failure.js';
import type { LockWait } from './git-lock.js';
import type { JournalFile } from './journal.js';
import type { ObjectBatch } from './object-batch.js';
import { all, allInTurns } from './slices.js';
import type { TreeFile } from './tree-edit.js';
import { checkWorkFiles, type PlannedFile, type WorkFile, workBytes } from './work-files.js';
import { followCommit, type PreparedFile, syncFollowed } from './work-tree-step.js';

/** Commits that are ready, in memory. */
export interface Publication {
  readonly branch: string;
  /** The branch that is served, where one is named. */
  readonly servedBranch: string | undefined;
  /** What the branch must be at. */
  readonly head: string;
  /** At least one, each on top of the one before it. */
  readonly commits: readonly (NewCommit & { readonly oid: string })[];
  readonly objects: ObjectBatch;
  /** What all of them together do to the work tree. */
  readonly files: readonly PlannedFile[];
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
 * Makes the last commit the branch's head, in one step: after a crash all of them are there or none. All that can be
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
  readonly files: readonly PreparedFile[];
  readonly ref: string;
}

async function prepare(clone: Clone, publication: Publication): Promise<Prepared> {
  const { objects, head, files, branch } = publication;
  const newCommit = lastCommit(publication);
  const { disk, temporary, repository, journal } = clone;
  const ref = join(temporary, 'ref');
  const found = await checkWorkFiles({ ...clone, index: clone.index.read() }, files);
  const prepared = files.map((file, number) => preparedFile(clone, file, number));
  const filled = prepared.flatMap((file, number) => filledFile(file, found[number]));
  const entry = { branch, oldCommit: head, newCommit, files: files.map(journalFile) };
  const folders = { commonDir: repository.commonDir, temporary };
  // Two trips of the disk: the content of all, then the names of all.
  await all([
    objects.prepare(disk, folders),
    journal.write(entry),
    createAnew(disk, ref, { bytes: Buffer.from(`${newCommit}\n`) }),
    allInTurns(filled, (file) => fill(disk, file)),
  ]);
  await objects.place(disk, folders);
  return { files: prepared, ref };
}

function preparedFile({ temporary }: Clone, file: PlannedFile, number: number): PreparedFile {
  return { ...file, prepared: file.after === null ? undefined : join(temporary, `file-${number}`) };
}

interface FilledFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly mode: number | undefined;
}

/** None where the file is to go. */
function filledFile({ prepared, after }: PreparedFile, work: WorkFile | undefined): readonly FilledFile[] {
  if (prepared === undefined || after === null || work === undefined) return [];
  return [{ path: prepared, bytes: workBytes(after.bytes, work), mode: work.mode }];
}

async function fill(disk: Disk, { path, bytes, mode }: FilledFile): Promise<void> {
  await createAnew(disk, path, { bytes });
  if (mode !== undefined) disk.setMode(path, mode);
}

async function commitLocked(clone: Clone, publication: Publication, prepared: Prepared): Promise<Published> {
  const { disk } = clone;
  if (!(await isAtHead(clone, publication))) return moved(clone);
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
    return { kind: 'unconfirmed', failure: notFlushed(lastCommit(publication), unflushed) };
  return { kind: 'committed', settled: settle(clone, prepared.files, followed) };
}

/** Throws `Failure` where that branch cannot be written to now. */
async function isAtHead(
  { repository }: Clone,
  { branch, head, servedBranch }: Publication,
): Promise<boolean> {
  const found = await writableHead(repository, servedBranch);
  return found.branch === branch && found.oid === head;
}

function moved({ journal }: Clone): Published {
  journal.clear();
  return { kind: 'moved' };
}

function lastCommit({ commits, head }: Publication): string {
  return commits.at(-1)?.oid ?? head;
}

/** Not waited for by the write: the commit is durable, and the journal is there until all the rest is too. */
async function settle(
  clone: Clone,
  files: readonly PreparedFile[],
  followed: Error | undefined,
): Promise<void> {
  if (followed !== undefined) throw followed;
  await syncFollowed(clone, files);
  clone.journal.clear();
}

/** Git logs what refs were; where somebody has switched that off, there is no log to add to. */
function writeReflogs(clone: Clone, { branch, commits }: Publication): void {
  const { disk, repository } = clone;
  const head = join(repository.gitDir, 'logs', 'HEAD');
  if (disk.stat(head) === undefined) return;
  const log = join(repository.commonDir, 'logs', 'refs', 'heads', branch);
  for (const path of [log, head]) appendInto(disk, path, commits.map(reflogLine).join(''));
}

function journalFile({ path, before, after }: PlannedFile): JournalFile {
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
