import { randomBytes } from 'node:crypto';
import { utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import type { Disk } from './disk.js';
import { isAlive, ownMark, type ProcessMark } from './process-life.js';

/** Who holds the lock. */
interface Owner extends ProcessMark {
  readonly host: string;
  readonly token: string;
}

/** The lock's name. Those of claims and of locks that are not in place yet start with it. */
const NAME = 'writer.lock';
/** How often the holder touches the lock, and after how long a holder on another machine counts as gone. */
const TOUCH_MS = 15_000;
const GONE_AFTER_MS = 60_000;

/**
 * One writer for each clone: a file that names its process. What a dead process left behind is taken over by whoever
 * makes the claim that is named for its token: of many, one can. A claim whose maker died has itself a claim that is
 * named for it, and so on; so nothing is ever moved away that could be somebody's.
 */
export class InstanceLock {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #path: string;
  readonly #now: () => number;
  #held: Owner | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { disk: Disk; stateDir: string; now: () => number }) {
    this.#disk = options.disk;
    this.#folder = options.stateDir;
    this.#path = join(options.stateDir, NAME);
    this.#now = options.now;
  }

  /** True where this call took it, false where it was held already. Throws `Failure` ANOTHER_WRITER where another process has it. */
  async take(): Promise<boolean> {
    if (this.#held !== undefined && this.#ownerOf(this.#path)?.token === this.#held.token) return false;
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
    this.#removeLeftovers();
    return true;
  }

  /** Takes nothing. Throws `Failure` ANOTHER_WRITER where another process has it now. */
  check(): void {
    const owner = this.#ownerOf(this.#path);
    if (owner === undefined || owner.token === this.#held?.token) return;
    if (this.#isAlive(owner, this.#path)) throw anotherWriter(owner);
  }

  /** Who has it, whether or not that process is still there; undefined where nobody has. */
  get owner(): { readonly pid: number; readonly host: string; readonly isAlive: boolean } | undefined {
    const owner = this.#ownerOf(this.#path);
    return owner && { pid: owner.pid, host: owner.host, isAlive: this.#isAlive(owner, this.#path) };
  }

  release(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#held !== undefined && this.#ownerOf(this.#path)?.token === this.#held.token) {
      this.#disk.remove(this.#path);
    }
    this.#held = undefined;
  }

  /**
   * Only the claim's maker replaces the lock, and only where it is still the one that the claim is about: claims go after
   * that, so whoever was late finds another lock.
   */
  #takeOver(temporary: string): void {
    const dead = this.#identityOf(this.#path);
    const claim = this.#freeClaim(this.#path);
    if (!this.#disk.link(temporary, claim)) throw anotherWriter(this.#ownerOf(claim));
    try {
      if (this.#identityOf(this.#path) !== dead) throw anotherWriter(this.#ownerOf(this.#path));
      this.#disk.rename(temporary, this.#path);
    } finally {
      this.#disk.remove(claim);
    }
  }

  /** Where to claim what this file holds, if its owner is gone, and all who claimed it before are. */
  #freeClaim(path: string): string {
    const owner = this.#ownerOf(path);
    if (owner !== undefined && this.#isAlive(owner, path)) throw anotherWriter(owner);
    const claim = `${this.#path}.after-${this.#identityOf(path)}`;
    return this.#disk.stat(claim) === undefined ? claim : this.#freeClaim(claim);
  }

  /** The token; where a power cut left an empty file, what tells it from others. One that has gone just now was somebody's. */
  #identityOf(path: string): string {
    const identity = this.#ownerOf(path)?.token ?? this.#disk.stat(path)?.ino.toString();
    if (identity === undefined) throw anotherWriter(undefined);
    return identity;
  }

  /** What processes left that died while they took the lock. */
  #removeLeftovers(): void {
    const names = this.#disk.list(this.#folder).filter((name) => name.startsWith(`${NAME}.`));
    for (const path of names.map((name) => join(this.#folder, name))) {
      const owner = this.#ownerOf(path);
      if (owner !== undefined && !this.#isAlive(owner, path)) this.#disk.remove(path);
    }
  }

  #isAlive(owner: Owner, path: string): boolean {
    if (owner.host !== hostname()) {
      const touchedAt = Number(this.#disk.stat(path)?.mtimeMs ?? 0n);
      return this.#now() - touchedAt < GONE_AFTER_MS;
    }
    return isAlive(owner, this.#disk);
  }

  #ownerOf(path: string): Owner | undefined {
    return parseOwner(this.#disk.read(path));
  }

  #self(): Owner {
    return { ...ownMark(this.#disk), host: hostname(), token: randomBytes(8).toString('hex') };
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

/** Undefined where the other one has gone again in the meantime. */
function anotherWriter(owner: Owner | undefined): Failure {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  const sentence = `${who} writes to this clone already; this one only reads`;
  return new Failure('busy', 'ANOTHER_WRITER', sentence, { data: { retryAfterSeconds: 15 } });
}
