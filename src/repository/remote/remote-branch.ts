import type { Failure } from '../../model/failure.js';
import { checkedOut } from '../clone-state.js';
import type { CommitChain } from '../commit-chain.js';
import { type Disk, machineDisk } from '../disk.js';
import { expectedFailure } from '../disk-failure.js';
import type { LockWait } from '../git-lock.js';
import type { Integrated, PushedPending, WriteRequest } from '../write-request.js';
import { isAncestor } from './ancestry.js';
import { AskedRemote, type BegunPush } from './asked-remote.js';
import { isDiverged } from './divergence.js';
import { type Following, type IntegrationPlace, integrate } from './integrate.js';
import { IntegratedTips } from './integrated-tips.js';
import { localCommits } from './local-commits.js';
import { arrivedRecords } from './pending-records.js';
import type { PendingStore } from './pending-store.js';
import type { PushMode, WriterRemote } from './remote.js';
import { type KnownPush, pushUntilKnown } from './remote-push.js';
import { branchGone, remoteRefused, setBack, standsStill } from './remote-refusals.js';

/** What a branch that follows a remote is kept with. */
export interface RemoteBranchOptions extends Omit<IntegrationPlace, 'pending' | 'tips'> {
  readonly remote: WriterRemote;
  readonly disk: Disk | undefined;
  /** Serves what the branch is at now. Never rejects. */
  readonly serve: () => Promise<void>;
}

/** How long one question to the remote may take, in milliseconds, while writes wait for it; and one that did not answer. */
const ASK_MS = 10_000;
const ASK_DOWN_MS = 2_000;

/**
 * The writer's side of a branch that follows a remote. All but `push` is to be called by whoever has the writer's turn: then
 * nothing moves meanwhile but the remote, and what people do in the clone.
 */
export class RemoteBranch {
  readonly #options: RemoteBranchOptions;
  readonly #place: IntegrationPlace;
  readonly #tips: IntegratedTips;
  readonly #asked: AskedRemote;
  /** What kept the branch from following, at the last try. */
  #blocked: Failure | undefined;
  /** True once the remote may be elsewhere than the branch stands. */
  #isBehind = false;
  /** What the last step came to; undefined where it failed. */
  #followed: Followed | undefined;
  /** The base of the last push of what is pending, where the remote said that it had moved. */
  #movedFrom: { readonly base: string | undefined } | undefined;

  constructor(options: RemoteBranchOptions) {
    const { repository, disk = machineDisk, remote } = options;
    this.#options = options;
    this.#asked = new AskedRemote(remote);
    this.#tips = new IntegratedTips({ repository, disk, remote });
    options.publisher.onTaken = () => this.#reload();
    this.#place = { ...options, pending: remote.pending, tips: this.#tips };
  }

  get mode(): PushMode {
    return this.#options.remote.mode;
  }

  get pending(): PendingStore {
    return this.#options.remote.pending;
  }

  /** True where it did not answer the last question. */
  get isDown(): boolean {
    return this.#asked.isDown;
  }

  /** Set where the clone has commits of people that the remote cannot take: nobody is to build on them. */
  get divergence(): Failure | undefined {
    return isDiverged(this.#blocked) ? this.#blocked : undefined;
  }

  /** True where the remote has this commit, as far as is known. */
  async has(commit: string): Promise<boolean> {
    const { repository } = this.#options;
    const { tip } = this.#asked;
    return tip !== undefined && (await isAncestor(repository, { one: commit, of: tip }));
  }

  /** After a start: finds out what the branch stands on, and tells what a crash left of pending changes that were committed from those that were not. */
  async open(): Promise<void> {
    const { repository, branch } = this.#options;
    const { oid: head } = await checkedOut(repository, branch);
    await this.#tips.locate(head);
    if (head === undefined || this.pending.unsettled.length === 0) return;
    const place = { head, tip: this.#tips.current, integrated: this.#tips.all };
    const local = new Set((await localCommits(repository, place)).commits.map(({ oid }) => oid));
    this.pending.settleNew((commit) => local.has(commit));
  }

  /** Somebody else has asked the remote: it has this. */
  async integrate(tip: string, { signal, wait }: Following): Promise<Integrated> {
    this.#asked.noteAnswer();
    const { repository } = this.#options;
    const current = this.#tips.current;
    const isForward = current === undefined || (await isAncestor(repository, { one: current, of: tip }));
    // What looks like rewritten history may be an answer from before our last push.
    if (isForward) return this.#follow(tip, { signal, wait });
    return (await this.catchUp(signal, wait)) ?? this.#follow(tip, { signal, wait });
  }

  /**
   * Asks the remote and follows it; undefined where it has no such branch and never had. The signal ends both; the question
   * has a time limit besides.
   */
  async catchUp(signal: AbortSignal, wait: LockWait): Promise<Integrated | undefined> {
    const limit = AbortSignal.timeout(this.#asked.isDown ? ASK_DOWN_MS : ASK_MS);
    const tip = await this.#asked.askUnlessFresh(AbortSignal.any([signal, limit]));
    if (tip !== undefined) return this.#follow(tip, { signal, wait });
    if (this.#tips.newest !== undefined) throw branchGone(this.#options.remote.ref);
    this.#isBehind = false;
    return undefined;
  }

  /** The same, unless all that is known says that the branch stands on what the remote has. */
  async catchUpIfBehind(signal: AbortSignal, wait: LockWait): Promise<void> {
    const { repository, branch } = this.#options;
    await this.#tips.locate((await checkedOut(repository, branch)).oid);
    const isKnown = this.#tips.newest === undefined ? this.#asked.isAsked : this.#tips.current !== undefined;
    if (this.#isBehind || !isKnown || this.#blocked !== undefined) await this.catchUp(signal, wait);
  }

  /** Pushes a chain by its tip, and finds out what became of it where that is not told. */
  async push(
    commit: string,
    { signal, isHasty }: { readonly signal: AbortSignal; readonly isHasty: boolean },
  ): Promise<KnownPush> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
    const known = await pushUntilKnown({
      push: async () => this.#asked.push({ head: commit, base: await this.#baseOf(commit) }, limited),
      ask: () => this.#asked.ask(limited),
      has: () => this.has(commit),
      isAtBase: () => this.#asked.tip === this.#tips.current,
      signal: limited,
      attempts: isHasty ? 1 : undefined,
    });
    if (known.kind === 'moved' || known.kind === 'unknown') this.#isBehind = true;
    return known;
  }

  /** Before the branch moves to a commit that the remote has by now. */
  async prepareTip(commit: string): Promise<void> {
    await this.#tips.prepare(commit);
  }

  /** The remote has this commit, and with it all that is pending below it; the branch has it too. */
  async settle(commit: string): Promise<void> {
    const { repository } = this.#options;
    const records = [...this.pending.records, ...this.pending.held];
    const arrived = await arrivedRecords(repository, records, commit);
    this.#asked.note(commit);
    this.#tips.settle(commit, commit);
    await this.pending.drop([...arrived]);
  }

  /** The remote has this commit; what keeps the branch from following is known by the next try. */
  async followPushed(commit: string, its: Following): Promise<void> {
    await this.#follow(commit, its).catch((error: unknown) => {
      if (expectedFailure(error) === undefined) throw error;
    });
  }

  /** What is pushed now, outside of the writer's turn; undefined where the remote has all of it. */
  async beginPush(wait: LockWait): Promise<BegunPush | undefined> {
    const { repository, branch, publisher } = this.#options;
    await publisher.open(wait);
    const { oid: head } = await checkedOut(repository, branch);
    if (head === undefined) return undefined;
    const base = await this.#baseOf(head);
    return head === base ? undefined : { head, base };
  }

  /** Asks only the remote: writes go on meanwhile. */
  async pushOnce(begun: BegunPush, signal: AbortSignal): Promise<PushedPending> {
    const pushed = await this.#asked.push(begun, signal);
    if (pushed.kind === 'refused') throw this.refused(pushed.reason);
    const isStill = this.#movedFrom?.base === begun.base && this.#asked.tip === begun.base;
    const wasMoved = this.#movedFrom !== undefined;
    this.#movedFrom = pushed.kind === 'moved' ? { base: begun.base } : undefined;
    if (pushed.kind === 'pushed') return { hasMoved: false };
    this.#isBehind = true;
    // It was asked in between, and stood there.
    if (wasMoved && isStill) throw standsStill();
    return { hasMoved: true };
  }

  /** The refusal of what the remote does not take. */
  refused(reason: string): Failure {
    return remoteRefused(reason, this.pending.pending);
  }

  /**
   * Takes a pending change off the branch, where the remote has refused the last push: those that came after it are made
   * again without it, and what it changed is undone here. False where there is none, or none that was refused.
   */
  async withdraw(id: string, its: Following): Promise<boolean> {
    const without = this.pending.records.find((record) => record.id === id);
    const tip = this.#tips.current;
    if (without === undefined || tip === undefined || !this.#asked.isRefused) return false;
    await integrate(this.#place, tip, { ...its, without });
    await this.pending.forget(id);
    await this.#options.serve();
    return true;
  }

  /** After that, in the writer's turn again. */
  async endPush({ head, base }: BegunPush): Promise<void> {
    // The branch was made to follow something else meanwhile: what that has, its own step has told.
    if (this.#tips.current !== base) return;
    await this.#tips.prepare(head);
    await this.settle(head);
  }

  /** Has the commits of a chain on disk as pending changes, each with the request that made it; gives their ids. */
  prepare(chain: CommitChain, requests: ReadonlyMap<string, WriteRequest>): Promise<readonly string[]> {
    const tip = this.#tips.newest;
    const writes = chain.commits.flatMap(({ oid, message, seconds, authorSeconds }) => {
      const request = requests.get(oid);
      const [subject = ''] = message.split('\n');
      return request === undefined
        ? []
        : [{ commit: oid, subject, request, seconds: authorSeconds ?? seconds, tip }];
    });
    return this.pending.prepare(writes);
  }

  /** Tells whoever follows the remote that there is something to push. */
  tellPending(): void {
    this.#options.remote.onPending();
  }

  async #follow(tip: string, its: Following): Promise<Integrated> {
    this.#asked.note(tip);
    try {
      const integrated = (await this.#unchanged(tip, its)) ?? (await integrate(this.#place, tip, its));
      this.#followed = { tip, integrated, pending: this.pending.count };
      this.#blocked = undefined;
      this.#isBehind = false;
      await this.#options.serve();
      return integrated;
    } catch (error) {
      this.#followed = undefined;
      this.#blocked = expectedFailure(error);
      throw this.#blocked ?? error;
    }
  }

  /** Most polls bring nothing, and much may be pending: what stands where the last step left it is not looked through again. */
  async #unchanged(tip: string, { wait }: Following): Promise<Integrated | undefined> {
    const { repository, branch, publisher } = this.#options;
    await publisher.open(wait);
    const last = this.#followed;
    if (last?.tip !== tip || last.pending !== this.pending.count) return undefined;
    if (this.pending.unsettled.length > 0) return undefined;
    const { oid } = await checkedOut(repository, branch);
    return oid === last.integrated.head ? { ...last.integrated, rewritten: undefined } : undefined;
  }

  /** What of the remote a commit stands on. Throws `Failure` where that is not known before the remote is asked. */
  async #baseOf(commit: string): Promise<string | undefined> {
    await this.#tips.locate(commit);
    if (!this.#tips.isAstray) return this.#tips.current;
    this.#isBehind = true;
    throw setBack();
  }

  /** Another process may have written here since. */
  #reload(): void {
    this.#followed = undefined;
    this.pending.reload();
    this.#tips.reload();
  }
}

/** Where a step has left the branch and what is pending. */
interface Followed {
  readonly tip: string;
  readonly integrated: Integrated;
  readonly pending: number;
}
