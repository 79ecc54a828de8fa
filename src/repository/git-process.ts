import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { GitRepository } from './git.js';
import { plumbingEnvironment } from './git-environment.js';

/** The git program is not there, failed, or did not say what was expected. */
export class GitTrouble extends Error {}

/** What holds whatever the repository's settings are. */
const ALWAYS = ['--no-pager', '--literal-pathspecs', '--no-optional-locks', '-c', 'core.hooksPath=/dev/null'];

/** Where git runs, and until when at most. */
export interface GitPlace {
  readonly repository: Pick<GitRepository, 'commonDir'>;
  readonly signal: AbortSignal;
}

/**
 * One process of the git program's plumbing, for reading: it asks nobody anything, starts no pager and no hook, takes no
 * lock, fetches nothing, and sees neither replacements nor grafts. Its output is read as it comes.
 */
export class GitProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #chunks: AsyncIterator<Buffer>;
  #next: Promise<IteratorResult<Buffer>>;
  readonly #exit: Promise<string | undefined>;
  #rest: Buffer = Buffer.alloc(0);

  constructor({ repository, signal }: GitPlace, parameters: readonly string[]) {
    const { commonDir } = repository;
    const options = {
      cwd: commonDir,
      env: environment(),
      windowsHide: true,
      signal,
      killSignal: 'SIGKILL',
    } as const;
    this.#child = spawn('git', [...ALWAYS, `--git-dir=${commonDir}`, ...parameters], options);
    this.#exit = new Promise((fulfil) => {
      this.#child.once('error', (error) => fulfil(error.message));
      this.#child.once('close', (code, signal) =>
        fulfil(code === 0 ? undefined : `git ended with ${code ?? signal}`),
      );
    });
    // A process that is gone is told by its exit.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.resume();
    this.#chunks = this.#child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#next = this.#askNext();
  }

  /** All of its input. */
  send(input: string): void {
    this.#child.stdin.end(input);
  }

  /** A part of its input: more may follow. */
  ask(input: string): void {
    this.#child.stdin.write(input);
  }

  /** True (as it is at first) where this process may not end while that one runs. */
  keepsAlive(isWanted: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const handle of [this.#child, stdin as Socket, stdout as Socket, stderr as Socket]) {
      if (isWanted) handle.ref();
      else handle.unref();
    }
  }

  /** What comes before the next byte of this value; undefined at the end. Throws `GitTrouble` for half a record. */
  async readTo(byte: number): Promise<Buffer | undefined> {
    let end = this.#rest.indexOf(byte);
    while (end < 0) {
      const searched = this.#rest.length;
      if (!(await this.#readMore())) {
        if (this.#rest.length > 0) throw new GitTrouble('the output of git ends in the middle');
        return undefined;
      }
      end = this.#rest.indexOf(byte, searched);
    }
    return this.#take(end, end + 1);
  }

  /** Exactly so many bytes. Throws `GitTrouble` where there are fewer. */
  async readBytes(count: number): Promise<Buffer> {
    while (this.#rest.length < count)
      if (!(await this.#readMore())) throw new GitTrouble('the output of git ends in the middle');
    return this.#take(count, count);
  }

  /** The next bytes that are there, at most so many. Throws `GitTrouble` at the end. */
  async readSome(most: number): Promise<Buffer> {
    if (this.#rest.length === 0 && !(await this.#readMore()))
      throw new GitTrouble('the output of git ends in the middle');
    const count = Math.min(most, this.#rest.length);
    return this.#take(count, count);
  }

  /** Fulfils when it has ended and said nothing more. Throws `GitTrouble` where it failed. */
  async ended(): Promise<void> {
    if (this.#rest.length > 0 || (await this.#readMore()))
      throw new GitTrouble('git says more than was asked');
    const trouble = await this.#exit;
    if (trouble !== undefined) throw new GitTrouble(trouble);
  }

  /** Ends it, whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL');
    this.#child.stdout.destroy();
  }

  #take(length: number, skipped: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(skipped);
    return taken;
  }

  async #readMore(): Promise<boolean> {
    const { value, done } = await this.#next.catch((cause) => {
      throw new GitTrouble('the output of git breaks off', { cause });
    });
    if (done) return false;
    this.#next = this.#askNext();
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }

  /** Asked before it is wanted: what nobody waits for when the process ends, Node throws away. */
  #askNext(): Promise<IteratorResult<Buffer>> {
    const next = this.#chunks.next();
    next.catch(() => undefined);
    return next;
  }
}

/** Nothing that git reads comes from outside. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...plumbingEnvironment(),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}
