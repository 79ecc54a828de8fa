import type { Commit } from '../commit.js';
import { readCommitIfThere } from '../commit-if-there.js';
import type { GitRepository } from '../git.js';
import { pause } from '../slices.js';

/** From which of the two a commit was reached. */
const FROM_ONE = 1;
const FROM_OTHER = 2;
const FROM_BOTH = FROM_ONE | FROM_OTHER;

/**
 * True where the one commit is the other, or is reached from it by parents. Both are followed back, the newest first, until
 * all that is left was reached from both: what is far below the place where they part is not read. A commit that is not in
 * the clone, as at the end of a shallow one, has no parents.
 */
export async function isAncestor(
  repository: GitRepository,
  { one, of: other }: { readonly one: string; readonly of: string },
): Promise<boolean> {
  if (one === other) return true;
  const walk = new Walk(repository);
  await walk.reach(one, FROM_ONE);
  await walk.reach(other, FROM_OTHER);
  for (let next = walk.next(); next !== undefined; next = walk.next()) {
    if (walk.sidesOf(one) === FROM_BOTH) return true;
    for (const parent of next.parents) await walk.reach(parent, walk.sidesOf(next.oid));
    await pause();
  }
  return walk.sidesOf(one) === FROM_BOTH;
}

/** The newest commit that both are or come from; undefined where the clone has none. */
export async function forkPoint(
  repository: GitRepository,
  { one, other }: { readonly one: string; readonly other: string },
): Promise<string | undefined> {
  if (one === other) return one;
  const walk = new Walk(repository);
  await walk.reach(one, FROM_ONE);
  await walk.reach(other, FROM_OTHER);
  for (let next = walk.next(); next !== undefined; next = walk.next()) {
    if (walk.sidesOf(next.oid) === FROM_BOTH) return next.oid;
    for (const parent of next.parents) await walk.reach(parent, walk.sidesOf(next.oid));
    await pause();
  }
  return walk.newestShared();
}

/** The commits that the tip has and none of the known ones has. */
export async function commitsSince(
  repository: GitRepository,
  { tip, known }: { readonly tip: string; readonly known: Iterable<string> },
): Promise<ReadonlySet<string>> {
  const walk = new Walk(repository);
  for (const oid of known) await walk.reach(oid, FROM_ONE);
  await walk.reach(tip, FROM_OTHER);
  for (let next = walk.next(); next !== undefined; next = walk.next()) {
    for (const parent of next.parents) await walk.reach(parent, walk.sidesOf(next.oid));
    await pause();
  }
  return new Set(walk.reachedFrom(FROM_OTHER));
}

/** The commits that were reached, and from where. */
class Walk {
  readonly #repository: GitRepository;
  readonly #sides = new Map<string, number>();
  /** What is to be followed, the newest last. */
  readonly #open: Commit[] = [];
  /** How many of those were not reached from both. */
  #decisive = 0;

  constructor(repository: GitRepository) {
    this.#repository = repository;
  }

  sidesOf(oid: string): number {
    return this.#sides.get(oid) ?? 0;
  }

  /** Those that were reached from there alone. */
  *reachedFrom(side: number): Generator<string, void> {
    for (const [oid, sides] of this.#sides) if (sides === side) yield oid;
  }

  /** Of those that are still to be followed, the newest that was reached from both. */
  newestShared(): string | undefined {
    return this.#open.findLast(({ oid }) => this.sidesOf(oid) === FROM_BOTH)?.oid;
  }

  /** Undefined where nothing new can come. */
  next(): Commit | undefined {
    if (this.#decisive === 0) return undefined;
    const commit = this.#open.pop();
    if (commit !== undefined && this.sidesOf(commit.oid) !== FROM_BOTH) this.#decisive -= 1;
    return commit;
  }

  async reach(oid: string, from: number): Promise<void> {
    const known = this.sidesOf(oid);
    const sides = known | from;
    if (sides === known) return;
    this.#sides.set(oid, sides);
    const place = this.#open.findIndex((commit) => commit.oid === oid);
    if (place >= 0) {
      if (sides === FROM_BOTH) this.#decisive -= 1;
      return;
    }
    const commit = await readCommitIfThere(this.#repository, oid);
    if (commit === undefined) return;
    if (sides !== FROM_BOTH) this.#decisive += 1;
    this.#open.splice(this.#placeOf(commit), 0, commit);
  }

  #placeOf({ committer: { seconds } }: Commit): number {
    let [low, high] = [0, this.#open.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#open[middle]?.committer.seconds ?? 0) <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
