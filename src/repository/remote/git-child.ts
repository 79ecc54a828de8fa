import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** What the git program said. */
export interface GitAnswer {
  readonly code: number;
  readonly output: string;
  /** Its last words on stderr, as they came: not to be shown before `shown` went over it. */
  readonly complaint: string;
}

/** A process of git that is to be run. */
export interface GitCall {
  readonly folder: string;
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** The bounds of what is kept of its words, in bytes. */
const OUTPUT_BYTES = 1_048_576;
const COMPLAINT_BYTES = 16_384;
/** How long its last words are waited for once it is gone: a program that it left behind may hold its pipes for ever. */
const DRAIN_MS = 200;
/** So long git and what it started have to take their lock files away, in milliseconds. */
const GRACE_MS = 500;

/**
 * Runs git until it ends. The signal rejects at once, with its reason, and ends git with all that it started. Throws what
 * the system says where there is no such program.
 */
export async function runChild({ folder, words, env, signal }: GitCall): Promise<GitAnswer> {
  const child = spawn('git', words, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // A group of its own, so that the programs that git starts end with it.
    detached: true,
  });
  try {
    const output = new LastWords(child.stdout, OUTPUT_BYTES);
    const complaint = new LastWords(child.stderr, COMPLAINT_BYTES);
    const code = await endOf(child, signal);
    return { code: code ?? -1, output: output.text, complaint: complaint.text };
  } finally {
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

async function endOf(child: ChildProcess, signal: AbortSignal): Promise<number | null> {
  const { promise: aborted, forget } = abortionOf(signal);
  try {
    const ended = new Promise<number | null>((fulfil, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => {
        const drained = setTimeout(() => fulfil(code), DRAIN_MS);
        child.once('close', () => {
          clearTimeout(drained);
          fulfil(code);
        });
      });
    });
    return await Promise.race([ended, aborted]);
  } finally {
    forget();
    if (signal.aborted) endGroup(child);
  }
}

/** Rejects with the reason of a signal when that comes. */
function abortionOf(signal: AbortSignal): { readonly promise: Promise<never>; readonly forget: () => void } {
  let abort = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  return { promise, forget: () => signal.removeEventListener('abort', abort) };
}

/** Gently at first. The timer keeps this process: what nobody ends would go on without it. */
function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** The end of what comes, bounded, from the beginning of a line: half a line would say something else. */
class LastWords {
  readonly #most: number;
  #bytes: Buffer = Buffer.alloc(0);
  #isCut = false;

  constructor(from: Readable, most: number) {
    this.#most = most;
    from.on('data', (chunk: Buffer) => {
      const all = Buffer.concat([this.#bytes, chunk]);
      this.#bytes = all.subarray(-this.#most);
      this.#isCut ||= all.length > this.#most;
    });
  }

  get text(): string {
    return this.#bytes.toString('utf8', this.#isCut ? this.#bytes.indexOf('\n') + 1 : 0);
  }
}
