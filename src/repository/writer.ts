import { Failure } from '../model/failure.js';
import type { WritableCache } from './adoption.js';
import { type Disk, machineDisk } from './disk.js';
import { expectedFailure } from './disk-failure.js';
import { Ending, HURRY_MS, Hurry } from './ending.js';
import { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { LockClock, type LockWait } from './git-lock.js';
import { checkedIdentity, type Identity, SERVICE } from './identity.js';
import { type PlannedWrite, planWrite } from './plan-write.js';
import { previewOf } from './preview.js';
import type { WriterRemote } from './remote/remote.js';
import { RemoteBranch } from './remote/remote-branch.js';
import { startChain } from './start-chain.js';
import { ATTEMPTS, branchMoving, WriteAttempts } from './write-attempts.js';
import { type BaseSource, readBase } from './write-base.js';
import { checkPreconditions } from './write-conditions.js';
import type { Outcome } from './write-group.js';
import { WritePublisher } from './write-publisher.js';
import { isUrgent, type Waiting, WriteQueue } from './write-queue.js';
import { findRefusals } from './write-refusals.js';
import type {
  Integrated,
  Preview,
  PushedPending,
  RepositoryWriter,
  WriteRequest,
  WriteResult,
} from './write-request.js';

/** What a writer needs. */
export interface WriterOptions {
  readonly repository: GitRepository;
  readonly cache: WritableCache;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch?: string | undefined;
  /** Who commits; `Flagstaff <flagstaff@flagstaff.invalid>` where it is left out. */
  readonly committer?: Identity;
  /** The most commits that are flushed together; 64 where it is left out, and 1 flushes each alone. */
  readonly groupSize?: number;
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number;
  /** The file system. */
  readonly disk?: Disk;
  /** The remote repository that the branch follows; none where it is left out. */
  readonly remote?: WriterRemote | undefined;
}

/**
 * Opens the writer, and heals what a crash left behind. A clone that cannot be written to (bare, another process
 * writes, git holds a lock, the disk refuses) is opened all the same: it is served, and each write says what is in the
 * way.
 */
export async function openWriter(options: WriterOptions): Promise<RepositoryWriter> {
  const writer = new QueuedWriter(options);
  await writer.start();
  return writer;
}

/** So many commits share one round of flushing. */
const GROUP_SIZE = 64;
/** How long a push may take that nobody waits for, in milliseconds. */
const PUSH_MS = 120_000;

class QueuedWriter implements RepositoryWriter {
  readonly #options: WriterOptions;
  readonly #now: () => number;
  readonly #publisher: WritePublisher;
  readonly #reader: FileReader;
  readonly #attempts: WriteAttempts;
  readonly #remote: RemoteBranch | undefined;
  readonly #lockClock = new LockClock();
  readonly #queue = new WriteQueue();
  /** What else has a turn between two groups of writes. */
  readonly #turns: Turn[] = [];
  readonly #pushes = new Ending();
  /** Ends the questions to the remote of what runs now. */
  #hurry = new Hurry();
  /** True where what runs is kills: one does not give way to another, or they would all be broken off. */
  #isKilling = false;
  /** True once nothing waits for the remote any more. */
  #isEnding = false;
  /** How many writes are being made. */
  #begun = 0;
  /** Until the queue is empty; undefined where it is. */
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: WriterOptions) {
    const { repository, branch, cache, disk, remote, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    const committer = checkedIdentity(options.committer ?? SERVICE);
    this.#publisher = new WritePublisher({ repository, branch, disk: disk ?? machineDisk, now });
    this.#reader = new FileReader(repository);
    const place = { repository, branch, publisher: this.#publisher, source: this.#source, committer };
    const serve = () => cache.refresh().catch(() => undefined);
    this.#remote = remote && new RemoteBranch({ ...place, remote, disk, serve });
    const hasKills = () => this.#queue.hasKills;
    this.#attempts = new WriteAttempts({ ...place, cache, remote: this.#remote, hasKills });
  }

  async start(): Promise<void> {
    try {
      await this.#publisher.open(this.#lockClock.startWait());
      await this.#remote?.open();
    } catch (error) {
      if (expectedFailure(error) === undefined) throw error;
    }
  }

  get queueLength(): number {
    return this.#queue.length + this.#begun;
  }

  write(request: WriteRequest): Promise<WriteResult> {
    if (this.#isClosed) return Promise.reject(shuttingDown());
    const wait = this.#lockClock.startWait();
    const result = new Promise<WriteResult>((fulfil, reject) => {
      this.#queue.add({ request, wait, tried: [], postponed: 0, fulfil, reject });
    });
    if (this.#queue.hasKills && !this.#isKilling) this.#hurry.begin();
    this.#running ??= this.#run();
    return result;
  }

  async preview(request: WriteRequest): Promise<Preview> {
    const { repository, branch } = this.#options;
    const place = { repository, branch, publisher: this.#publisher, divergence: this.#remote?.divergence };
    for (let attempt = 1; ; attempt += 1) {
      const planned = await this.#plan(request);
      const refusals = await findRefusals(place, planned, request);
      if (refusals !== undefined) return previewOf(planned, request, refusals);
      if (attempt === ATTEMPTS) throw branchMoving();
    }
  }

  async integrate(tip: string): Promise<Integrated> {
    for (;;) {
      const wait = this.#lockClock.startWait();
      const integrated = await this.#inTurn((remote) => this.#integrateOnce(remote, { tip, wait }));
      if (integrated !== undefined) return integrated;
    }
  }

  /** Undefined where it was broken off for kills: it has another turn after them. */
  async #integrateOnce(
    remote: RemoteBranch,
    { tip, wait }: { readonly tip: string; readonly wait: LockWait },
  ): Promise<Integrated | undefined> {
    const { signal } = this.#hurry;
    try {
      return await remote.integrate(tip, { signal, wait });
    } catch (error) {
      if (!signal.aborted || this.#isEnding || expectedFailure(error) === undefined) throw error;
      return undefined;
    }
  }

  /** The remote is asked outside of the turns: writes go on meanwhile. */
  async pushPending(): Promise<PushedPending> {
    const wait = this.#lockClock.startWait();
    const begun = await this.#inTurn((remote) => remote.beginPush(wait));
    const remote = this.#remote;
    if (begun === undefined || remote === undefined) return { hasMoved: false };
    const pushed = await this.#pushes.run(PUSH_MS, (signal) => remote.pushOnce(begun, signal));
    if (!pushed.hasMoved) await this.#inTurn((remote) => remote.endPush(begun));
    return pushed;
  }

  withdraw(id: string): Promise<boolean> {
    const wait = this.#lockClock.startWait();
    return this.#inTurn((remote) => remote.withdraw(id, { signal: this.#hurry.signal, wait }));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#queue.takeAll()) reject(shuttingDown());
    for (const { reject } of this.#turns.splice(0)) reject(shuttingDown());
    const timer = setTimeout(() => this.#endQuestions(), HURRY_MS);
    await this.#running;
    clearTimeout(timer);
    this.#endQuestions();
    await this.#publisher.close();
    await this.#reader.close();
  }

  get #source(): BaseSource {
    return { cache: this.#options.cache, reader: this.#reader, now: this.#now };
  }

  #endQuestions(): void {
    this.#isEnding = true;
    this.#hurry.abort();
    this.#pushes.end();
  }

  async #run(): Promise<void> {
    const { groupSize = GROUP_SIZE } = this.#options;
    while (this.#queue.length + this.#turns.length > 0) {
      const group = this.#queue.take(groupSize);
      this.#startHurry(group.length > 0 && group.every(isUrgent));
      this.#begun = group.length;
      if (group.length > 0) await this.#writeGroup(group);
      this.#begun = 0;
      this.#startHurry(false);
      await this.#turns.shift()?.work();
    }
    this.#hurry.end();
    this.#running = undefined;
  }

  #startHurry(isKilling: boolean): void {
    this.#hurry.end();
    this.#hurry = new Hurry();
    this.#isKilling = isKilling;
    if (this.#isEnding) this.#hurry.abort();
    if (this.#queue.hasKills && !isKilling) this.#hurry.begin();
  }

  /** Settles each of them, or puts it back. Never rejects. */
  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#attempts.write(group, this.#hurry.signal);
      this.#queue.putBack(group.slice(outcomes.length));
      for (const [index, outcome] of outcomes.entries()) this.#settle(group[index], outcome);
    } catch (error) {
      // What is in the way of one must not be in the way of all.
      if (error instanceof Failure && group.length > 1) {
        for (const waiting of group) await this.#writeGroup([waiting]);
        return;
      }
      for (const { reject } of group) reject(expectedFailure(error) ?? error);
    }
  }

  #settle(waiting: Waiting | undefined, outcome: Outcome): void {
    const pending = this.#remote?.pending.count ?? 0;
    if (outcome.kind === 'done') waiting?.fulfil({ ...outcome.result, pending });
    else waiting?.reject(outcome.reason);
  }

  /** Does it while no write is being made. */
  #inTurn<Result>(work: (remote: RemoteBranch) => Promise<Result>): Promise<Result> {
    const remote = this.#remote;
    if (remote === undefined) return Promise.reject(new Error('this writer follows no remote'));
    if (this.#isClosed) return Promise.reject(shuttingDown());
    const result = new Promise<Result>((fulfil, reject) => {
      const fail = (error: unknown): void => reject(expectedFailure(error) ?? error);
      this.#turns.push({ work: () => work(remote).then(fulfil, fail), reject });
    });
    this.#running ??= this.#run();
    return result;
  }

  /** For a look: on the head, and nobody is refused. */
  async #plan(request: WriteRequest): Promise<PlannedWrite> {
    const { cache } = this.#options;
    const chain = await startChain(this.#options);
    await checkPreconditions({ chain, history: cache.history }, request);
    const base = await readBase(this.#source, chain, request.org);
    return planWrite(base, request, { now: this.#now(), reader: this.#reader });
  }
}

/** Something that is done between two groups of writes. */
interface Turn {
  /** Never rejects. */
  readonly work: () => Promise<void>;
  readonly reject: (reason: unknown) => void;
}

/** The refusal of whatever comes while the server ends. */
export function shuttingDown(): Failure {
  return new Failure('busy', 'SHUTTING_DOWN', 'the server is shutting down', {
    data: { retryAfterSeconds: 5 },
  });
}
