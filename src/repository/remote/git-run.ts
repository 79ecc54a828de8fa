import { type ChildProcess, spawn } from 'node:child_process';
import { authorization } from './address.js';
import { unreachable } from './remote-failure.js';
import type { RemoteAddress } from './transport.js';

/** What the git program said. */
export interface GitAnswer {
  readonly code: number;
  readonly output: string;
  /** Its last words on stderr, as they came: not to be shown before `shown` went over it. */
  readonly complaint: string;
}

/** One run of the git program that may go over the network. */
export interface GitRun {
  readonly gitDir: string;
  /** Where files are checked out, if any are. */
  readonly workDir?: string | undefined;
  readonly words: readonly string[];
  readonly address: RemoteAddress;
  readonly signal: AbortSignal;
}

/** What holds whatever the repository's settings are: no hooks, no helpers, no housekeeping, all flushed. */
const SETTINGS: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.askPass': '',
  'credential.helper': '',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'fetch.writeCommitGraph': 'false',
  'fetch.recurseSubmodules': 'false',
  'push.recurseSubmodules': 'no',
  'push.followTags': 'false',
  'push.gpgSign': 'false',
  'submodule.recurse': 'false',
  // Few objects are unpacked into loose ones, which git flushes only when it is told so.
  'core.fsync': 'all',
  // A header is sent along with a redirect; and a host that moved is for people to know.
  'http.followRedirects': 'false',
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': '30',
};

/** Of git's own variables, those that say how to get there. */
const KEPT = new Set(['GIT_SSH_COMMAND', 'GIT_SSH', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'GIT_EXEC_PATH']);
const SSH = 'ssh -oBatchMode=yes -oConnectTimeout=10';
/** The bounds of what is kept of its words, in bytes. */
const OUTPUT_BYTES = 1_048_576;
const COMPLAINT_BYTES = 16_384;

/**
 * Runs git with these words as its arguments. It asks nobody anything, and gets credentials only by its environment. The
 * signal ends it with all that it started. Throws `Failure` REMOTE_UNREACHABLE then, and where git is not there.
 */
export async function runGit({ gitDir, workDir, words, address, signal }: GitRun): Promise<GitAnswer> {
  if (signal.aborted) throw unreachable(address, 'it was not waited for', signal.reason);
  const place = [`--git-dir=${gitDir}`, ...(workDir === undefined ? [] : [`--work-tree=${workDir}`])];
  const child = spawn('git', ['--no-pager', ...place, ...words], {
    cwd: gitDir,
    env: environment(address),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // A group of its own, so that the programs that git starts end with it.
    detached: true,
  });
  const end = (): void => killGroup(child);
  signal.addEventListener('abort', end, { once: true });
  try {
    const output = new Words(OUTPUT_BYTES);
    const complaint = new Words(COMPLAINT_BYTES);
    child.stdout.on('data', (chunk: Buffer) => output.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaint.add(chunk));
    const code = await exitOf(child);
    if (signal.aborted) throw unreachable(address, 'it took too long', signal.reason);
    return { code: code ?? -1, output: output.text, complaint: complaint.text };
  } catch (error) {
    if (isSpawnFailure(error)) throw unreachable(address, `git cannot be run (${error.code})`, error);
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Whether the machine has the git program. */
export async function hasGitProgram(): Promise<boolean> {
  const child = spawn('git', ['--version'], { stdio: 'ignore', windowsHide: true });
  return exitOf(child).then(
    (code) => code === 0,
    () => false,
  );
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((fulfil, reject) => {
    child.once('error', reject);
    child.once('close', (code) => fulfil(code));
  });
}

/** Its last words, bounded. */
class Words {
  readonly #most: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(most: number) {
    this.#most = most;
  }

  get text(): string {
    return this.#bytes.toString('utf8');
  }

  add(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]).subarray(-this.#most);
  }
}

/** Of all settings only those above and the repository's own count; of secrets it gets only the remote's. */
function environment({ url, credentials }: RemoteAddress): NodeJS.ProcessEnv {
  const header = credentials && {
    [`http.${url}.extraHeader`]: `Authorization: ${authorization(credentials)}`,
  };
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => isKept(name))),
    ...numbered({ ...SETTINGS, ...header }),
    GIT_SSH_COMMAND: process.env.GIT_SSH_COMMAND ?? SSH,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'http:https:ssh:file',
    GCM_INTERACTIVE: 'never',
  };
}

function isKept(name: string): boolean {
  if (KEPT.has(name)) return true;
  return !/^(?:GIT_|FLAGSTAFF_|SSH_ASKPASS)/i.test(name);
}

/** Settings as git takes them from its environment (git-config, GIT_CONFIG_COUNT). */
function numbered(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const all = Object.entries(settings);
  const pairs = all.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(all.length), ...Object.fromEntries(pairs) };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function isSpawnFailure(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn');
}
