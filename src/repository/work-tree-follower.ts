import { watchWorkTree } from './watch.js';
import { restingStamp } from './work-stamp.js';

/** How often the files are looked at where no watch tells of a change, in milliseconds. */
const POLL_MS = 900;
/** A poll of many files takes its time: at most one part in so many goes into it. */
const MOST_POLLING = 20;

/** What follows the plain files of a folder until it is closed. */
export interface WorkTreeFollower {
  /** Rejects with what `onChange` threw, which ends the following. Never fulfils. */
  readonly failed: Promise<never>;
  /** Gives up what runs. */
  close(): Promise<void>;
}

/** Who is told of what. */
interface Following {
  readonly dir: string;
  /** Called at once, and after each change; not before the call before has ended. To be given up with the signal. */
  readonly onChange: (signal: AbortSignal) => Promise<void>;
  /** The system refuses to read the files; they are tried again with the next poll. */
  readonly onTrouble: (error: NodeJS.ErrnoException) => void;
  /** How often it is looked for changes even if no watch tells of one, in milliseconds; 900 where it is left out. */
  readonly pollMs?: number;
}

/** Follows the files that `loadDirectory` reads, each time that they rest. It keeps the process alive. */
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
  #closeWatch: () => Promise<void> = async () => undefined;
  #poll: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isAsked = false;
  #stamp: string | undefined;
  /** No poll before that, in milliseconds of `performance.now()`. */
  #pollAfter = 0;

  constructor(following: Following) {
    this.#following = following;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Who closes it before it fails does not wait for that.
    this.failed.catch(() => undefined);
  }

  start(): void {
    const { dir, pollMs = POLL_MS } = this.#following;
    const watching = watchWorkTree(dir, () => this.#look());
    this.#closeWatch = () => watching.close();
    this.#poll = setInterval(() => {
      watching.renew();
      if (performance.now() >= this.#pollAfter) this.#look();
    }, pollMs);
    this.#look();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    clearInterval(this.#poll);
    await this.#closeWatch();
    await this.#running;
  }

  /** One run at a time: what is asked for meanwhile is one more after it. */
  #look(): void {
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
    const { dir, onChange, onTrouble } = this.#following;
    const { signal } = this.#ending;
    try {
      const began = performance.now();
      const stamp = await restingStamp({ dir, known: this.#stamp, signal });
      const now = performance.now();
      this.#pollAfter = now + MOST_POLLING * (now - began);
      if (stamp === this.#stamp) return;
      await onChange(signal);
      this.#stamp = stamp;
    } catch (error) {
      // What is given up ends as it likes.
      if (signal.aborted) return;
      if (isGone(error)) this.#look();
      else if (isRefused(error)) onTrouble(error);
      else this.#fail(error);
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
