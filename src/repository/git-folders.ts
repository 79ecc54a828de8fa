import * as fs from 'node:fs';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import git from 'isomorphic-git';
import { Failure } from '../model/failure.js';

/** The folders of one repository. */
export interface GitFolders {
  readonly workDir: string | undefined;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly stateDir: string;
}

/** Finds them. A linked work tree has a file `.git` that names its git folder, and that one names the common folder. */
export function locateFolders(dir: string): GitFolders {
  const top = resolve(dir);
  if (isGitDir(top)) return foldersOf(isInnerGitDir(top) ? dirname(top) : undefined, top);
  const dotGit = join(top, '.git');
  if (isGitDir(dotGit)) return foldersOf(top, dotGit);
  const linked = readText(dotGit)?.match(/^gitdir: (.+)\s*$/)?.[1];
  if (linked !== undefined && isGitDir(resolve(top, linked))) return foldersOf(top, resolve(top, linked));
  throw new Failure(
    'not-found',
    'NO_REPOSITORY',
    `no git repository at ${top}: run \`git init\` there, or name another folder with --repo`,
  );
}

/** Throws `Failure` REPOSITORY_UNSUPPORTED for the formats that cannot be read, before anything is misread. */
export async function checkFormat(folders: GitFolders): Promise<void> {
  const objects = await extension(folders, 'objectformat');
  if (objects !== undefined && objects !== 'sha1') throw unsupported(folders, `${objects} object ids`);
  const refs = await extension(folders, 'refstorage');
  if (refs !== undefined && refs !== 'files') throw unsupported(folders, `refs kept as ${refs}`);
}

function foldersOf(workDir: string | undefined, gitDir: string): GitFolders {
  const common = readText(join(gitDir, 'commondir'))?.trim();
  const commonDir = common === undefined ? gitDir : resolve(gitDir, common);
  return { workDir, gitDir, commonDir, stateDir: join(commonDir, 'flagstaff') };
}

/** HEAD and either its own objects or the common folder that has them. */
function isGitDir(path: string): boolean {
  return (
    existsSync(join(path, 'HEAD')) &&
    (existsSync(join(path, 'objects')) || existsSync(join(path, 'commondir')))
  );
}

/** Somebody named the `.git` folder itself; a bare repository has another name. */
function isInnerGitDir(path: string): boolean {
  return path.endsWith('/.git') || path.endsWith('\\.git');
}

async function extension(folders: GitFolders, name: string): Promise<string | undefined> {
  const value: unknown = await git.getConfig({ fs, gitdir: folders.commonDir, path: `extensions.${name}` });
  return typeof value === 'string' ? value.toLowerCase() : undefined;
}

function unsupported(folders: GitFolders, what: string): Failure {
  return new Failure(
    'busy',
    'REPOSITORY_UNSUPPORTED',
    `${folders.gitDir} has ${what}, which Flagstaff cannot read: it needs sha1 object ids and refs kept as files`,
  );
}

function readText(path: string): string | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
}
