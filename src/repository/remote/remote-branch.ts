import { Failure } from '../../model/failure.js';
import { checkedOut } from '../clone-state.js';
import type { CommitChain } from '../commit-chain.js';
import { type Disk, machineDisk } from '../disk.js';
import { expectedFailure } from '../disk-failure.js';
import type { LockWait } from '../git-lock.js';
import type { Integrated, PushedPending, WriteRequest } from '../write-request.js';
import { commitsSince, isAncestor } from './ancestry.js';
import { isDiverged } from './divergence.js';
import { type IntegrationPlace, integrate } from './integrate.js';
import { IntegratedTips } from './integrated-tips.js';
import { localCommits } from './local-commits.js';
import type { NewPending, PendingStore } from './pending-store.js';
import type { PushMode, WriterRemote } from './remote.js';
import { type KnownPush, pushUntilKnown } from './remote-push.js';

/** What a branch that follows a remote is kept with. */
export interface RemoteBranchOptions extends Omit<IntegrationPlace, 'pending' | 'tips'> {
  readonly remote: WriterRemote;
  readonly disk: Disk | undefined;
  /** Serves what the branch is at now. Never rejects. */
  readonly serve: () => Promise<void>;
}

/** How long one question to the remote may take, in milliseconds, while writes wait for it. */
const ASK_MS = 10_000;

/**
 * The writer's side of a branch that follows a remote. All but `push` is to be called by whoever has the writer's turn: then
 * nothing moves meanwhile but the remote, and what people do in the clone.
 */
export class RemoteBranch {
  readonly #options: RemoteBranchOptions;
  readonly #place: IntegrationPlace;
  readonly #tips: IntegratedTips;
  /** What the remote had when it was last asked; undefined where it had no such branch, or was not asked yet. */
  #tip: string | undefined;
  #isAsked = false;
  #isDown = false;
  /** What kept the branch from following, at the last try. */
  #blocked: Failure | undefined;
  /** True once the remote may be elsewhere than the branch stands. */
  #isBehind = false;
  /** True where the remote was asked, and that was not followed yet. */
  #isFresh = false;

  constructor(options: RemoteBranchOptions) {
    const { repository, disk = machineDisk, remote } = options;
    this.#options = options;
    this.#tips = new IntegratedTips(disk, { stateDir: repository.stateDir, ref: remote.ref });
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
    return this.#isDown;
  }

  /** Set where the clone has commits of people that the remote cannot take: nobody is to build on them. */
  get divergence(): Failure | undefined {
    return isDiverged(this.#blocked) ? this.#blocked : undefined;
  }

  /** True where the remote has this commit, as far as is known. */
  async has(commit: string): Promise<boolean> {
    const { repository } = this.#options;
    return this.#tip !== undefined && (await isAncestor(repository, { one: commit, of: this.#tip }));
  }

  /** After a start: tells what a crash left of pending changes that were committed from those that were not. */
  async open(): Promise<void> {
    const { repository, branch } = this.#options;
    if (this.pending.unsettled.length === 0) return;
    const { oid: head } = await checkedOut(repository, branch);
    if (head === undefined) return;
    const place = { head, tip: this.#tips.current, integrated: this.#tips.all };
    const local = new Set((await localCommits(repository, place)).commits.map(({ oid }) => oid));
    this.pending.settleNew((commit) => local.has(commit));
  }

  /** Somebody else has asked the remote: it has this. */
  async integrate(
    tip: string,
    { signal, wait }: { readonly signal: AbortSignal; readonly wait: LockWait },
  ): Promise<Integrated> {
    this.#isDown = false;
    const { repository } = this.#options;
    const current = this.#tips.current;
    const isForward = current === undefined || (await isAncestor(repository, { one: current, of: tip }));
    // What looks like rewritten history may be an answer from before our last push.
    if (isForward) return this.#follow(tip, wait);
    this.#isFresh = false;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
    return (await this.catchUp(limited, wait)) ?? this.#follow(tip, wait);
  }

  /** Asks the remote and follows it; undefined where it has no such branch and never had. */
  async catchUp(signal: AbortSignal, wait: LockWait): Promise<Integrated | undefined> {
    const tip = this.#isFresh ? this.#tip : await this.#ask(signal);
    this.#isFresh = false;
    if (tip !== undefined) return this.#follow(tip, wait);
    if (this.#tips.current !== undefined) throw this.#branchGone();
    this.#isBehind = false;
    return undefined;
  }

  /** The same, unless all that is known says that the branch stands on what the remote has. */
  async catchUpIfBehind(signal: AbortSignal, wait: LockWait): Promise<void> {
    const isKnown = this.#isAsked || this.#tips.current !== undefined;
    if (this.#isBehind || !isKnown || this.#blocked !== undefined) await this.catchUp(signal, wait);
  }

  /** Pushes a chain by its tip, and finds out what became of it where that is not told. */
  async push(
    commit: string,
    { signal, isHasty }: { readonly signal: AbortSignal; readonly isHasty: boolean },
  ): Promise<KnownPush> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
    const known = await pushUntilKnown({
      push: () => this.#push(commit, limited),
      ask: () => this.#ask(limited),
      has: () => this.has(commit),
      isAtBase: () => this.#tip === this.#tips.current,
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
    const known = this.#tips.current === undefined ? [] : [this.#tips.current];
    const arrived = this.pending.count === 0 ? undefined : await this.#since(commit, known);
    this.#tip = commit;
    this.#tips.settle(commit);
    const isOver = (oid: string): boolean => arrived?.has(oid) === true;
    this.pending.drop(this.pending.records.filter(({ commits }) => commits.some(isOver)).map(({ id }) => id));
  }

  /** The remote has this commit; what keeps the branch from following is known by the next try. */
  async followPushed(commit: string, wait: LockWait): Promise<void> {
    this.#tip = commit;
    await this.#follow(commit, wait).catch((error: unknown) => {
      if (expectedFailure(error) === undefined) throw error;
    });
  }

  /** What is pushed now, outside of the writer's turn; undefined where the remote has all of it. */
  async beginPush(
    wait: LockWait,
  ): Promise<{ readonly head: string; readonly base: string | undefined } | undefined> {
    const { repository, branch, publisher } = this.#options;
    await publisher.open(wait);
    const { oid: head } = await checkedOut(repository, branch);
    if (head === undefined || head === this.#tips.current) return undefined;
    return { head, base: this.#tips.current };
  }

  /** Asks only the remote: writes go on meanwhile. */
  async pushOnce(head: string, signal: AbortSignal): Promise<PushedPending> {
    const pushed = await this.#push(head, signal);
    if (pushed.kind === 'refused') throw remoteRefused(pushed.reason);
    if (pushed.kind === 'moved') this.#isBehind = true;
    return { hasMoved: pushed.kind === 'moved' };
  }

  /** After that, in the writer's turn again. */
  async endPush({ head, base }: { readonly head: string; readonly base: string | undefined }): Promise<void> {
    // The branch was made to follow something else meanwhile: what that has, its own step has told.
    if (this.#tips.current !== base) return;
    await this.#tips.prepare(head);
    await this.settle(head);
  }

  /** Tells whoever follows the remote that there is something to push. */
  tellPending(): void {
    this.#options.remote.onPending();
  }

  async #follow(tip: string, wait: LockWait): Promise<Integrated> {
    this.#tip = tip;
    this.#isAsked = true;
    try {
      const integrated = await integrate(this.#place, tip, wait);
      this.#blocked = undefined;
      this.#isBehind = false;
      await this.#options.serve();
      return integrated;
    } catch (error) {
      this.#blocked = expectedFailure(error);
      throw this.#blocked ?? error;
    }
  }

  async #ask(signal: AbortSignal): Promise<string | undefined> {
    const { transport, ref, trackingRef } = this.#options.remote;
    const refs = new Map([[ref, trackingRef]]);
    const fetched = await this.#noting(transport.fetch({ refs }, signal));
    this.#tip = fetched.get(ref);
    this.#isAsked = true;
    this.#isFresh = true;
    return this.#tip;
  }

  #push(commit: string, signal: AbortSignal) {
    const { transport, ref } = this.#options.remote;
    this.#isFresh = false;
    return this.#noting(transport.push({ ref, commit, expected: this.#tips.current }, signal));
  }

  async #noting<Answer>(question: Promise<Answer>): Promise<Answer> {
    try {
      const answer = await question;
      this.#isDown = false;
      return answer;
    } catch (error) {
      this.#isDown = error instanceof Failure && error.code.startsWith('REMOTE_');
      throw error;
    }
  }

  #since(tip: string, known: readonly string[]): Promise<ReadonlySet<string>> {
    return commitsSince(this.#options.repository, { tip, known });
  }

  #branchGone(): Failure {
    const { ref } = this.#options.remote;
    const sentence = `the remote has no ${ref} any more, so nothing is pushed there; make it again, or follow another branch`;
    return new Failure('conflict', 'REMOTE_BRANCH_GONE', sentence);
  }
}

/** The refusal of what a rule or a hook of the remote does not take. */
export function remoteRefused(reason: string): Failure {
  return new Failure('conflict', 'REMOTE_REFUSED', `the remote refuses it: ${reason}`);
}

/** The commits of a chain as pending changes: each with the request that made it. */
export function newPending(
  chain: CommitChain,
  requests: ReadonlyMap<string, WriteRequest>,
): readonly NewPending[] {
  return chain.commits.flatMap(({ oid, message, seconds, authorSeconds }) => {
    const request = requests.get(oid);
    const [subject = ''] = message.split('\n');
    return request === undefined
      ? []
      : [{ commit: oid, subject, request, seconds: authorSeconds ?? seconds }];
  });
}
