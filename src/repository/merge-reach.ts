import type { Commit } from './commit.js';
import type { HistoryIndex } from './history-index.js';
import { pause } from './slices.js';

/** Reads a commit; undefined where history ends, as in a shallow clone. */
export type ReadCommit = (oid: string) => Promise<Commit | undefined>;

/** What came in by a merge. */
export interface Brought {
  /** Newest first. */
  readonly commits: readonly Commit[];
  /** True where there are more. */
  readonly isCut: boolean;
}

/** A merge of a branch that lived beside the other for years brings more; the newest of them are told. */
const MOST_COMMITS = 500;
/** So many are walked over, with those of earlier merges: what is older then is not told. */
const MOST_WALKED = 20_000;
/** Clocks differ: a commit may be so much younger than its child. */
const CLOCK_SECONDS = 86_400;

/** What the merge at a place of the chain brought: `git log M^1..M^2`, so nothing that an earlier merge has. */
export function broughtBy(read: ReadCommit, index: HistoryIndex, place: number): Promise<Brought> {
  return new MergeWalk(read, index, place).walk();
}

/**
 * The place of the merge that brought a commit: of the first that reaches it. Undefined where none does. Each commit is
 * walked over once, and none that is older than the wanted one.
 */
export async function bringerOf(
  read: ReadCommit,
  index: HistoryIndex,
  { oid: wanted, committer }: Commit,
): Promise<number | undefined> {
  const oldest = committer.seconds - CLOCK_SECONDS;
  const seen = new Set<string>();
  for (const place of index.merges.filter((each) => secondsAt(index, each) >= oldest)) {
    const waiting = [...(index.chain[place]?.mergedParents ?? [])];
    for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
      if (oid === wanted) return place;
      if (index.has(oid) || seen.has(oid)) continue;
      seen.add(oid);
      const commit = await read(oid);
      const isYoung = commit !== undefined && commit.committer.seconds >= oldest;
      if (isYoung && !index.ends.has(oid)) waiting.push(...commit.parents);
      await pause();
    }
  }
  return undefined;
}

/**
 * Walks from the sides of a merge and from those of earlier merges at once, the newest commit first, as git does: when it
 * comes to a commit, it knows whether an earlier merge has it. Each walk ends at the chain.
 */
class MergeWalk {
  readonly #read: ReadCommit;
  readonly #index: HistoryIndex;
  readonly #sides: readonly string[];
  /** Below it in the chain, the newest last. */
  readonly #merges: number[];
  readonly #waiting = new Waiting();
  readonly #earlier = new Set<string>();
  readonly #own = new Map<string, Commit>();
  #walked = 0;

  constructor(read: ReadCommit, index: HistoryIndex, place: number) {
    this.#read = read;
    this.#index = index;
    this.#sides = index.chain[place]?.mergedParents ?? [];
    this.#merges = index.merges
      .filter((other) => other < place)
      .sort((one, other) => secondsAt(index, one) - secondsAt(index, other));
  }

  async walk(): Promise<Brought> {
    for (const oid of this.#sides) await this.#meet(oid);
    const isWhole = (await this.#walkOwn()) && (await this.#walkEarlier());
    // Where it ended too soon, an earlier merge may still have those that are not much younger.
    const surelyOwn = isWhole ? Number.NEGATIVE_INFINITY : this.#newest + CLOCK_SECONDS;
    const commits = [...this.#own.values()].filter(({ committer }) => committer.seconds > surelyOwn);
    return { commits: commits.slice(0, MOST_COMMITS), isCut: !isWhole || commits.length > MOST_COMMITS };
  }

  /** Until all are found, or more than are told. False where it ended too soon, as below. */
  async #walkOwn(): Promise<boolean> {
    while (this.#own.size <= MOST_COMMITS && this.#waiting.some((oid) => !this.#earlier.has(oid)))
      if (!(await this.#step())) return false;
    return true;
  }

  /** Until no earlier merge can come to one of those that were found. */
  async #walkEarlier(): Promise<boolean> {
    const oldest = Math.min(...[...this.#own.values()].map(({ committer }) => committer.seconds));
    while (this.#own.size > 0 && this.#newest >= oldest - CLOCK_SECONDS)
      if (!(await this.#step())) return false;
    return true;
  }

  /** The time of what comes next. */
  get #newest(): number {
    const merge = this.#merges.at(-1);
    const seconds = merge === undefined ? Number.NEGATIVE_INFINITY : secondsAt(this.#index, merge);
    return Math.max(seconds, this.#waiting.newest);
  }

  async #step(): Promise<boolean> {
    await this.#addMerges();
    const next = this.#waiting.take();
    if (next === undefined) return true;
    this.#walked += 1;
    if (this.#walked > MOST_WALKED) return false;
    const isEarlier = this.#earlier.has(next.oid);
    if (!isEarlier) this.#own.set(next.oid, next);
    const parents = this.#index.ends.has(next.oid) ? [] : next.parents;
    for (const oid of parents) await (isEarlier ? this.#meetEarlier(oid) : this.#meet(oid));
    await pause();
    return true;
  }

  /** Those that may have brought what comes next. */
  async #addMerges(): Promise<void> {
    for (let place = this.#merges.at(-1); place !== undefined; place = this.#merges.at(-1)) {
      if (secondsAt(this.#index, place) < this.#waiting.newest - CLOCK_SECONDS) return;
      this.#merges.pop();
      for (const oid of this.#index.chain[place]?.mergedParents ?? []) await this.#meetEarlier(oid);
    }
  }

  async #meet(oid: string): Promise<void> {
    if (this.#index.has(oid) || !this.#waiting.isNew(oid)) return;
    this.#waiting.add(await this.#read(oid));
  }

  /** Where clocks went wrong it was taken for an own one, and so were its parents. */
  async #meetEarlier(oid: string): Promise<void> {
    if (this.#earlier.has(oid)) return;
    this.#earlier.add(oid);
    const taken = this.#own.get(oid);
    this.#own.delete(oid);
    for (const parent of taken?.parents ?? []) await this.#meetEarlier(parent);
    await this.#meet(oid);
  }
}

function secondsAt({ chain }: HistoryIndex, place: number): number {
  return chain[place]?.seconds ?? 0;
}

/** Commits that are still to be gone through; each is taken once. There are never many. */
class Waiting {
  readonly #seen = new Set<string>();
  readonly #commits: Commit[] = [];

  /** The time of the one that is taken next. */
  get newest(): number {
    return this.#commits[0]?.committer.seconds ?? Number.NEGATIVE_INFINITY;
  }

  some(isWanted: (oid: string) => boolean): boolean {
    return this.#commits.some(({ oid }) => isWanted(oid));
  }

  isNew(oid: string): boolean {
    const isNew = !this.#seen.has(oid);
    this.#seen.add(oid);
    return isNew;
  }

  /** Of one time, that which came first is taken first: a child before its parent. */
  add(commit: Commit | undefined): void {
    if (commit === undefined) return;
    const { seconds } = commit.committer;
    const place = this.#commits.findIndex(({ committer }) => committer.seconds < seconds);
    this.#commits.splice(place < 0 ? this.#commits.length : place, 0, commit);
  }

  take(): Commit | undefined {
    return this.#commits.shift();
  }
}
