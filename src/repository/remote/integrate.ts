import { Failure } from '../../model/failure.js';
import { checkedOut } from '../clone-state.js';
import { CommitChain } from '../commit-chain.js';
import type { GitRepository } from '../git.js';
import type { LockWait } from '../git-lock.js';
import { SERVICE } from '../identity.js';
import { ObjectBatch } from '../object-batch.js';
import type { BranchMove, WritePublisher } from '../write-publisher.js';
import type { Integrated } from '../write-request.js';
import { isAncestor } from './ancestry.js';
import { diverged, unrelated } from './divergence.js';
import { changedPaths } from './integrate-files.js';
import type { IntegratedTips } from './integrated-tips.js';
import { type LocalCommits, localCommits } from './local-commits.js';
import { withdrawn } from './lost-record.js';
import type { LostRecord, PendingRecord } from './pending-file.js';
import { type SortedRecords, sortRecords } from './pending-records.js';
import type { PendingStore } from './pending-store.js';
import { type Replayed, type ReplayPlace, replay } from './replay.js';

/** What the remote's commits are integrated with. */
export interface IntegrationPlace extends ReplayPlace {
  readonly repository: GitRepository;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch: string | undefined;
  readonly publisher: WritePublisher;
  readonly pending: PendingStore;
  readonly tips: IntegratedTips;
}

/** How long it may take. */
export interface Following {
  /** Breaks off what is being made again: then nothing is decided. */
  readonly signal: AbortSignal;
  readonly wait: LockWait;
}

/** What else is to be done with it. */
interface Integrating extends Following {
  /** The pending change that is given up: the others are made again without it. */
  readonly without?: PendingRecord | undefined;
}

/** So often the branch may move meanwhile: each time somebody else got a commit in. */
const ATTEMPTS = 20;

/**
 * Makes the branch stand on the remote's commit, in one step that a crash leaves done or not: forward, or with the pending
 * changes made again on top. Throws `Failure` for what is in the way; then the branch is as it was.
 */
export async function integrate(place: IntegrationPlace, tip: string, its: Integrating): Promise<Integrated> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const move = await planMove(place, tip, its);
    if (await make(place, move, its.wait)) return move.integrated;
  }
  throw new Failure('busy', 'BRANCH_MOVING', 'the branch in the clone moved again and again', {
    data: { retryAfterSeconds: 1 },
  });
}

/** What is to become of the branch and of what is pending. */
interface Move {
  readonly tip: string;
  /** What the branch has that the remote has not. */
  readonly here: ReadonlySet<string>;
  readonly integrated: Integrated;
  /** Undefined where the branch stays where it is. */
  readonly move: BranchMove | undefined;
  readonly replayed: Replayed | undefined;
  readonly lost: readonly LostRecord[];
  /** What is pending no more, once that is done. */
  readonly dropped: readonly string[];
}

async function planMove(place: IntegrationPlace, tip: string, its: Integrating): Promise<Move> {
  const { signal, wait, without } = its;
  const { repository, branch, publisher, pending, tips } = place;
  await publisher.open(wait);
  const { oid: head } = await checkedOut(repository, branch);
  const rewritten = await rewriting(repository, tips.current, tip);
  if (head === undefined) {
    const records = { again: pending.records, gone: [] };
    const local = NOTHING_LOCAL;
    return moveOnto(place, { head, tip, rewritten, local, records, isOnTip: false, signal, without });
  }
  const local = await localCommits(repository, { head, tip, integrated: tips.all });
  const records = await sortRecords({ repository, pending, tip }, local);
  // People may have merged what the remote has: then too all of it is below, and what is on top can be pushed.
  const isMerged = rewritten === undefined && (await isAncestor(repository, { one: tip, of: head }));
  const isOnTip = without === undefined && (local.base === tip || isMerged);
  return moveOnto(place, { head, tip, rewritten, local, records, isOnTip, signal, without });
}

const NOTHING_LOCAL: LocalCommits = { commits: [], base: undefined };

interface Situation {
  readonly head: string | undefined;
  readonly tip: string;
  readonly rewritten: Integrated['rewritten'];
  readonly local: LocalCommits;
  readonly records: SortedRecords;
  /** True where the branch has all that the remote has. */
  readonly isOnTip: boolean;
  readonly signal: AbortSignal;
  readonly without: PendingRecord | undefined;
}

async function moveOnto(place: IntegrationPlace, situation: Situation): Promise<Move> {
  const { head, tip, rewritten, local, records, signal, without } = situation;
  const isOnTip = head !== undefined && situation.isOnTip;
  const here = new Set(local.commits.map(({ oid }) => oid));
  const astray = records.again.filter(({ commits }) => !commits.some((oid) => here.has(oid)));
  // What stands on the remote's commit already stays; only what has got lost on the way comes on top of it.
  const again = (isOnTip ? astray : records.again).filter(({ id }) => id !== without?.id);
  const base = isOnTip ? head : tip;
  const kept = isOnTip ? local.commits.length : 0;
  if (head !== undefined && !isOnTip) refuseForeign(place.pending, local);
  const replayed = again.length === 0 ? undefined : await replayOn(place, base, { records: again, signal });
  const target = replayed?.chain.tip.commit ?? base;
  const made = replayed?.chain.commits.length ?? 0;
  const givenUp = without === undefined ? [] : [withdrawn(without, place.source.now())];
  const lost = [...(replayed?.lost ?? []), ...givenUp];
  return {
    tip,
    here,
    integrated: { head: target, ahead: kept + made, rewritten },
    move: target === head ? undefined : await branchMove(place, { head, target, replayed }),
    ...{ replayed, lost },
    dropped: [...records.gone, ...(replayed?.settled ?? []), ...lost.map(({ id }) => id)],
  };
}

async function replayOn(
  place: IntegrationPlace,
  base: string,
  again: { readonly records: readonly PendingRecord[]; readonly signal: AbortSignal },
): Promise<Replayed> {
  const { tree } = await place.repository.readCommit(base);
  return replay(place, new CommitChain(place.repository, { oid: base, tree }), again);
}

/** Both moved, and what was made here is not ours to make again. */
function refuseForeign(pending: PendingStore, { commits, base }: LocalCommits): void {
  if (base === undefined) throw unrelated(commits);
  const ours = new Set(pending.records.flatMap((record) => record.commits));
  const foreign = commits.filter(({ oid }) => !ours.has(oid));
  if (foreign.length > 0) throw diverged(foreign);
}

async function branchMove(
  { repository, source }: IntegrationPlace,
  to: { readonly head: string | undefined; readonly target: string; readonly replayed: Replayed | undefined },
): Promise<BranchMove> {
  const { head, target, replayed } = to;
  const staged = replayed?.chain.repository ?? repository;
  const before = head === undefined ? undefined : (await repository.readCommit(head)).tree;
  const after = (await staged.readCommit(target)).tree;
  const { name, email } = SERVICE;
  const who = `${name} <${email}> ${Math.floor(source.now() / 1_000)} +0000`;
  return {
    head,
    newCommit: target,
    objects: replayed?.chain.objects ?? new ObjectBatch(),
    files: await changedPaths(staged, { before, after }),
    reflog: `${head ?? '0'.repeat(40)} ${target} ${who}\tflagstaff: follow the remote\n`,
  };
}

/** What of the remote's own history is no part of it any more. */
async function rewriting(
  repository: GitRepository,
  from: string | undefined,
  to: string,
): Promise<Integrated['rewritten']> {
  if (from === undefined || (await isAncestor(repository, { one: from, of: to }))) return undefined;
  return { from, to };
}

/** False where the branch has moved meanwhile. */
async function make(place: IntegrationPlace, made: Move, wait: LockWait): Promise<boolean> {
  const { pending, tips } = place;
  const note = async (): Promise<void> => {
    await tips.prepare(made.tip);
    // First: of what is made again in part, the record does not tell the rest any more.
    await pending.lose(made.lost);
    await pending.moveTo(made.replayed?.remade ?? new Map(), (oid) => made.here.has(oid));
  };
  if (made.move === undefined) await note();
  else if (!(await publishMove(place, { ...made.move, lastly: note }, wait))) return false;
  tips.settle(made.tip, made.integrated.head);
  await pending.drop(made.dropped);
  // What an attempt before this one gave up, and this one did not.
  for (const id of made.replayed?.remade.keys() ?? []) await pending.forget(id);
  return true;
}

/** A watcher that sees the branch move meanwhile is to wait: it would serve what is not flushed. */
async function publishMove(
  { publisher, source: { cache } }: IntegrationPlace,
  move: BranchMove,
  wait: LockWait,
): Promise<boolean> {
  cache.expect(move.newCommit);
  try {
    const opened = await publisher.openAt(move.head, wait);
    const published = opened && (await publisher.publish(move, opened, wait));
    if (published?.kind === 'unconfirmed') throw published.failure;
    return published !== undefined;
  } finally {
    cache.expect(undefined);
  }
}
