import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { SECRET } from '../../test/support/http.js';
import { LOADER, programOf } from '../../test/support/program.js';

const CLI = programOf('src/cli.ts');

/** A server in a process of its own, which is ended and started again. */
export class ServerProcess {
  readonly #dir: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #url = '';

  /** With more environment than this process has, such as the remote that it follows. */
  constructor(dir: string, environment: NodeJS.ProcessEnv = {}) {
    this.#dir = dir;
    this.#environment = environment;
  }

  /** Where it listens now, or did last. */
  get url(): string {
    return this.#url;
  }

  /** Fulfils when flags are served. */
  async start(): Promise<void> {
    const words = [...LOADER, CLI, 'serve', '--repo', this.#dir, '--port', '0', '--branch', 'main'];
    const child = spawn(process.execPath, words, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, FLAGSTAFF_JWT_SECRET: SECRET, ...this.#environment },
    });
    this.#child = child;
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      once(child, 'exit').then(([code, signal]) => {
        throw new Error(`the server ended before it served: ${code ?? signal}`);
      }),
    ]);
    this.#url = String(line).replace(/^.* /, '');
  }

  /** Ends it with the signal, and gives how it ended: an exit code, or the signal. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string> {
    const child = this.#child;
    if (child === undefined) return 0;
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill(signal);
    await ended;
    return child.exitCode ?? child.signalCode ?? 0;
  }
}
