import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../model/failure.js';
import type { WritableCache } from './adoption.js';
import type { CommitChain } from './commit-chain.js';
import { expectedFailure } from './disk-failure.js';
import type { GitRepository } from './git.js';
import type { LockWait } from './git-lock.js';
import type { Identity } from './identity.js';
import type { Published } from './publish.js';
import type { RemoteBranch } from './remote/remote-branch.js';
import type { KnownPush } from './remote/remote-push.js';
import { startChain } from './start-chain.js';
import { checkWorkFiles } from './work-files.js';
import type { BaseSource } from './write-base.js';
import { catchUp } from './write-catch-up.js';
import { type Outcome, planGroup } from './write-group.js';
import {
  areTried,
  type Made,
  mayHaveArrived,
  outcomesOf,
  refusedAll,
  refusedGroup,
  requestsOf,
} from './write-outcomes.js';
import { moveTo, type WritePublisher } from './write-publisher.js';
import { isUrgent, type Waiting } from './write-queue.js';

/** What groups of writes are written with. */
export interface AttemptsOptions {
  readonly repository: GitRepository;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch: string | undefined;
  readonly cache: WritableCache;
  readonly source: BaseSource;
  readonly committer: Identity;
  readonly publisher: WritePublisher;
  /** Undefined where there is none. */
  readonly remote: RemoteBranch | undefined;
  /** Whether kills wait. */
  readonly hasKills: () => boolean;
}

/** So often the branch may move under a write before it gives up: each time somebody else got a commit in. */
export const ATTEMPTS = 20;
/** How long a kill waits for the remote, in milliseconds, before it is acknowledged without. */
const KILL_MS = 2_000;
/** So often writes that wait for the remote give way to kills. */
const GIVE_WAY = 5;
/** Where others move the remote's branch, two that try again do not meet each time. */
const JITTER_MS = 40;

/** Writes groups: each is planned on the head, and put where it is to be acknowledged from. */
export class WriteAttempts {
  readonly #options: AttemptsOptions;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /**
   * Gives an outcome for each of the first ones; the others were not begun, or what became of them is not known yet. The
   * signal ends questions to the remote. Throws what is in the way of all of them.
   */
  async write(group: readonly Waiting[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const { remote } = this.#options;
    const way = this.#wayOf(group, signal);
    let fewer = group;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const outcomes = await way(fewer);
      if (outcomes !== undefined) return outcomes;
      // Each time that the branch moves, fewer are tried: they are ready sooner. To a remote it is the way that takes long.
      if (remote === undefined) fewer = fewer.slice(0, Math.ceil(fewer.length / 2));
      else await sleep(Math.random() * JITTER_MS * Math.min(attempt, 5));
    }
    return fewer.map(() => ({ kind: 'refused', reason: branchMoving() }));
  }

  /** Each attempt gives undefined where the branch has moved: everything is to be looked at again. */
  #wayOf(group: readonly Waiting[], signal: AbortSignal): Attempt {
    const { remote } = this.#options;
    if (remote === undefined) return (fewer) => this.#writeHere(fewer);
    const isKill = group.every(isUrgent);
    if (remote.mode === 'async') {
      return async (fewer) => {
        const { divergence } = remote;
        return isKill || divergence === undefined ? this.#writeHere(fewer) : refusedGroup(fewer, divergence);
      };
    }
    if (!isKill) return (fewer) => this.#writeThere(remote, fewer, signal);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(KILL_MS)]);
    return (fewer) => this.#killThere(remote, fewer, limit);
  }

  /** Acknowledged from here: where there is a remote, as pending changes. */
  async #writeHere(group: readonly Waiting[]): Promise<readonly Outcome[] | undefined> {
    const made = await this.#plan(group);
    if (made === undefined || made.chain.commits.length === 0) return made?.outcomes;
    return this.#publish(made);
  }

  /** Acknowledged from the remote, or not at all. */
  async #writeThere(
    remote: RemoteBranch,
    group: readonly Waiting[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[] | undefined> {
    const wait = waitOf(group);
    const givesWay = (): boolean => this.#givesWay(group);
    const ended = await catchUp(remote, group, { signal, wait, givesWay });
    if (ended !== undefined) return ended;
    const made = await this.#plan(group);
    if (made === undefined || made.chain.commits.length === 0) return made?.outcomes;
    const known = await this.#push(remote, made, signal);
    if (known.kind === 'pushed') return this.#followPushed(remote, made, signal);
    if (known.kind === 'moved') return undefined;
    const failure = known.kind === 'refused' ? remote.refused(known.reason) : known.failure;
    if (!areTried(group)) return refusedAll(made, failure);
    return givesWay() ? [] : refusedAll(made, mayHaveArrived(failure));
  }

  /** A kill is in a hurry: the others find out after it. */
  #givesWay([first]: readonly Waiting[]): boolean {
    if (first === undefined || !this.#options.hasKills() || first.postponed === GIVE_WAY) return false;
    first.postponed += 1;
    return true;
  }

  /** The switch works whatever the remote does: what cannot be pushed now is acknowledged from here. */
  async #killThere(
    remote: RemoteBranch,
    group: readonly Waiting[],
    limit: AbortSignal,
  ): Promise<readonly Outcome[] | undefined> {
    if (remote.isDown || limit.aborted) return this.#writeHere(group);
    try {
      await remote.catchUpIfBehind(limit, waitOf(group));
    } catch (error) {
      if (expectedFailure(error) === undefined) throw error;
      return this.#writeHere(group);
    }
    const made = await this.#plan(group);
    if (made === undefined || made.chain.commits.length === 0) return made?.outcomes;
    const known = await this.#push(remote, made, limit);
    if (known.kind === 'pushed') return this.#followPushed(remote, made, limit);
    if (known.kind === 'moved' && !limit.aborted) return undefined;
    // The very same commits: should the push arrive after all, it is done once.
    return this.#publish(made);
  }

  /** Undefined where the branch has moved. */
  async #plan(group: readonly Waiting[]): Promise<Made | undefined> {
    const { publisher, source, committer, hasKills } = this.#options;
    const chain = await startChain(this.#options);
    const wait = waitOf(group);
    const opening = once(() => publisher.openAt(chain.head, wait));
    const outcomes = await planGroup(group, {
      chain,
      source,
      committer,
      open: async () => (await opening()) !== undefined,
      check: async (files) => {
        const clone = (await opening())?.clone;
        if (clone !== undefined) await checkWorkFiles({ ...clone, index: clone.index.read() }, files);
      },
      isInterrupted: () => hasKills() && !group.every(isUrgent),
    });
    const opened = chain.commits.length === 0 ? undefined : await opening();
    if (outcomes === undefined || (opened === undefined && chain.commits.length > 0)) return undefined;
    return { group, chain, outcomes, wait, opened };
  }

  /** Its objects are on disk before, flushed: nothing points to them yet. */
  async #push(remote: RemoteBranch, made: Made, signal: AbortSignal): Promise<KnownPush> {
    const { chain, group, outcomes, opened } = made;
    if (opened === undefined) throw new Error('a chain is pushed from an open clone');
    const { disk, temporary, repository } = opened.clone;
    await chain.objects.write(disk, { commonDir: repository.commonDir, temporary });
    const tip = chain.tip.commit;
    const known = await remote.push(tip, { signal, isHasty: group.every(isUrgent) });
    if (known.kind === 'unknown') {
      for (const [at, outcome] of outcomes.entries()) group[at]?.tried.push({ tip, outcome });
    }
    return known;
  }

  /**
   * The remote has it, so it is done, whatever keeps the branch here from following: that is told by the remote's trouble,
   * and tried again.
   */
  async #followPushed(remote: RemoteBranch, made: Made, signal: AbortSignal): Promise<readonly Outcome[]> {
    const { chain, outcomes, wait } = made;
    const { tip } = chain;
    const published = await this.#move(made, () => remote.prepareTip(tip.commit)).catch((error: unknown) => {
      if (expectedFailure(error) === undefined) throw error;
      return undefined;
    });
    if (published?.kind === 'committed') await remote.settle(tip.commit);
    else await remote.followPushed(tip.commit, { signal, wait });
    return outcomes;
  }

  /** Undefined where the chain is to be made again. */
  async #publish(made: Made): Promise<readonly Outcome[] | undefined> {
    const { remote } = this.#options;
    if (remote === undefined) return outcomesOf(made, await this.#move(made));
    const { pending } = remote;
    const requests = requestsOf(made);
    let ids: readonly string[] = [];
    const prepare = async (): Promise<void> => {
      ids = await remote.prepare(made.chain, requests);
    };
    try {
      const published = await this.#move(made, prepare);
      if (published === undefined) pending.discard(ids);
      else pending.confirm(ids);
      if (published !== undefined) remote.tellPending();
      return outcomesOf(made, published);
    } catch (error) {
      // After anything else it is known only later whether the branch has them.
      if (error instanceof Failure) pending.discard(ids);
      throw error;
    }
  }

  /** Undefined where the branch has moved. */
  async #move(
    { chain, opened, wait }: Made,
    alongside?: () => Promise<void>,
  ): Promise<Exclude<Published, { kind: 'moved' }> | undefined> {
    const { cache, publisher } = this.#options;
    if (opened === undefined) throw new Error('a chain is published in an open clone');
    cache.expect(chain.tip.commit);
    try {
      const published = await publisher.publish({ ...moveTo(chain), alongside }, opened, wait);
      if (published !== undefined) await this.#serve(chain);
      return published;
    } finally {
      cache.expect(undefined);
    }
  }

  /** The write is made even if it cannot be served at once; `cache.trouble` says why. */
  async #serve({ head, tip, orgs }: CommitChain): Promise<void> {
    const { cache } = this.#options;
    const isServed = await cache.adopt({ base: head, commit: tip.commit, orgs }).catch(() => false);
    if (!isServed) await cache.refresh().catch(() => undefined);
  }
}

type Attempt = (group: readonly Waiting[]) => Promise<readonly Outcome[] | undefined>;

/** The oldest has waited longest. */
function waitOf(group: readonly Waiting[]): LockWait {
  const [first] = group;
  if (first === undefined) throw new Error('a group of no writes');
  return first.wait;
}

/** What is in the way of one is in the way of all, so it is looked for once, and not before somebody asks. */
function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** The refusal of what somebody else was always before. */
export function branchMoving(): Failure {
  return new Failure('busy', 'BRANCH_MOVING', 'the branch moved again and again; the write was not made', {
    data: { retryAfterSeconds: 1 },
  });
}
