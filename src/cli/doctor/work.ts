import { CONFIG_PATH } from '../../files/config.js';
import { FLAGS_FOLDER } from '../../files/paths.js';
import { Failure } from '../../model/failure.js';
import { runGit } from '../git-program.js';
import type { Finding, Patient } from './finding.js';

/** So many paths are named; the rest are counted. */
const NAMED = 5;

/** Work in the clone that is not committed: nothing overwrites it, so it stops the writes to the same files. */
export async function examineWork({ repository, around }: Patient): Promise<readonly Finding[]> {
  const { workDir } = repository;
  if (workDir === undefined) return [];
  const words = [
    '--no-optional-locks',
    '-c',
    'core.fsmonitor=false',
    'status',
    '--porcelain',
    '-z',
    '--no-renames',
  ];
  try {
    return tell(pathsOf(await runGit({ folder: workDir, words, env: around.env })));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.message.includes('detected dubious ownership')) return [foreignClone(workDir)];
    const message = `${error.message}: uncommitted work was not looked for`;
    return [{ level: error.code === 'GIT_MISSING' ? 'note' : 'warning', about: 'work', message }];
  }
}

/** What git advises would not help the server: it reads no settings of its user's. */
function foreignClone(workDir: string): Finding {
  const message = `${workDir} belongs to another user: uncommitted work was not looked for`;
  return { level: 'warning', about: 'work', message, remedy: 'run the doctor and the server as its owner' };
}

function tell(paths: readonly string[]): readonly Finding[] {
  if (paths.length === 0) return [{ level: 'ok', about: 'work', message: 'nothing is uncommitted' }];
  const served = paths.filter(isServed);
  const others = paths.length - served.length;
  const found: Finding[] = [];
  if (served.length > 0) {
    found.push({
      level: 'warning',
      about: 'work',
      message: `${named(served)}: uncommitted, so not served, and writes to the same files are refused (409 WORKTREE_DIRTY)`,
      remedy: 'git commit them, or git restore them',
    });
  }
  if (others > 0) {
    const message = `${named(paths.filter((path) => !isServed(path)))}: uncommitted, and no flags`;
    found.push({ level: 'note', about: 'work', message });
  }
  return found;
}

function isServed(path: string): boolean {
  return path === CONFIG_PATH || path.startsWith(`${FLAGS_FOLDER}/`);
}

/** One or two letters and a blank stand before each path: the blank that stands for none is cut off the first. */
function pathsOf(status: string): readonly string[] {
  return status.split('\0').flatMap((record) => record.replace(/^[ A-Z?!]{1,2} /, '') || []);
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  return paths.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
