import { watchWorkTree } from './watch.js';
import { stampWorkTree } from './worktree.js';

/** How often the files are looked at where no watch tells of a change, in milliseconds. */
const POLL_MS = 900;
/** How long nothing must come before the files are looked at, in milliseconds: editors save in several steps. */
const QUIET_MS = 40;

/** What follows the plain files of a folder until it is closed. */
export interface WorkTreeFollower {
  /** Rejects with what `onChange` threw, which ends the following. Never fulfils. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** Who is told. */
interface Listener {
  /** Called at once, and after each change; not before the call before has ended. */
  readonly onChange: () => Promise<void>;
  /** The system refuses to read the files; they are tried again with the next poll. */
  readonly onTrouble: (error: NodeJS.ErrnoException) => void;
}

/** Follows the files that `loadDirectory` reads. It keeps the process alive. */
export function followWorkTree(dir: string, listener: Listener): WorkTreeFollower {
  const follower = new Follower(dir, listener);
  follower.start();
  return follower;
}

class Follower implements WorkTreeFollower {
  readonly failed: Promise<never>;
  readonly #dir: string;
  readonly #listener: Listener;
  #fail: (error: unknown) => void = () => undefined;
  #closeWatch: () => Promise<void> = async () => undefined;
  #poll: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isAsked = false;
  #isClosed = false;
  #stamp: string | undefined;

  constructor(dir: string, listener: Listener) {
    this.#dir = dir;
    this.#listener = listener;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Who closes it before it fails does not wait for that.
    this.failed.catch(() => undefined);
  }

  start(): void {
    const watching = watchWorkTree(this.#dir, () => this.#ask());
    this.#closeWatch = () => watching.close();
    this.#poll = setInterval(() => this.#look(), POLL_MS);
    this.#look();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#quiet);
    await this.#closeWatch();
    await this.#running;
  }

  #ask(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#look(), QUIET_MS);
  }

  /** One run at a time: what is asked for meanwhile is one more after it. */
  #look(): void {
    this.#isAsked = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#isAsked && !this.#isClosed) {
      this.#isAsked = false;
      await this.#tellOnce();
    }
  }

  async #tellOnce(): Promise<void> {
    try {
      const stamp = await stampWorkTree(this.#dir);
      if (stamp === this.#stamp || this.#isClosed) return;
      await this.#listener.onChange();
      this.#stamp = stamp;
    } catch (error) {
      if (isGone(error)) this.#ask();
      else if (isRefused(error)) this.#listener.onTrouble(error);
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
