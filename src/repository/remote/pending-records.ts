import type { GitRepository } from '../git.js';
import { commitsSince } from './ancestry.js';
import type { LocalCommits } from './local-commits.js';
import type { PendingRecord } from './pending-file.js';
import type { PendingStore } from './pending-store.js';

/** What is to become of what is pending. */
export interface SortedRecords {
  /** What the remote does not have, the oldest first: to be made again where its base is another one. */
  readonly again: readonly PendingRecord[];
  /** Ids of what is over: the remote has it, or it was lost before a crash. */
  readonly gone: readonly string[];
}

/** Where it is looked for. */
export interface RecordsPlace {
  readonly repository: GitRepository;
  readonly pending: PendingStore;
  readonly tip: string;
  /** What the branch stood on before, the oldest first. */
  readonly integrated: ReadonlySet<string>;
}

/** Tells what is still to be done from what is over. A change may have been several commits, of which each may have arrived. */
export async function sortRecords(
  { repository, pending, tip, integrated }: RecordsPlace,
  { commits }: LocalCommits,
): Promise<SortedRecords> {
  const local = new Set(commits.map(({ oid }) => oid));
  pending.settleNew((commit) => local.has(commit));
  const isElsewhere = (oid: string): boolean => !local.has(oid);
  const records = pending.records;
  const isAsked = records.some((record) => record.commits.some(isElsewhere));
  const [oldest] = integrated;
  const known = oldest === undefined || oldest === tip ? [] : [oldest];
  const arrived = isAsked ? await commitsSince(repository, { tip, known }) : NONE;
  const isOver = ({ id, commits: made }: PendingRecord): boolean =>
    made.some((oid) => arrived.has(oid)) || (made.every(isElsewhere) && pending.isLost(id));
  return {
    again: records.filter((record) => !isOver(record)),
    gone: records.filter(isOver).map(({ id }) => id),
  };
}

const NONE: ReadonlySet<string> = new Set();
