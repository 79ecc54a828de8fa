import type { Change } from '../../changes/change.js';
import type { CommitChain } from '../commit-chain.js';
import type { Identity } from '../identity.js';
import type { BaseSource } from '../write-base.js';
import { type GroupPlace, type Outcome, planOne } from '../write-group.js';
import type { MadeWrite, WriteRequest } from '../write-request.js';
import { brokenOff, giveWay } from './broken-off.js';
import { killsThatHold } from './kept-kills.js';
import { type Loss, lostRecord, lostRest } from './lost-record.js';
import type { LostRecord, PendingRecord, Remade } from './pending-file.js';

/** What pending changes are made again with. */
export interface ReplayPlace {
  readonly source: BaseSource;
  readonly committer: Identity;
}

/** Pending changes on another base. */
export interface Replayed {
  readonly chain: CommitChain;
  /** By id, what has the change now: a commit of its own, or one that left nothing to change. */
  readonly remade: ReadonlyMap<string, Remade>;
  /** Those that are in no commit of the chain: there was nothing left to change. */
  readonly settled: readonly string[];
  readonly lost: readonly LostRecord[];
}

/**
 * Makes the changes again on top of what the chain has, one after the other. What `If-Match` asked of files was so
 * when they were acknowledged, and is not asked again; what somebody saw before they agreed is. Author and author's
 * date stay. One that cannot be made any more is lost, but for its kills, and the others go on. Throws where the
 * machine, and not the change, is in the way, and where the signal breaks it off: then nothing is decided.
 */
export async function replay(
  { source, committer }: ReplayPlace,
  chain: CommitChain,
  { records, signal }: { readonly records: readonly PendingRecord[]; readonly signal: AbortSignal },
): Promise<Replayed> {
  const place: GroupPlace = {
    chain,
    source,
    committer,
    open: async () => true,
    // They are looked at when the branch moves: what is there now is of another base.
    check: async () => undefined,
    isInterrupted: () => signal.aborted,
  };
  const all: MadeAgain[] = [];
  for (const record of records) {
    if (all.length > 0) giveWay(place);
    all.push(await makeAgain(record, place));
  }
  return {
    chain,
    remade: new Map(all.flatMap(({ id, remade }) => (remade === undefined ? [] : [[id, remade]]))),
    settled: all.flatMap(({ id, isSettled }) => (isSettled ? [id] : [])),
    lost: all.flatMap(({ lost }) => lost ?? []),
  };
}

/** What became of a pending change, or of its parts. */
interface MadeAgain {
  readonly id: string;
  readonly remade?: Remade;
  readonly isSettled?: boolean;
  readonly lost?: LostRecord;
}

async function makeAgain(record: PendingRecord, place: GroupPlace): Promise<MadeAgain> {
  const { id, request } = record;
  const whole = await plan(record, request, place);
  if (whole.kind === 'done') return { id, ...madeAs(whole.result) };
  const loss = { reason: whole.reason, lostAt: place.source.now() };
  const lost = lostRecord(record, loss);
  const kills = await killsThatHold(request, place);
  return kills.length === 0 ? { id, lost } : makeKills(record, kills, { place, loss });
}

/** A kill says the same whatever its file has become, and nobody is to be served because the rest cannot be made. */
async function makeKills(
  record: PendingRecord,
  kills: readonly Change[],
  { place, loss }: { readonly place: GroupPlace; readonly loss: Loss },
): Promise<MadeAgain> {
  const { id } = record;
  const request = { ...record.request, changes: kills, expects: undefined };
  const outcome = await plan(record, request, place);
  if (outcome.kind === 'refused') return { id, lost: lostRecord(record, { ...loss, ...outcome }) };
  const commit = place.chain.commits.find(({ oid }) => oid === outcome.result.commit);
  const part = { request, subject: commit?.message.split('\n')[0] ?? record.subject };
  const made = { id, ...madeAs(outcome.result, part) };
  const rest = record.request.changes.filter((change) => !kills.includes(change));
  return rest.length === 0 ? made : { ...made, lost: lostRest(record, rest, loss) };
}

function madeAs({ commit, changed }: MadeWrite, part?: Remade['part']): Omit<MadeAgain, 'id'> {
  return { remade: { commit, part }, isSettled: !changed };
}

async function plan({ seconds }: PendingRecord, request: WriteRequest, place: GroupPlace): Promise<Outcome> {
  const again = { ...request, preconditions: [], expects: undefined };
  const outcome = await planOne({ request: again, seconds, expects: request.expects }, place);
  if (outcome === undefined) throw brokenOff();
  return outcome;
}
