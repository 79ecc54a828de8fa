import { BoundedMap } from '../../repository/bounded-map.js';
import type { CommitHistory, HistoryEntry } from '../../repository/commit-history.js';
import { groupsOf } from './audit-groups.js';

/** A commit, and how many entries it has in a log. */
export interface CountedCommit {
  readonly oid: string;
  readonly entries: number;
  readonly email: string;
  /** As their credential names them, where that is not their address. */
  readonly user: string | undefined;
}

/** So many commits are read together. */
const COMMITS_AT_ONCE = 100;
/** Of so many commits the counts are kept: some 20 MB. */
const MOST_COMMITS = 200_000;

/**
 * How many entries each commit of a log has, newest first. Each commit is told once; from then on only new ones are, for
 * as long as history goes on from what is known.
 */
export class AuditLedgers {
  readonly #history: CommitHistory;
  readonly #known = new BoundedMap<string, readonly CountedCommit[]>(
    MOST_COMMITS,
    ({ length }) => length + 1,
  );

  constructor(history: CommitHistory) {
    this.#history = history;
  }

  /** The commits that touched these files or folders. */
  async of(under: readonly string[]): Promise<readonly CountedCommit[]> {
    const key = under.join(' ');
    const known = this.#known.get(key) ?? [];
    const counted = await this.#count(under, known);
    if (counted !== known) this.#known.set(key, counted);
    return counted;
  }

  async #count(under: readonly string[], known: readonly CountedCommit[]): Promise<readonly CountedCommit[]> {
    const nothing = { mostFiles: 0, mostDifferences: 0, mostMerged: 0 };
    const { total, entries } = await this.#history.page({ under, offset: 0, limit: 1, ...nothing });
    const isCurrent = total === known.length && entries[0]?.commit.oid === known[0]?.oid;
    return isCurrent ? known : this.#countNew(under, known);
  }

  /** A commit that comes meanwhile moves the others on; it is counted the next time. */
  async #countNew(
    under: readonly string[],
    known: readonly CountedCommit[],
  ): Promise<readonly CountedCommit[]> {
    const fresh = new Map<string, CountedCommit>();
    for (let offset = 0; ; offset += COMMITS_AT_ONCE) {
      const page = { under, offset, limit: COMMITS_AT_ONCE, mostMerged: 0 };
      const { total, entries } = await this.#history.page(page);
      for (const entry of entries) {
        const { oid } = entry.commit;
        if (oid === known[0]?.oid && fresh.size + known.length === total)
          return [...fresh.values(), ...known];
        fresh.set(oid, countedCommit(entry));
      }
      if (entries.length < COMMITS_AT_ONCE) return [...fresh.values()];
    }
  }
}

function countedCommit(entry: HistoryEntry): CountedCommit {
  const { oid, author, user } = entry.commit;
  return { oid, entries: groupsOf(entry).length, email: author.email, user };
}
