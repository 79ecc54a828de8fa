import { Failure } from '../model/failure.js';
import type { WritableCache } from './adoption.js';
import { CommitChain } from './commit-chain.js';
import { type Disk, machineDisk } from './disk.js';
import { expectedFailure } from './disk-failure.js';
import { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { LockClock, type LockWait } from './git-lock.js';
import { checkedIdentity, type Identity, SERVICE } from './identity.js';
import { type PlannedWrite, planWrite } from './plan-write.js';
import { previewOf } from './preview.js';
import type { Published } from './publish.js';
import { type BaseSource, readBase } from './write-base.js';
import { checkPreconditions } from './write-conditions.js';
import { type Outcome, planGroup } from './write-group.js';
import { moveTo, type Opened, WritePublisher } from './write-publisher.js';
import { isUrgent, type Waiting, WriteQueue } from './write-queue.js';
import { findRefusals } from './write-refusals.js';
import type { Preview, RepositoryWriter, WriteRequest, WriteResult, Writer } from './write-request.js';

/** What a writer needs. */
export interface WriterOptions {
  readonly repository: GitRepository;
  readonly cache: WritableCache;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch?: string;
  /** Who commits; `Flagstaff <flagstaff@flagstaff.invalid>` where it is left out. */
  readonly committer?: Identity;
  /** The most commits that are flushed together; 64 where it is left out, and 1 flushes each alone. */
  readonly groupSize?: number;
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number;
  /** The file system. */
  readonly disk?: Disk;
}

/**
 * Opens the writer, and heals what a crash left behind. A clone that cannot be written to (bare, another process
 * writes, git holds a lock, the disk refuses) is opened all the same: it is served, and each write says what is in the
 * way.
 */
export async function openWriter(
  options: WriterOptions,
): Promise<Writer & Pick<RepositoryWriter, 'queueLength'>> {
  const writer = new QueuedWriter(options);
  await writer.start();
  return writer;
}

/** So often the branch may move under a write before it gives up: each time somebody else got a commit in. */
const ATTEMPTS = 20;
/** So many commits share one round of flushing. */
const GROUP_SIZE = 64;

class QueuedWriter implements Writer {
  readonly #options: WriterOptions;
  readonly #committer: Identity;
  readonly #now: () => number;
  readonly #publisher: WritePublisher;
  readonly #reader: FileReader;
  readonly #lockClock = new LockClock();
  readonly #queue = new WriteQueue();
  /** How many writes are being made. */
  #begun = 0;
  /** Until the queue is empty; undefined where it is. */
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#committer = checkedIdentity(options.committer ?? SERVICE);
    this.#now = options.now ?? Date.now;
    const { repository, branch, disk = machineDisk } = options;
    this.#publisher = new WritePublisher({ repository, branch, disk, now: this.#now });
    this.#reader = new FileReader(options.repository);
  }

  async start(): Promise<void> {
    try {
      await this.#publisher.open(this.#lockClock.startWait());
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
      this.#queue.add({ request, wait, fulfil, reject });
    });
    this.#running ??= this.#run();
    return result;
  }

  async preview(request: WriteRequest): Promise<Preview> {
    const { repository, branch } = this.#options;
    const place = { repository, branch, publisher: this.#publisher };
    for (let attempt = 1; ; attempt += 1) {
      const planned = await this.#plan(request);
      const refusals = await findRefusals(place, planned, request);
      if (refusals !== undefined) return previewOf(planned, refusals);
      if (attempt === ATTEMPTS) throw branchMoving();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#queue.takeAll()) reject(shuttingDown());
    await this.#running;
    await this.#publisher.close();
    await this.#reader.close();
  }

  get #source(): BaseSource {
    return { cache: this.#options.cache, reader: this.#reader, now: this.#now };
  }

  async #run(): Promise<void> {
    const { groupSize = GROUP_SIZE } = this.#options;
    for (let group = this.#queue.take(groupSize); group.length > 0; group = this.#queue.take(groupSize)) {
      this.#begun = group.length;
      await this.#writeGroup(group);
      this.#begun = 0;
    }
    this.#running = undefined;
  }

  /** Settles each of them, or puts it back. Never rejects. */
  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#attemptAgain(group);
      this.#queue.putBack(group.slice(outcomes.length));
      for (const [index, outcome] of outcomes.entries()) settle(group[index], outcome);
    } catch (error) {
      // What is in the way of one must not be in the way of all.
      if (error instanceof Failure && group.length > 1) {
        for (const waiting of group) await this.#writeGroup([waiting]);
        return;
      }
      for (const { reject } of group) reject(expectedFailure(error) ?? error);
    }
  }

  /** Each time that the branch moves, fewer are tried: they are ready sooner. */
  async #attemptAgain(group: readonly Waiting[]): Promise<readonly Outcome[]> {
    let fewer = group;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const outcomes = await this.#attempt(fewer);
      if (outcomes !== undefined) return outcomes;
      fewer = fewer.slice(0, Math.ceil(fewer.length / 2));
    }
    return fewer.map(() => ({ kind: 'refused', reason: branchMoving() }));
  }

  /** Undefined where the branch has moved: everything is to be looked at again. */
  async #attempt(group: readonly Waiting[]): Promise<readonly Outcome[] | undefined> {
    const chain = await this.#startChain();
    const wait = waitOf(group);
    const opening = once(() => this.#publisher.openAt(chain.head, wait));
    const outcomes = await planGroup(
      group.map(({ request }) => request),
      {
        chain,
        source: this.#source,
        committer: this.#committer,
        open: async () => (await opening())?.clone,
        isInterrupted: () => this.#queue.hasKills && !group.every(isUrgent),
      },
    );
    if (outcomes === undefined || chain.commits.length === 0) return outcomes;
    const opened = await opening();
    return opened && this.#publish(chain, opened, { outcomes, wait });
  }

  /** For a look: on the head, and nobody is refused. */
  async #plan(request: WriteRequest): Promise<PlannedWrite> {
    const { cache } = this.#options;
    const chain = await this.#startChain();
    await checkPreconditions({ chain, history: cache.history }, request);
    const base = await readBase(this.#source, chain, request.org);
    return planWrite(base, request, { now: this.#now(), reader: this.#reader });
  }

  /** A cache that is behind follows first: what it loads meanwhile would be loaded twice, and the branch moves on. */
  async #startChain(): Promise<CommitChain> {
    const { repository, branch, cache } = this.#options;
    const seen = await headCommit(repository, branch);
    if (cache.revision !== seen) await cache.refresh().catch(() => undefined);
    const oid = await headCommit(repository, branch);
    const { tree } = await repository.readCommit(oid);
    return new CommitChain(repository, { oid, tree });
  }

  /** Undefined where the chain is to be made again. */
  async #publish(
    chain: CommitChain,
    opened: Opened,
    { outcomes, wait }: Planned,
  ): Promise<readonly Outcome[] | undefined> {
    const { cache } = this.#options;
    cache.expect(chain.tip.commit);
    try {
      const published = await this.#publisher.publish(moveTo(chain), opened, wait);
      if (published === undefined) return undefined;
      await this.#serve(chain);
      return outcomesOf(chain, published, outcomes);
    } finally {
      cache.expect(undefined);
    }
  }

  /** The write is made even if it cannot be served at once; `cache.trouble` says why. */
  async #serve({ head, commits, orgs }: CommitChain): Promise<void> {
    const { cache } = this.#options;
    const commit = commits.at(-1)?.oid ?? head;
    const isServed = await cache.adopt({ base: head, commit, orgs }).catch(() => false);
    if (!isServed) await cache.refresh().catch(() => undefined);
  }
}

interface Planned {
  readonly outcomes: readonly Outcome[];
  readonly wait: LockWait;
}

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

function settle(waiting: Waiting | undefined, outcome: Outcome): void {
  if (outcome.kind === 'done') waiting?.fulfil({ ...outcome.result, pending: 0 });
  else waiting?.reject(outcome.reason);
}

/** What is not known to be durable is not told as done. */
function outcomesOf(
  chain: CommitChain,
  published: Exclude<Published, { kind: 'moved' }>,
  outcomes: readonly Outcome[],
): readonly Outcome[] {
  if (published.kind === 'committed') return outcomes;
  const refused: Outcome = { kind: 'refused', reason: published.failure };
  return outcomes.map((outcome) => (isOf(chain, outcome) ? refused : outcome));
}

/** True where it tells of a commit of the chain: its own, or one that made it say nothing new. */
function isOf({ head }: CommitChain, outcome: Outcome): boolean {
  return outcome.kind === 'done' && outcome.result.commit !== head;
}

async function headCommit(repository: GitRepository, branch: string | undefined): Promise<string> {
  const oid = branch === undefined ? (await repository.head()).oid : await repository.resolveBranch(branch);
  if (oid !== undefined) return oid;
  throw new Failure('busy', 'NO_COMMIT', 'there is no commit yet to write on top of');
}

/** The refusal of whatever comes while the server ends. */
export function shuttingDown(): Failure {
  return new Failure('busy', 'SHUTTING_DOWN', 'the server is shutting down', {
    data: { retryAfterSeconds: 5 },
  });
}

function branchMoving(): Failure {
  return new Failure('busy', 'BRANCH_MOVING', 'the branch moved again and again; the write was not made', {
    data: { retryAfterSeconds: 1 },
  });
}
