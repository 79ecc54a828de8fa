import { mainPath } from '../changes/apply.js';
import { commitMessage } from '../changes/message.js';
import { Failure } from '../model/failure.js';
import { applyToBase, type BuiltCommit, buildCommit } from './build-commit.js';
import { type Clone, openClone } from './clone.js';
import { checkWritable, writableHead } from './clone-state.js';
import { type Disk, machineDisk } from './disk.js';
import { expectedFailure } from './disk-failure.js';
import { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { LockClock, type LockWait } from './git-lock.js';
import { checkedIdentity, type Identity, SERVICE } from './identity.js';
import { InstanceLock } from './instance-lock.js';
import { addedProblems, judge } from './judge.js';
import { type Publication, publish } from './publish.js';
import { recover } from './recovery.js';
import type { FlagCache } from './served.js';
import { ensureStateFolder } from './state-folder.js';
import { blobAt, readBase, type WriteBase } from './write-base.js';
import type { Precondition, Preview, WriteRequest, WriteResult, Writer } from './write-request.js';

/** What a writer needs. */
export interface WriterOptions {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch?: string;
  /** Who commits; `Flagstaff <flagstaff@flagstaff.invalid>` where it is left out. */
  readonly committer?: Identity;
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
export async function openWriter(options: WriterOptions): Promise<Writer> {
  const writer = new QueuedWriter(options);
  await writer.start();
  return writer;
}

/** So often the branch may move under a write before it gives up: each time somebody else got a commit in. */
const ATTEMPTS = 20;

class QueuedWriter implements Writer {
  readonly #options: WriterOptions;
  readonly #committer: Identity;
  readonly #now: () => number;
  readonly #disk: Disk;
  readonly #reader: FileReader;
  readonly #lockClock = new LockClock();
  #clone: Clone | undefined;
  #instance: InstanceLock | undefined;
  /** The end of the queue. */
  #last: Promise<unknown> = Promise.resolve();
  /** What the last write left to be flushed. */
  #settling: Promise<void> = Promise.resolve();
  #needsRecovery = true;
  #isClosed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#committer = checkedIdentity(options.committer ?? SERVICE);
    this.#now = options.now ?? Date.now;
    this.#disk = options.disk ?? machineDisk;
    this.#reader = new FileReader(options.repository);
  }

  async start(): Promise<void> {
    try {
      await this.#open(this.#lockClock.startWait());
    } catch (error) {
      if (expectedFailure(error) === undefined) throw error;
    }
  }

  write(request: WriteRequest): Promise<WriteResult> {
    if (this.#isClosed) return Promise.reject(shuttingDown());
    const wait = this.#lockClock.startWait();
    const result = this.#last.then(() => this.#writeNow(request, wait));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async preview(request: WriteRequest): Promise<Preview> {
    const { repository, cache, branch } = this.#options;
    const commit = await headCommit(repository, branch);
    const base = await readBase({ repository, cache, reader: this.#reader }, commit, request.org);
    checkPreconditions(base, request);
    const now = this.#now();
    const applied = await applyToBase(repository, base, { changes: request.changes, now });
    const problems = await addedProblems(repository, base, { ...applied, changes: request.changes, now });
    const isChanged = applied.edits.length > 0;
    return { base: commit, changed: isChanged, files: [], differences: [], problems, brokenTests: [] };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await this.#settling;
    this.#instance?.release();
    await this.#reader.close();
  }

  async #writeNow(request: WriteRequest, wait: LockWait): Promise<WriteResult> {
    if (this.#isClosed) throw shuttingDown();
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const result = await this.#attempt(request, wait);
        if (result !== undefined) return result;
      }
    } catch (error) {
      throw expectedFailure(error) ?? error;
    }
    throw new Failure('busy', 'BRANCH_MOVING', 'the branch moved again and again; the write was not made', {
      data: { retryAfterSeconds: 1 },
    });
  }

  /** Undefined where the branch has moved: everything is to be looked at again. */
  async #attempt(request: WriteRequest, wait: LockWait): Promise<WriteResult | undefined> {
    const { repository, cache, branch } = this.#options;
    const author = checkedIdentity(request.author);
    const commit = await headCommit(repository, branch);
    const base = await readBase({ repository, cache, reader: this.#reader }, commit, request.org);
    checkPreconditions(base, request);
    const clone = await this.#open(wait);
    const head = await writableHead(repository, branch);
    if (head.oid !== base.commit) return undefined;
    const now = this.#now();
    const applied = await applyToBase(repository, base, { changes: request.changes, now });
    const message = commitMessage({ ...request, changes: applied.effective });
    await judge(repository, base, { ...applied, changes: request.changes, now });
    if (applied.edits.length === 0) return unchanged(base, request);
    const built = await buildCommit(repository, base, {
      applied,
      identities: { author, committer: this.#committer },
      message,
      seconds: Math.floor(now / 1_000),
    });
    const publication = { ...built, branch: head.branch, servedBranch: branch };
    const isPublished = await this.#publish(clone, publication, wait);
    if (!isPublished) return undefined;
    await this.#serve();
    return written(base, request, built);
  }

  /** Whatever is in the way of writing here; a writer that could not recover tries again at each write. */
  async #open(wait: LockWait): Promise<Clone> {
    const { repository } = this.#options;
    checkWritable(repository);
    this.#instance ??= new InstanceLock({
      disk: this.#disk,
      stateDir: ensureStateFolder(repository),
      now: this.#now,
    });
    if (await this.#instance.take()) this.#needsRecovery = true;
    this.#clone ??= openClone(repository, repository.workDir ?? '', this.#disk);
    await this.#settling;
    if (this.#needsRecovery) await recover(this.#clone, wait);
    this.#needsRecovery = false;
    return this.#clone;
  }

  async #publish(clone: Clone, publication: Publication, wait: LockWait): Promise<boolean> {
    const published = await publish(clone, publication, wait).catch((error: unknown) => {
      // An expected refusal left nothing; after anything else the journal tells what is there.
      this.#needsRecovery ||= !(error instanceof Failure);
      throw error;
    });
    if (published.kind === 'moved') return false;
    if (published.kind === 'unconfirmed') {
      this.#needsRecovery = true;
      throw published.failure;
    }
    this.#settling = published.settled.catch(() => {
      // The commit is made and flushed; the journal heals what is missing, before the next write at the latest.
      this.#needsRecovery = true;
    });
    return true;
  }

  /** The write is made even if it cannot be served at once; `cache.trouble` says why. */
  async #serve(): Promise<void> {
    await this.#options.cache.refresh().catch(() => undefined);
  }
}

async function headCommit(repository: GitRepository, branch: string | undefined): Promise<string> {
  const oid = branch === undefined ? (await repository.head()).oid : await repository.resolveBranch(branch);
  if (oid !== undefined) return oid;
  throw new Failure('busy', 'NO_COMMIT', 'there is no commit yet to write on top of');
}

/** Every one that is named must hold, before anything else is asked. Throws `Failure` PRECONDITION_FAILED. */
function checkPreconditions(base: WriteBase, { changes, preconditions = [] }: WriteRequest): void {
  if (changes.length === 0) throw new Failure('invalid', 'NO_CHANGES', 'a write needs at least one change');
  for (const precondition of preconditions) checkPrecondition(base, precondition);
}

function checkPrecondition(base: WriteBase, { path, ifMatch, ifNoneMatch }: Precondition): void {
  const current = blobAt(base, path);
  const isMatch =
    ifMatch === undefined || (ifMatch === '*' ? current !== undefined : ifMatch.includes(current ?? ''));
  if (isMatch && (ifNoneMatch === undefined || current === undefined)) return;
  const found = current === undefined ? 'it is not there' : `it is ${current} now`;
  throw new Failure(
    'precondition',
    'PRECONDITION_FAILED',
    `${path} is not as the request expects: ${found}`,
    { data: current === undefined ? {} : { current } },
  );
}

function unchanged(base: WriteBase, request: WriteRequest): WriteResult {
  const paths = request.changes.map((change) => mainPath(request.org, change));
  const blobs = paths.flatMap((path) => {
    const blob = blobAt(base, path);
    return blob === undefined ? [] : [[path, blob] as const];
  });
  return { commit: base.commit, changed: false, paths, blobs: new Map(blobs), differences: [] };
}

function written(base: WriteBase, request: WriteRequest, { commit, files }: BuiltCommit): WriteResult {
  const before = unchanged(base, request);
  const blobs = new Map(before.blobs);
  for (const { path, after } of files) {
    if (after === null) blobs.delete(path);
    else blobs.set(path, after.oid);
  }
  const paths = [...new Set([...before.paths, ...files.map(({ path }) => path)])];
  return { commit: commit.oid, changed: true, paths, blobs, differences: [] };
}

/** The refusal of whatever comes while the server ends. */
export function shuttingDown(): Failure {
  return new Failure('busy', 'SHUTTING_DOWN', 'the server is shutting down', {
    data: { retryAfterSeconds: 5 },
  });
}
