import type { Commit } from './commit.js';
import type { HistoryIndex } from './history-index.js';
import { pause } from './slices.js';

/** A commit that is none of the first parents. */
export type SideCommit = Commit;

/** The commits that are reached from some, up to those of the chain. */
export interface Reach {
  /** By id, newest first. */
  readonly commits: ReadonlyMap<string, SideCommit>;
  /** The lowest and the highest place of the chain that they stand on; -1 where they stand on none of it. */
  readonly lowest: number;
  readonly highest: number;
  /** True where there are more. */
  readonly isCut: boolean;
}

/** A merge of a branch that lived beside the other for years brings more; the newest of them are told. */
const MOST_COMMITS = 500;

/**
 * Walks from the sides of a merge back to the chain of first parents below it, the newest commit first, as git does.
 * Where a commit cannot be read, it ends.
 */
export async function walkSide(
  read: (oid: string) => Promise<SideCommit | undefined>,
  index: HistoryIndex,
  { starts, before }: { readonly starts: readonly string[]; readonly before: number },
): Promise<Reach> {
  const waiting = new Waiting();
  const places: number[] = [];
  const commits = new Map<string, SideCommit>();
  const add = async (oids: readonly string[]) => {
    for (const oid of oids) {
      const place = index.placeOf(oid);
      if (place !== undefined && place < before) places.push(place);
      else if (waiting.isNew(oid)) waiting.add(await read(oid));
    }
  };
  await add(starts);
  for (let next = waiting.take(); next !== undefined; next = waiting.take()) {
    if (commits.size === MOST_COMMITS) return { commits, ...endsOf(places), isCut: true };
    commits.set(next.oid, next);
    if (!index.ends.has(next.oid)) await add(next.parents);
    await pause();
  }
  return { commits, ...endsOf(places), isCut: false };
}

function endsOf(places: readonly number[]): Pick<Reach, 'lowest' | 'highest'> {
  if (places.length === 0) return { lowest: -1, highest: -1 };
  return { lowest: Math.min(...places), highest: Math.max(...places) };
}

/** Commits that are still to be gone through; each is taken once. There are never many. */
class Waiting {
  readonly #seen = new Set<string>();
  readonly #commits: SideCommit[] = [];

  isNew(oid: string): boolean {
    const isNew = !this.#seen.has(oid);
    this.#seen.add(oid);
    return isNew;
  }

  /** Of one time, that which came first is taken first: a child before its parent. */
  add(commit: SideCommit | undefined): void {
    if (commit === undefined) return;
    const { seconds } = commit.committer;
    const place = this.#commits.findIndex(({ committer }) => committer.seconds < seconds);
    this.#commits.splice(place < 0 ? this.#commits.length : place, 0, commit);
  }

  take(): SideCommit | undefined {
    return this.#commits.shift();
  }
}
