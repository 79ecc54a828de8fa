import { Failure } from '../../model/failure.js';
import type { CommitChain } from '../commit-chain.js';
import type { Identity } from '../identity.js';
import type { BaseSource } from '../write-base.js';
import { type Outcome, planGroup } from '../write-group.js';
import type { ExpectedBlobs, WriteRequest } from '../write-request.js';
import { type LostRecord, type PendingRecord, pendingChange } from './pending-file.js';

/** What pending changes are made again with. */
export interface ReplayPlace {
  readonly source: BaseSource;
  readonly committer: Identity;
}

/** Pending changes on another base. */
export interface Replayed {
  readonly chain: CommitChain;
  /** By id, the commit that has the change now: its own, or one that left nothing to change. */
  readonly commits: ReadonlyMap<string, string>;
  /** Those that are in no commit of the chain: there was nothing left to change. */
  readonly settled: readonly string[];
  readonly lost: readonly LostRecord[];
}

/**
 * Makes the changes again on top of what the chain has, one after the other. What `If-Match` asked of files was so when
 * they were acknowledged, and is not asked again; what somebody saw before they agreed is. Author and author's date stay.
 * One that cannot be made any more is lost, and the others go on. Throws where the machine, and not the change, is in the way, and where the signal breaks it off: then
 * nothing is decided.
 */
export async function replay(
  place: ReplayPlace,
  chain: CommitChain,
  { records, signal }: { readonly records: readonly PendingRecord[]; readonly signal: AbortSignal },
): Promise<Replayed> {
  const { source, committer } = place;
  const group = records.map(({ request, seconds }) => ({
    request: { ...request, preconditions: [], expects: undefined },
    seconds,
    expects: expectedAgain(request),
  }));
  const outcomes = await planGroup(group, {
    chain,
    source,
    committer,
    open: async () => true,
    // They are looked at when the branch moves: what is there now is of another base.
    check: async () => undefined,
    isInterrupted: () => signal.aborted,
  });
  if (outcomes?.length !== records.length) throw brokenOff();
  return sorted(chain, records, { outcomes, now: source.now() });
}

/** A kill says the same of whatever its file has become, and nobody is to be served because of that. */
function expectedAgain({ changes, expects }: WriteRequest): ExpectedBlobs | undefined {
  return changes.every(({ kind }) => kind === 'flag.kill') ? undefined : expects;
}

function sorted(
  chain: CommitChain,
  records: readonly PendingRecord[],
  { outcomes, now }: { readonly outcomes: readonly Outcome[]; readonly now: number },
): Replayed {
  const commits = new Map<string, string>();
  const settled: string[] = [];
  const lost: LostRecord[] = [];
  for (const [at, record] of records.entries()) {
    const outcome = outcomes[at];
    if (outcome?.kind === 'done') {
      commits.set(record.id, outcome.result.commit);
      if (!outcome.result.changed) settled.push(record.id);
    } else {
      lost.push(lostRecord(record, outcome?.reason, now));
    }
  }
  return { chain, commits, settled, lost };
}

function brokenOff(): Failure {
  const sentence = 'making again what is pending was broken off for something more urgent';
  return new Failure('busy', 'BRANCH_MOVING', sentence, { data: { retryAfterSeconds: 1 } });
}

/** One that was taken off on purpose. A crash in the middle leaves it among those that are lost. */
export function withdrawn(record: PendingRecord, lostAt: number): LostRecord {
  const why = { code: 'CHANGE_WITHDRAWN', message: 'it was taken off, because the remote refused it' };
  return { ...pendingChange(record), number: record.number, lostAt, ...why };
}

/** Kinds of failures that say something about the machine or the moment, and nothing about the change. */
const PASSING = ['busy', 'full', 'limited'];

function lostRecord(record: PendingRecord, reason: unknown, lostAt: number): LostRecord {
  if (reason instanceof Failure && PASSING.includes(reason.kind)) throw reason;
  const told = reason instanceof Failure ? reason : undefined;
  return {
    ...pendingChange(record),
    number: record.number,
    lostAt,
    code: told?.code ?? 'BUG',
    message: told?.message ?? 'it could not be made again, which is a mistake of this program',
  };
}
