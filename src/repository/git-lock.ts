import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../model/failure.js';
import { codeOf, type Disk } from './disk.js';

/** How long a lock of somebody else is waited for, and how often it is looked at. */
const WAIT_MS = 2_000;
const LOOK_MS = 15;

/**
 * Takes git's own locks, as git does: whoever makes `<file>.lock` has it. Ours are hard links of one file, so that after
 * a crash the same inode proves that a lock which was left behind is ours. A lock of somebody else is never removed.
 */
export class GitLocks {
  readonly #disk: Disk;
  /** The file whose links our locks are. It stays from start to start. */
  readonly #token: string;

  constructor(disk: Disk, stateDir: string) {
    this.#disk = disk;
    this.#token = ownLockToken(stateDir);
  }

  /** Makes the token, and removes those of these locks that a crash of ours left behind. */
  async recover(paths: readonly string[]): Promise<void> {
    const token = this.#disk.stat(this.#token);
    if (token === undefined) {
      await this.#disk.create(this.#token, Buffer.from('Flagstaff holds this lock\n'));
      return;
    }
    for (const path of paths) {
      const lock = this.#disk.stat(path);
      if (lock !== undefined && lock.ino === token.ino && lock.dev === token.dev) this.#disk.remove(path);
    }
  }

  /** Holds the lock of a file while the work is done. Throws `Failure` GIT_LOCKED where the wait for somebody else ends. */
  async holding<Result>(path: string, wait: LockWait, work: () => Promise<Result>): Promise<Result> {
    const lock = `${path}.lock`;
    while (!this.#take(lock)) {
      if (!(await wait.goOn())) throw gitLocked(lock);
    }
    try {
      return await work();
    } finally {
      this.#disk.remove(lock);
    }
  }

  /** The folder of a branch may have gone with its last loose ref. */
  #take(lock: string): boolean {
    try {
      return this.#disk.link(this.#token, lock);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      this.#disk.makeFolder(dirname(lock));
      return this.#disk.link(this.#token, lock);
    }
  }
}

/** The file whose links the locks of this clone's writer are. */
export function ownLockToken(stateDir: string): string {
  return join(stateDir, 'lock-token');
}

/** How long one request waits for locks. */
export interface LockWait {
  /** Waits a moment; false where the request has waited long enough. */
  goOn(): Promise<boolean>;
}

/**
 * Times the waiting of a queue. It runs only while somebody else's lock is waited for: requests that queue behind one
 * such lock all end when the first does, and a long queue loses none to locks that are held for a moment.
 */
export class LockClock {
  #waitedMs = 0;

  /** The wait of a request that arrives now. */
  startWait(): LockWait {
    const end = this.#waitedMs + WAIT_MS;
    return { goOn: () => this.#waitUntil(end) };
  }

  async #waitUntil(end: number): Promise<boolean> {
    if (this.#waitedMs >= end) return false;
    const start = performance.now();
    await sleep(LOOK_MS);
    this.#waitedMs += performance.now() - start;
    return true;
  }
}

function gitLocked(lock: string): Failure {
  return new Failure('busy', 'GIT_LOCKED', `another git process holds ${lock}; the write was not made`, {
    data: { retryAfterSeconds: 2 },
  });
}
