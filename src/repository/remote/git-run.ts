import { plumbingEnvironment } from '../git-environment.js';
import { authorization } from './address.js';
import { type GitAnswer, runChild } from './git-child.js';
import { unreachable } from './remote-failure.js';
import type { RemoteAddress } from './transport.js';

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
const PASSED_ON: ReadonlySet<string> = new Set([
  'GIT_SSH_COMMAND',
  'GIT_SSH',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_EXEC_PATH',
]);
const SSH = 'ssh -oBatchMode=yes -oConnectTimeout=10';

/**
 * Runs git with these words as its arguments. It asks nobody anything, and gets credentials only by its environment. The
 * signal ends it with all that it started. Throws `Failure` REMOTE_UNREACHABLE then, and where git is not there.
 */
export async function runGit({ gitDir, workDir, words, address, signal }: GitRun): Promise<GitAnswer> {
  if (signal.aborted) throw unreachable(address, 'it was not waited for', signal.reason);
  const place = [`--git-dir=${gitDir}`, ...(workDir === undefined ? [] : [`--work-tree=${workDir}`])];
  try {
    return await runChild({
      folder: gitDir,
      words: ['--no-pager', ...place, ...words],
      env: environment(address),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw unreachable(address, 'it took too long', signal.reason);
    if (isSpawnFailure(error)) throw unreachable(address, `git cannot be run (${error.code})`, error);
    throw error;
  }
}

/** Of secrets it gets only the remote's. */
function environment({ url, credentials }: RemoteAddress): NodeJS.ProcessEnv {
  const header = credentials && {
    [`http.${url}.extraHeader`]: `Authorization: ${authorization(credentials)}`,
  };
  const { GIT_SSH_COMMAND: command, GIT_SSH: program } = process.env;
  return {
    ...plumbingEnvironment(PASSED_ON),
    ...numbered({ ...SETTINGS, ...header }),
    ...(command === undefined && program === undefined ? { GIT_SSH_COMMAND: SSH } : {}),
    GIT_ALLOW_PROTOCOL: 'http:https:ssh:file',
    GCM_INTERACTIVE: 'never',
  };
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

function isSpawnFailure(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn');
}
