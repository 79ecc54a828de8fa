import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import { WrongUse } from './exit.js';
import { type Surroundings, variable } from './surroundings.js';

/** What only the top of a repository has. */
const TOP_NAMES = [CONFIG_PATH, '.git'];
/** What git takes a folder for a git folder by; one of another name than `.git` is a bare repository. */
const GIT_FOLDER_NAMES = ['HEAD', 'objects', 'refs'];

/**
 * The repository's folder: `--repo`, else FLAGSTAFF_REPO, else the one that the current folder is in. Throws `WrongUse`
 * where what is named is no folder.
 */
export function repositoryFolder(repo: string | undefined, around: Surroundings): string {
  const named = repo ?? variable(around, 'FLAGSTAFF_REPO');
  if (named === undefined) return topAround(around.cwd);
  const folder = path.resolve(around.cwd, named);
  if (!isFolder(folder)) throw new WrongUse(`${folder}: there is no such folder`);
  return folder;
}

/** The same for a clone that is made where there is none yet: what is named need not be there. */
export function cloneFolder(repo: string | undefined, around: Surroundings): string {
  const named = repo ?? variable(around, 'FLAGSTAFF_REPO');
  return named === undefined ? topAround(around.cwd) : path.resolve(around.cwd, named);
}

/** The nearest folder upwards that looks like the top of a repository, as git looks for it; else the folder itself. */
function topAround(folder: string): string {
  let top = folder;
  while (!isTop(top)) {
    const above = path.dirname(top);
    if (above === top) return folder;
    top = above;
  }
  return top;
}

/** A project's folder has a folder `flags/` too, two below the one at the top: `flags/acme/web-app/flags/`. */
function isTop(folder: string): boolean {
  if (TOP_NAMES.some((name) => existsSync(path.join(folder, name))) || isBare(folder)) return true;
  const isProject = path.basename(path.resolve(folder, '../..')) === FLAGS_FOLDER;
  return !isProject && isFolder(path.join(folder, FLAGS_FOLDER));
}

function isBare(folder: string): boolean {
  if (path.basename(folder) === '.git') return false;
  return GIT_FOLDER_NAMES.every((name) => existsSync(path.join(folder, name)));
}

/** The repository's folder, which must have flags in it. Throws `WrongUse` where it has none. */
export function flagsFolder(repo: string | undefined, around: Surroundings): string {
  const folder = repositoryFolder(repo, around);
  if (isFolder(path.join(folder, FLAGS_FOLDER))) return folder;
  if (isBare(folder)) {
    throw new WrongUse(`${folder} is bare, so there are no files to read: name a clone with a work tree`);
  }
  throw new WrongUse(
    `${folder} has no folder flags/: name a flags repository with --repo, or make one with \`flagstaff init\``,
  );
}

export function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
