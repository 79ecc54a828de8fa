import { accessSync, constants, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isFolder } from '../folder.js';
import { runGit } from '../git-program.js';
import type { Finding, Patient } from './finding.js';

/** Hooks that a person's commit or push here would run. Those of a git host are its own, and run at each push. */
const LOCAL = new Set([
  'pre-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'pre-push',
  'reference-transaction',
]);

/** Hooks of the clone: people expect them to run, and for a write over REST they do not. */
export async function examineHooks(patient: Patient): Promise<readonly Finding[]> {
  const folder = await hooksFolder(patient);
  const names = isFolder(folder) ? readdirSync(folder).filter((name) => LOCAL.has(name)) : [];
  const hooks = names.filter((name) => isExecutable(join(folder, name)));
  if (hooks.length === 0)
    return [{ level: 'ok', about: 'hooks', message: 'the clone has no hooks for commits' }];
  const message = `${hooks.join(', ')} in ${folder}: not run for writes over REST`;
  const remedy = 'put what must hold for every change into a hook or a protected branch of the git host';
  return [{ level: 'note', about: 'hooks', message, remedy }];
}

/** `core.hooksPath`, else the folder of every clone. */
async function hooksFolder({ repository, around }: Patient): Promise<string> {
  const { commonDir, workDir } = repository;
  const words = ['config', '--type=path', '--get', 'core.hooksPath'];
  const set = await runGit({ folder: commonDir, words, env: around.env }).catch(() => '');
  return set === '' ? join(commonDir, 'hooks') : resolve(workDir ?? commonDir, set);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
