import { Failure } from '../model/failure.js';
import type { FlagSource } from './source.js';
import { type Watching, watchRefs } from './watch.js';
import { type RestingTree, restingTree } from './work-stamp.js';

/** How often the files are looked at where no watch tells of a change, in milliseconds. */
const POLL_MS = 900;

/** What follows the plain files of a folder until it is closed. */
export interface WorkTreeFollower {
  /** Rejects with what `onChange` threw, which ends the following. Never fulfils. */
  readonly failed: Promise<never>;
  /** Gives up what runs. */
  close(): Promise<void>;
}

/** Says where a commit is named, and which one it is. */
export type CommitSource = Pick<FlagSource, 'place' | 'look'>;

/** Who is told of what. */
interface Following {
  readonly dir: string;
  /** What names a commit that is followed too; it is a change to know it. Nothing where it is left out. It must not reject. */
  readonly commit?: Promise<CommitSource | undefined>;
  /** Called at once, and after each change; not before the call before has ended. To be given up with the signal. */
  readonly onChange: (signal: AbortSignal) => Promise<void>;
  /** The system refuses to read the files; they are tried again with the next poll. */
  readonly onTrouble: (error: NodeJS.ErrnoException) => void;
  /** How often it is looked for changes even if no watch tells of one, in milliseconds; 900 where it is left out. */
  readonly pollMs?: number;
}

/** Follows the files that `loadDirectory` reads, each time that they rest, and a commit. It keeps the process alive. */
export function followWorkTree(following: Following): WorkTreeFollower {
  const follower = new Follower(following);
  follower.start();
  return follower;
}

class Follower implements WorkTreeFollower {
  readonly failed: Promise<never>;
  readonly #following: Following;
  readonly #ending = new AbortController();
  #fail: (error: unknown) => void = () => undefined;
  readonly #tree: RestingTree;
  readonly #watchings: Watching[] = [];
  #source: CommitSource | undefined;
  #poll: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isAsked = false;
  /** True where somebody has told of a change: who only polls glances. */
  #hasHeard = false;
  #stamp: string | undefined;

  constructor(following: Following) {
    this.#following = following;
    this.#tree = restingTree(following.dir);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Who closes it before it fails does not wait for that.
    this.failed.catch(() => undefined);
  }

  start(): void {
    const { commit, pollMs = POLL_MS } = this.#following;
    this.#watchings.push(this.#tree.follow(() => this.#hear()));
    void commit?.then((source) => this.#followCommit(source));
    this.#poll = setInterval(() => this.#ask(), pollMs);
    this.#hear();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    clearInterval(this.#poll);
    for (const watching of this.#watchings) await watching.close();
    await this.#running;
  }

  #followCommit(source: CommitSource | undefined): void {
    if (source === undefined || this.#ending.signal.aborted) return;
    this.#source = source;
    const onChange = (): void => this.#ask();
    // Who serves the same says where it cannot be watched; here the poll is enough.
    this.#watchings.push(watchRefs(source.place, { onChange, log: () => undefined }));
    this.#ask();
  }

  #hear(): void {
    this.#hasHeard = true;
    this.#ask();
  }

  /** One run at a time: what is asked for meanwhile is one more after it. */
  #ask(): void {
    this.#isAsked = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#isAsked && !this.#ending.signal.aborted) {
      this.#isAsked = false;
      await this.#tellOnce();
    }
  }

  async #tellOnce(): Promise<void> {
    const { onChange } = this.#following;
    const { signal } = this.#ending;
    try {
      const stamp = `${await this.#stampTree(signal)} ${await this.#commit()}`;
      if (stamp === this.#stamp) return;
      await onChange(signal);
      this.#stamp = stamp;
    } catch (error) {
      // What is given up ends as it likes.
      if (signal.aborted) return;
      if (isGone(error)) this.#hear();
      else if (isRefused(error)) this.#tryAgain(error);
      else this.#fail(error);
    }
  }

  /** What was heard is not done with; the next poll asks again. */
  #tryAgain(error: NodeJS.ErrnoException): void {
    this.#hasHeard = true;
    this.#following.onTrouble(error);
  }

  #stampTree(signal: AbortSignal): Promise<string> {
    const hasHeard = this.#hasHeard;
    this.#hasHeard = false;
    return hasHeard ? this.#tree.look(signal) : this.#tree.glance(signal);
  }

  /** Why there is none is for those who read it. */
  async #commit(): Promise<string | undefined> {
    try {
      return (await this.#source?.look())?.head;
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
  }
}

/** A file went between being listed and being read: the next look no longer finds it. */
function isGone(error: unknown): boolean {
  return isRefused(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function isRefused(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
