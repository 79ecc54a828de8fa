import type { Commit } from '../commit.js';
import { readCommitIfThere } from '../commit-if-there.js';
import type { GitRepository } from '../git.js';
import { pause } from '../slices.js';
import { isAncestor } from './ancestry.js';

/** What a branch has on top of what the remote has. */
export interface LocalCommits {
  /** Oldest first. */
  readonly commits: readonly Commit[];
  /** What they stand on: the remote has it, or had it when it was last integrated. Undefined where it has nothing of it. */
  readonly base: string | undefined;
}

/** What is looked at. */
export interface LocalPlace {
  /** The branch's head. */
  readonly head: string;
  /** What the remote has; undefined where it has no such branch. */
  readonly tip: string | undefined;
  /** What the branch stood on when it was last integrated: it counts as the remote's, also where history was rewritten. */
  readonly integrated: ReadonlySet<string>;
}

/**
 * Follows first parents from the head down to the first commit that is the remote's. Whatever is below one of the remote's
 * is the remote's too, so few of them are asked for.
 */
export async function localCommits(
  repository: GitRepository,
  { head, tip, integrated }: LocalPlace,
): Promise<LocalCommits> {
  const isRemotes = async (oid: string): Promise<boolean> =>
    tip !== undefined && (await isAncestor(repository, { one: oid, of: tip }));
  const newestFirst: Commit[] = [];
  let [next, ask]: [string | undefined, number] = [head, 0];
  while (next !== undefined && !integrated.has(next)) {
    // After 0, 1, 3, 7 and so on; the exact place is looked for between the last two.
    if (newestFirst.length === ask) {
      if (await isRemotes(next)) return cutAt(newestFirst, next, isRemotes);
      ask = ask * 2 + 1;
    }
    const commit = await readCommitIfThere(repository, next);
    if (commit === undefined) break;
    newestFirst.push(commit);
    next = commit.parents[0];
    await pause();
  }
  if (next !== undefined && integrated.has(next)) return cutAt(newestFirst, next, isRemotes);
  return cutAt(newestFirst, undefined, isRemotes);
}

/** Of the commits above the base, the oldest may be the remote's too. */
async function cutAt(
  newestFirst: readonly Commit[],
  base: string | undefined,
  isRemotes: (oid: string) => Promise<boolean>,
): Promise<LocalCommits> {
  let [low, high] = [0, newestFirst.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const commit = newestFirst[middle];
    if (commit !== undefined && (await isRemotes(commit.oid))) high = middle;
    else low = middle + 1;
  }
  const first = newestFirst[low]?.oid ?? base;
  return { commits: newestFirst.slice(0, low).toReversed(), base: first };
}
