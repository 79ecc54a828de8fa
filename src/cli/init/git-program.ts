import { execFile } from 'node:child_process';
import { Failure } from '../../model/failure.js';

/**
 * Runs the git program in a folder and fulfils with what it printed. It is git's own program because a first commit is
 * the user's: their name, their hooks, their signature. Throws `Failure` where git is missing or refuses.
 */
export function runGit(folder: string, ...words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('git', words, { cwd: folder }, (error, stdout, stderr) => {
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
