import { randomBytes } from 'node:crypto';
import { utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import type { Disk } from './disk.js';

/** Who holds the lock. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When that process was started, as Linux counts; a process id may come again. */
  readonly startedAt: string;
  readonly token: string;
}

/** How often the holder touches the lock, and after how long a holder on another machine counts as gone. */
const TOUCH_MS = 15_000;
const GONE_AFTER_MS = 60_000;

/** One writer for each clone: a file that names its process. What a dead process left behind is taken over. */
export class InstanceLock {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #now: () => number;
  #held: Owner | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { disk: Disk; stateDir: string; now: () => number }) {
    this.#disk = options.disk;
    this.#path = join(options.stateDir, 'writer.lock');
    this.#now = options.now;
  }

  /** True where this call took it, false where it was held already. Throws `Failure` ANOTHER_WRITER where another process has it. */
  async take(): Promise<boolean> {
    if (this.#held !== undefined && this.#owner()?.token === this.#held.token) return false;
    const self = this.#self();
    const temporary = `${this.#path}.${self.token}`;
    await this.#disk.create(temporary, Buffer.from(JSON.stringify(self)));
    try {
      if (!this.#disk.link(temporary, this.#path)) this.#takeOver(temporary);
    } finally {
      this.#disk.remove(temporary);
    }
    this.#held = self;
    this.#timer ??= setInterval(() => this.#touch(), TOUCH_MS).unref();
    return true;
  }

  release(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#held !== undefined && this.#owner()?.token === this.#held.token) this.#disk.remove(this.#path);
    this.#held = undefined;
  }

  /** The stale lock is moved away first: of two that do this at once, one finds nothing to move. */
  #takeOver(temporary: string): void {
    const owner = this.#owner();
    if (owner !== undefined && this.#isAlive(owner)) throw anotherWriter(owner);
    const aside = `${temporary}.stale`;
    this.#disk.rename(this.#path, aside);
    const moved = parseOwner(this.#disk.read(aside));
    this.#disk.remove(aside);
    const isMeant = moved?.token === owner?.token;
    if (!isMeant || !this.#disk.link(temporary, this.#path)) throw anotherWriter(moved ?? this.#self());
  }

  #isAlive(owner: Owner): boolean {
    if (owner.host !== hostname()) {
      const touchedAt = Number(this.#disk.stat(this.#path)?.mtimeMs ?? 0n);
      return this.#now() - touchedAt < GONE_AFTER_MS;
    }
    return isRunning(owner.pid) && startOf(this.#disk, owner.pid) === owner.startedAt;
  }

  #owner(): Owner | undefined {
    return parseOwner(this.#disk.read(this.#path));
  }

  #self(): Owner {
    const { pid } = process;
    return {
      pid,
      host: hostname(),
      startedAt: startOf(this.#disk, pid),
      token: randomBytes(8).toString('hex'),
    };
  }

  #touch(): void {
    const seconds = this.#now() / 1_000;
    try {
      utimesSync(this.#path, seconds, seconds);
    } catch {
      // It is gone: the next write finds out and takes it again.
    }
  }
}

function parseOwner(bytes: Buffer | undefined): Owner | undefined {
  try {
    return bytes === undefined ? undefined : (JSON.parse(bytes.toString()) as Owner);
  } catch {
    // A power cut may leave it empty. Nobody holds it then.
    return undefined;
  }
}

/** Signal 0 asks whether the process is there; EPERM means that it is, and somebody else's. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat; empty where there is no such file. The name before it may hold blanks and brackets. */
function startOf(disk: Disk, pid: number): string {
  const stat = disk.read(`/proc/${pid}/stat`)?.toString() ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function anotherWriter(owner: Owner): Failure {
  const sentence = `process ${owner.pid} on ${owner.host} writes to this clone already; this one only reads`;
  return new Failure('busy', 'ANOTHER_WRITER', sentence, { data: { retryAfterSeconds: 15 } });
}
