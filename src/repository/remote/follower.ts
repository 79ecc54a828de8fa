import { Failure } from '../../model/failure.js';
import { Ending } from '../ending.js';
import type { GitRepository } from '../git.js';
import { SharedRuns } from '../shared-runs.js';
import type { RepositoryWriter } from '../write-request.js';
import { shuttingDown } from '../writer.js';
import { readFollowedNote, writeFollowedNote } from './followed-note.js';
import { PendingPusher } from './pending-pusher.js';
import { delayBeforeAsking } from './poll.js';
import type { FollowedRemote, LostChange, PendingChange, PushMode, RemoteStatus } from './remote.js';
import { shown } from './remote-failure.js';
import type { Fetched, RemoteAddress, Transport } from './transport.js';

/** What follows a remote needs. */
export interface FollowerOptions {
  readonly repository: Pick<GitRepository, 'stateDir'>;
  /** Makes the branch stand on what was fetched, and pushes what stands on top. */
  readonly writer: Pick<RepositoryWriter, 'integrate' | 'pushPending' | 'withdraw'>;
  readonly transport: Transport;
  readonly address: RemoteAddress;
  readonly branch: string;
  readonly mode: PushMode;
  readonly changes: UnpushedChanges;
  /** Refs that are fetched along, and who is told what each is now. */
  readonly alongside?: Alongside | undefined;
  readonly pollMs: number;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
  /** From 0 to 1. */
  readonly chance?: (() => number) | undefined;
}

/** Acknowledged changes that the remote does not have. */
export interface UnpushedChanges {
  readonly pending: readonly PendingChange[];
  readonly lost: readonly LostChange[];
  forget(id: string): Promise<boolean>;
}

/** Other refs of the remote than the branch: by full name there, the full name here. */
export interface Alongside {
  readonly refs: ReadonlyMap<string, string>;
  /** All of it is in the clone. What is wrong with it is no reason not to follow the branch. */
  onFetched(fetched: Fetched): void;
}

/** History there became another. */
interface Rewritten {
  readonly from: string;
  readonly to: string;
}

/** A question may take so long, in milliseconds; twice that after each that did, for one that brings much. */
const ASK_MS = 60_000;
const MOST_DOUBLINGS = 4;
/** After so many polls without an answer, what is served counts as stale. */
const STALE_POLLS = 3;

/** Follows a remote from now on: asks it at once, and again and again. What is wrong, `status` tells. */
export function openFollowedRemote(options: FollowerOptions): Follower {
  const follower = new Follower(options);
  follower.fetchInBackground();
  return follower;
}

/** A remote that is followed. */
export class Follower implements FollowedRemote {
  readonly #options: FollowerOptions;
  readonly #chance: () => number;
  readonly #runs = new SharedRuns(() => this.#run());
  readonly #pusher: PendingPusher;
  readonly #ending = new Ending();
  readonly #listeners = new Set<(rewritten: Rewritten) => void>();
  readonly #openedAt: number;
  #timer: NodeJS.Timeout | undefined;
  #head: string | undefined;
  #fetchedAt: number | undefined;
  #followedAt: number | undefined;
  #failuresInARow = 0;
  #fetches = 0;
  #failures = 0;
  /** What is in the way of following, and of pushing. */
  #fetchTrouble: string | undefined;
  #pushTrouble: string | undefined;
  #isNoteTrouble = false;

  constructor(options: FollowerOptions) {
    const { repository, writer, address, branch, pollMs, now, chance = Math.random } = options;
    this.#options = options;
    this.#chance = chance;
    this.#openedAt = now();
    const note = readFollowedNote(repository, { url: address.url, branch });
    this.#head = note?.head;
    this.#fetchedAt = note?.followedAt;
    this.#followedAt = note?.followedAt;
    this.#pusher = new PendingPusher({
      push: () => writer.pushPending(),
      onMoved: () => this.fetchInBackground(),
      onOutcome: (error) => this.#notePush(error),
      ...{ pollMs, now, chance },
    });
  }

  get status(): RemoteStatus {
    const { address, branch, mode, transport, changes } = this.#options;
    return {
      url: address.url,
      branch,
      mode,
      transport: transport.name,
      head: this.#head,
      fetchedAt: this.#fetchedAt,
      followedAt: this.#followedAt,
      failuresInARow: this.#failuresInARow,
      fetches: this.#fetches,
      failures: this.#failures,
      trouble: this.#fetchTrouble ?? this.#pushTrouble,
      isStale: this.#isStale,
      pending: changes.pending,
      lost: changes.lost,
    };
  }

  /** Who has just started is given the time of a few polls, unless the first question failed already. */
  get #isStale(): boolean {
    const { now, pollMs } = this.#options;
    if (this.#followedAt === undefined && this.#failuresInARow > 0) return true;
    return now() - (this.#followedAt ?? this.#openedAt) > STALE_POLLS * pollMs;
  }

  fetch(): Promise<void> {
    return this.#ending.isOver ? Promise.reject(shuttingDown()) : this.#runs.ask();
  }

  fetchInBackground(): void {
    this.fetch().catch(() => undefined);
  }

  /** Pushes what is pending as soon as may be. A remote that does not answer is not asked more often for it. */
  pushInBackground(): void {
    if (this.#failuresInARow === 0 && !this.#ending.isOver) this.#pusher.pushSoon();
  }

  forget(id: string): Promise<boolean> {
    return this.#options.changes.forget(id);
  }

  async withdraw(id: string): Promise<boolean> {
    const isOff = await this.#options.writer.withdraw(id);
    if (isOff && !this.#ending.isOver) this.#pusher.pushNow();
    return isOff;
  }

  onRewritten(listener: (rewritten: Rewritten) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#ending.end();
    clearTimeout(this.#timer);
    this.#pusher.close();
    await this.#runs.settled();
    await this.#pusher.settled();
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const tip = await this.#ask();
      const ahead = await this.#follow(tip);
      this.#noteFetch(undefined);
      // Where nothing is left to push, that is to be found out too: what was wrong is over then.
      if (ahead > 0 || this.#pushTrouble !== undefined) this.pushInBackground();
    } catch (error) {
      this.#noteFetch(error);
      throw error;
    } finally {
      this.#askLater();
    }
  }

  /** Brings what the remote has; gives the commit of the branch there. */
  async #ask(): Promise<string> {
    const { transport, branch, address, alongside, now } = this.#options;
    const ref = `refs/heads/${branch}`;
    const refs = new Map([...(alongside?.refs ?? []), [ref, `refs/remotes/origin/${branch}`]]);
    this.#fetches += 1;
    const asked = this.#ending.run(this.#limit, (signal) => transport.fetch({ refs }, signal));
    const fetched = await asked.catch((error: unknown) => {
      this.#failures += 1;
      this.#failuresInARow += 1;
      throw error;
    });
    this.#failuresInARow = 0;
    this.#fetchedAt = now();
    alongside?.onFetched(fetched);
    const tip = fetched.get(ref);
    if (tip === undefined) throw noBranch(branch, address);
    this.#head = tip;
    return tip;
  }

  /** Has it served; gives how many commits the branch has on top of it. */
  async #follow(tip: string): Promise<number> {
    const answeredAt = this.#fetchedAt;
    const { rewritten, ahead } = await this.#options.writer.integrate(tip);
    if (rewritten !== undefined) this.#tellRewritten(rewritten);
    this.#followedAt = answeredAt;
    await this.#keepNote(tip);
    return ahead;
  }

  get #limit(): number {
    return ASK_MS * 2 ** Math.min(this.#failuresInARow, MOST_DOUBLINGS);
  }

  #askLater(): void {
    if (this.#ending.isOver) return;
    const { pollMs } = this.#options;
    const asked = { pollMs, failuresInARow: this.#failuresInARow, chance: this.#chance() };
    this.#timer = setTimeout(() => this.fetchInBackground(), delayBeforeAsking(asked)).unref();
  }

  #tellRewritten(rewritten: Rewritten): void {
    const { address, branch, log } = this.#options;
    const { from, to } = rewritten;
    const what = `${from.slice(0, 7)} is no longer part of it, ${to.slice(0, 7)} is followed`;
    log(`the history of ${branch} was rewritten on ${address.url}: ${what}`);
    for (const listener of this.#listeners) listener(rewritten);
  }

  /** One line for each change. What the end of the server cuts off says nothing about the remote. */
  #noteFetch(error: unknown): void {
    const trouble = this.#sentenceOf(error);
    if (trouble === this.#fetchTrouble || this.#ending.isOver) return;
    this.#fetchTrouble = trouble;
    const { address, log } = this.#options;
    log(trouble ?? `the remote ${address.url} is followed again`);
  }

  #notePush(error: unknown): void {
    const trouble = this.#sentenceOf(error);
    if (trouble === this.#pushTrouble || this.#ending.isOver) return;
    this.#pushTrouble = trouble;
    const { address, log } = this.#options;
    log(trouble ?? `the remote ${address.url} takes changes again`);
  }

  #sentenceOf(error: unknown): string | undefined {
    if (error === undefined || error instanceof Failure) return error?.message;
    const { address } = this.#options;
    return `the remote ${address.url} cannot be followed: ${shown(String(error), address)}`;
  }

  /** A full disk stops no reads; after a restart the age is told from an older note then. */
  async #keepNote(head: string): Promise<void> {
    const { repository, address, branch, log } = this.#options;
    const followedAt = this.#followedAt;
    if (followedAt === undefined) return;
    try {
      await writeFollowedNote(repository, { url: address.url, branch, head, followedAt });
      this.#isNoteTrouble = false;
    } catch (error) {
      if (!this.#isNoteTrouble) log(`when the remote was last followed cannot be noted: ${error}`);
      this.#isNoteTrouble = true;
    }
  }
}

function noBranch(branch: string, { url }: RemoteAddress): Failure {
  return new Failure('busy', 'BRANCH_NOT_FOUND', `the remote ${url} has no branch ${branch}`);
}
