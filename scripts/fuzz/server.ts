import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { LOADER, programOf } from '../../test/support/program.js';
import type { ChildTask } from './server-child.js';
import type { Turn } from './turns.js';

const CHILD = programOf('scripts/fuzz/server-child.ts');

/** A server in a process of its own, so that what the fuzzer does itself does not hold it up. */
export class FuzzedServer {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  #url = '';

  constructor() {
    this.#child = fork(CHILD, { execArgv: [...LOADER], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#lines.push(text));
  }

  get url(): string {
    return this.#url;
  }

  /** True once it ended by itself. */
  get isDead(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** What it said to the people who run it. */
  get log(): string {
    return this.#lines.join('');
  }

  /** Fulfils when flags are served. */
  async start(repo: string): Promise<void> {
    this.#url = String(await this.#answer({ kind: 'serve', repo }));
  }

  /** The longest turns of its event loop since it served, the longest first. */
  async longestTurns(): Promise<readonly Turn[]> {
    return this.isDead ? [] : ((await this.#answer({ kind: 'turns' })) as readonly Turn[]);
  }

  async end(): Promise<void> {
    if (this.isDead) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #answer(task: ChildTask): Promise<unknown> {
    this.#child.send(task);
    const ended = once(this.#child, 'exit').then(() => {
      throw new Error(`the server ended: ${this.log}`);
    });
    const [answer] = await Promise.race([once(this.#child, 'message'), ended]);
    return answer;
  }
}
