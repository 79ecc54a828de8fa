import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure } from '../../model/failure.js';
import { runGit } from '../git-program.js';

/** Listed as git lists files: what `.gitignore` and the user's own settings leave out is left out here. */
const LIST = ['-c', 'core.fsmonitor=false', 'ls-files', '-z', '--others', '--exclude-standard'];
/** Other people's code, whether somebody ignores it or not. */
const OTHERS = ['--exclude=node_modules/'];
/** By what a hook says which repository it is about; the folder may be of another. */
const PLACE_VARIABLES = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

/**
 * The files of a folder of code, as paths of the system in order of their names: those that git has or would take. A
 * folder that is no clone is listed by the same rules. Submodules and clones below are among them. Throws `Failure`
 * GIT_MISSING, GIT_REFUSED.
 */
export async function listSourceFiles(folder: string): Promise<readonly string[]> {
  const names = (await isInClone(folder)) ? await listClone(folder) : await listPlain(folder);
  const files: string[] = [];
  for (const name of [...new Set(names)].sort()) {
    const file = path.join(folder, name);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat?.isFile()) files.push(file);
    else if (stat?.isDirectory()) files.push(...(await listSourceFiles(file)));
  }
  return files;
}

async function isInClone(folder: string): Promise<boolean> {
  try {
    return (await git(folder, ['rev-parse', '--is-inside-work-tree'])) === 'true';
  } catch (error) {
    if (error instanceof Failure && error.code === 'GIT_REFUSED') return false;
    throw error;
  }
}

async function listClone(folder: string): Promise<readonly string[]> {
  return names(await git(folder, [...LIST, ...OTHERS, '--cached']));
}

/** Git knows how to read `.gitignore` where there is no clone too, as long as it has an empty one of its own. */
async function listPlain(folder: string): Promise<readonly string[]> {
  const clone = mkdtempSync(path.join(tmpdir(), 'flagstaff-list-'));
  try {
    await git(clone, ['init', '--quiet', '--bare', '--template=']);
    const place = [`--git-dir=${clone}`, `--work-tree=${path.resolve(folder)}`, '-c', 'core.bare=false'];
    return names(await git(folder, [...place, ...LIST, ...OTHERS]));
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

function names(output: string): readonly string[] {
  return output.split('\0').filter((name) => name !== '');
}

function git(folder: string, words: readonly string[]): Promise<string> {
  const env = Object.entries(process.env).filter(([name]) => !PLACE_VARIABLES.includes(name));
  return runGit({ folder, words, env: Object.fromEntries(env) });
}
