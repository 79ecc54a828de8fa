import { statSync } from 'node:fs';
import path from 'node:path';
import { WrongUse } from './exit.js';
import { type Surroundings, variable } from './surroundings.js';

/** The repository's folder: `--repo`, else FLAGSTAFF_REPO, else the current folder. Throws `WrongUse` where it is no folder. */
export function repositoryFolder(repo: string | undefined, around: Surroundings): string {
  const folder = path.resolve(around.cwd, repo ?? variable(around, 'FLAGSTAFF_REPO') ?? '.');
  if (!isFolder(folder)) throw new WrongUse(`${folder}: there is no such folder`);
  return folder;
}

/** The repository's folder, which must have flags in it. Throws `WrongUse` where it has none. */
export function flagsFolder(repo: string | undefined, around: Surroundings): string {
  const folder = repositoryFolder(repo, around);
  if (isFolder(path.join(folder, 'flags'))) return folder;
  throw new WrongUse(
    `${folder} has no folder flags/: name a flags repository with --repo, or make one with \`flagstaff init\``,
  );
}

export function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
