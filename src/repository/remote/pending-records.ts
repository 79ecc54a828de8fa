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
  /** What the remote has. */
  readonly tip: string;
}

/** Tells what is still to be done from what is over. A change may have been several commits, of which each may have arrived. */
export async function sortRecords(
  { repository, pending, tip }: RecordsPlace,
  { commits }: LocalCommits,
): Promise<SortedRecords> {
  const local = new Set(commits.map(({ oid }) => oid));
  pending.settleNew((commit) => local.has(commit));
  const isElsewhere = (oid: string): boolean => !local.has(oid);
  const asked = [...pending.records, ...pending.held].filter((record) => record.commits.some(isElsewhere));
  const arrived = await arrivedRecords(repository, asked, tip);
  const isOver = ({ id, commits: made }: PendingRecord): boolean =>
    arrived.has(id) || (made.every(isElsewhere) && pending.isLost(id));
  const gone = [...arrived, ...pending.records.filter(isOver).map(({ id }) => id)];
  return { again: pending.records.filter((record) => !isOver(record)), gone: [...new Set(gone)] };
}

/**
 * Ids of those of which one commit has arrived at the remote. What the remote was known to have when the oldest was made
 * has none of them, so only what came after that is read.
 */
export async function arrivedRecords(
  repository: GitRepository,
  records: readonly PendingRecord[],
  tip: string,
): Promise<ReadonlySet<string>> {
  const [first] = records;
  if (first === undefined) return new Set();
  const oldest = records.reduce((one, other) => (other.number < one.number ? other : one), first);
  const known = oldest.tip === undefined ? [] : [oldest.tip];
  const since = await commitsSince(repository, { tip, known });
  const arrived = records.filter(({ commits }) => commits.some((oid) => since.has(oid)));
  return new Set(arrived.map(({ id }) => id));
}
