import { createHash } from 'node:crypto';
import { Failure } from '../model/failure.js';
import { damaged } from './damage.js';
import { GitProcess, GitTrouble } from './git-process.js';
import type { GitObject } from './loose-object.js';

/** How long a process may wait for the next question, and how long one answer may take. */
const IDLE_MS = 2_000;
const ANSWER_MS = 60_000;
/** One that dies is started again, once for each question. */
const ATTEMPTS = 2;
/** So many questions wait; the others are answered without git. */
const MOST_WAITING = 32;
/** A larger object is no file that anybody reads: it would only take the memory of everything else. */
const MOST_BYTES = 268_435_456;
const LINE_END = 0x0a;
const ANSWER = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/;

/**
 * Reads large objects through one process of `git cat-file --batch`, which unpacks them beside this one: here they are
 * only copied and counted, a piece at a time. It starts with the first question and ends when none comes.
 */
export class GitObjects {
  readonly #commonDir: string;
  #process: GitProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(commonDir: string) {
    this.#commonDir = commonDir;
  }

  /**
   * Undefined where git does not give it: it is not installed, busy, or has no such object. Throws `Failure`
   * REPOSITORY_DAMAGED where it is not what its name says, REPOSITORY_UNREADABLE where it is too large for anybody.
   */
  async read(oid: string): Promise<GitObject | undefined> {
    if (this.#waiting >= MOST_WAITING) return undefined;
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#attempt(oid));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #attempt(oid: string): Promise<GitObject | undefined> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const git = this.#running();
      try {
        const object = await answerOf(git, oid);
        this.#rest(git);
        return object;
      } catch (error) {
        this.#end();
        if (!(error instanceof GitTrouble)) throw error;
      }
    }
    return undefined;
  }

  /** While it answers it keeps this process alive, and no longer than its time. */
  #running(): GitProcess {
    const place = { repository: { commonDir: this.#commonDir }, signal: new AbortController().signal };
    this.#process ??= new GitProcess(place, ['cat-file', '--batch']);
    this.#process.keepsAlive(true);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(), ANSWER_MS).unref();
    return this.#process;
  }

  #rest(git: GitProcess): void {
    git.keepsAlive(false);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#process?.kill();
    this.#process = undefined;
  }
}

/** `<id> <type> <size>`, the bytes and a line end; or `<id> missing`. */
async function answerOf(git: GitProcess, oid: string): Promise<GitObject | undefined> {
  git.ask(`${oid}\n`);
  const line = (await git.readTo(LINE_END))?.toString('latin1');
  if (line === `${oid} missing`) return undefined;
  const [, found, type, size] = ANSWER.exec(line ?? '') ?? [];
  if (found !== oid) throw new GitTrouble(`git answers ${line} for ${oid}`);
  const object = await objectOf(git, { oid, type: type as GitObject['type'], size: Number(size) });
  await git.readBytes(1);
  return object;
}

interface Announced {
  readonly oid: string;
  readonly type: GitObject['type'];
  readonly size: number;
}

/** Checked as it comes: at once, the sum of a large one would take as long as to unpack it. */
async function objectOf(git: GitProcess, { oid, type, size }: Announced): Promise<GitObject> {
  if (size > MOST_BYTES) throw tooLarge(oid, size);
  const bytes = Buffer.allocUnsafe(size);
  const sum = createHash('sha1').update(`${type} ${size}\0`);
  for (let at = 0; at < size; ) {
    const piece = await git.readSome(size - at);
    sum.update(piece);
    at += piece.copy(bytes, at);
  }
  if (sum.digest('hex') !== oid) throw damaged(`object ${oid} is not what its name says`);
  return { type, bytes };
}

function tooLarge(oid: string, size: number): Failure {
  const sentence = `object ${oid} has ${size} bytes; at most ${MOST_BYTES} are read`;
  return new Failure('busy', 'REPOSITORY_UNREADABLE', sentence);
}
