import { execFile } from 'node:child_process';
import { Failure } from '../model/failure.js';
import { withoutOurs } from '../repository/git-environment.js';

/** A call of the git program. */
interface GitCall {
  /** Where it runs. */
  readonly folder: string;
  /** The command and its words. */
  readonly words: readonly string[];
  /** This process's environment where it is left out. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs the git program and fulfils with what it printed. It is git's own program where the user's own settings count:
 * their name, their hooks, their signature. Throws `Failure` GIT_MISSING or GIT_REFUSED.
 */
export function runGit({ folder, words, env = process.env }: GitCall): Promise<string> {
  return new Promise((resolve, reject) => {
    // What git prints is bounded by the clone: of a large one that has much uncommitted, it is much.
    const options = { cwd: folder, env: withoutOurs(env), maxBuffer: Number.POSITIVE_INFINITY };
    execFile('git', words, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(gitFailure(error, words[0] ?? '', stderr));
    });
  });
}

function gitFailure(error: Error, command: string, stderr: string): Failure {
  if ('code' in error && error.code === 'ENOENT') {
    return new Failure('conflict', 'GIT_MISSING', 'the git program is not installed, or not on the PATH', {
      cause: error,
    });
  }
  const said = stderr.trim();
  return new Failure('conflict', 'GIT_REFUSED', `git ${command} refused${said === '' ? '' : `: ${said}`}`, {
    cause: error,
  });
}
