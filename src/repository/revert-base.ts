import type { Change, CommitRevert, RevertedFile } from '../changes/change.js';
import { readBoundary } from './history-walk.js';
import { pause } from './slices.js';
import { fileInTree } from './tree-edit.js';
import type { WriteBase } from './write-base.js';

/** What is looked at of the base of a write. */
type CommitBase = Pick<WriteBase, 'repository' | 'commit'>;

/** So many commits may have come meanwhile; after more, everything counts as changed. */
const MOST_COMMITS = 1_000;

/**
 * The changes as they are on top of this base. Between the reading of a history and the write, a file may have been
 * changed and changed back, which its text does not tell: then it counts as changed since.
 */
export async function changesAt(base: CommitBase, changes: readonly Change[]): Promise<readonly Change[]> {
  const known: Change[] = [];
  for (const change of changes)
    known.push(change.kind === 'commit.revert' ? await revertAt(base, change) : change);
  return known;
}

async function revertAt(base: CommitBase, change: CommitRevert): Promise<CommitRevert> {
  const changed = await changedPaths(base, change);
  const noted = (file: RevertedFile): RevertedFile =>
    changed.has(file.path) ? { ...file, changedSince: true } : file;
  return { ...change, files: change.files.map(noted) };
}

/** The paths that any commit after the head of the history changed; all of them where that head is none of the chain. */
async function changedPaths(
  { repository, commit }: CommitBase,
  { head, files }: CommitRevert,
): Promise<ReadonlySet<string>> {
  const paths = files.map(({ path }) => path);
  const ends = readBoundary(repository).split('\n');
  const changed = new Set<string>();
  let next = await repository.readCommit(commit);
  for (let count = 0; next.oid !== head; count += 1) {
    const [parent] = ends.includes(next.oid) || count === MOST_COMMITS ? [] : next.parents;
    if (parent === undefined) return new Set(paths);
    const older = await repository.readCommit(parent);
    for (const path of paths) {
      const [was, is] = [
        await fileInTree(repository, older.tree, path),
        await fileInTree(repository, next.tree, path),
      ];
      if (was?.oid !== is?.oid) changed.add(path);
    }
    next = older;
    await pause();
  }
  return changed;
}
