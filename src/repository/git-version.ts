import { execFile } from 'node:child_process';
import { plumbingEnvironment } from './git-environment.js';

/** What is there of the git program. One that is too old would heed settings that it is told to pass over. */
export type InstalledGit =
  | { readonly kind: 'usable'; readonly version: string }
  | { readonly kind: 'too-old'; readonly version: string }
  | { readonly kind: 'missing' };

/** The first that can be told by its environment which settings count: GIT_CONFIG_COUNT is of 2.31, GIT_CONFIG_GLOBAL of 2.32. */
export const LEAST_GIT = '2.32';

/** Asks the git program that is on the PATH. */
export function installedGit(): Promise<InstalledGit> {
  return new Promise((fulfil) => {
    const options = { env: plumbingEnvironment(), windowsHide: true };
    execFile('git', ['--version'], options, (error, output) =>
      fulfil(error === null ? readGitVersion(output) : { kind: 'missing' }),
    );
  });
}

/** From what `git --version` prints: `git version 2.39.5 (Apple Git-154)`. */
export function readGitVersion(printed: string): InstalledGit {
  const version = /\d+(?:\.\d+)+/.exec(printed)?.[0] ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_GIT.split('.').map(Number);
  const isUsable = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return { kind: isUsable ? 'usable' : 'too-old', version };
}
