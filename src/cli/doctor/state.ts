import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { checkWritable, writableHead } from '../../repository/clone-state.js';
import { machineDisk } from '../../repository/disk.js';
import type { GitRepository } from '../../repository/git.js';
import { readBoundary } from '../../repository/history-walk.js';
import { parseIndex } from '../../repository/index-file.js';
import { shortCommit } from '../past/entry.js';
import type { Finding, Patient } from './finding.js';

/** What to do about each failure that a clone is refused a write for. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['OPERATION_IN_PROGRESS', 'git status   # says what it is, and how to finish or abort it'],
  ['NO_COMMIT', 'flagstaff init, or git commit'],
  ['INDEX_DAMAGED', 'git reset'],
  ['REPOSITORY_DAMAGED', 'git fsck --full'],
]);

/** What is checked out, whether it can be read and whether it can be written to. */
export async function examineState(patient: Patient): Promise<readonly Finding[]> {
  return [
    await examineHead(patient),
    ...examineClone(patient.repository),
    ...examineDepth(patient.repository),
  ];
}

async function examineHead({ repository, branch }: Patient): Promise<Finding> {
  const { oid } = await repository.head();
  const served = branch === undefined ? oid : await repository.resolveBranch(branch);
  if (branch !== undefined && served === undefined) {
    return {
      level: 'error',
      about: 'head',
      message: `there is no branch ${branch}`,
      remedy: `git branch ${branch}`,
    };
  }
  if (served !== undefined) await repository.readTree((await repository.readCommit(served)).tree);
  try {
    const head = await writableHead(repository, branch);
    return {
      level: 'ok',
      about: 'head',
      message: `the branch ${head.branch} is checked out at ${shortCommit(head.oid)}`,
    };
  } catch (error) {
    return refusal(
      'head',
      error,
      served === undefined ? 'nothing is served' : 'reads go on, writes are refused',
    );
  }
}

/** Undefined parts are as they should be. */
function examineClone(repository: GitRepository): readonly Finding[] {
  try {
    checkWritable(repository);
    const { version, starts } = parseIndex(machineDisk.read(join(repository.gitDir, 'index')));
    return [{ level: 'ok', about: 'index', message: `version ${version}, ${starts.length} files` }];
  } catch (error) {
    return [refusal('index', error, 'reads go on, writes are refused')];
  }
}

function examineDepth(repository: GitRepository): readonly Finding[] {
  if (readBoundary(repository) === '') return [];
  return [
    {
      level: 'note',
      about: 'history',
      message: 'the clone is shallow: history, blame and `--at` know nothing from before it begins',
      remedy: 'git fetch --unshallow',
    },
  ];
}

function refusal(about: string, error: unknown, meaning: string): Finding {
  if (!(error instanceof Failure)) throw error;
  const remedy = REMEDIES.get(error.code);
  const found = { level: 'error', about, message: `${error.message} (${meaning})` } as const;
  return remedy === undefined ? found : { ...found, remedy };
}
