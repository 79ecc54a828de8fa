import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import type { GitRepository } from './git.js';
import { unsupported } from './unsupported.js';

/** Which file of the git folder says that git is in the middle of something. */
const OPERATIONS: readonly (readonly [string, string])[] = [
  ['MERGE_HEAD', 'a merge'],
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['BISECT_LOG', 'a bisect'],
  ['sequencer', 'a series of cherry-picks or reverts'],
];

/** What can be written to. */
export interface WritableHead {
  readonly branch: string;
  readonly oid: string;
}

/**
 * Says what the next commit goes on top of. Throws `Failure` OPERATION_IN_PROGRESS, WRONG_BRANCH, NO_COMMIT or
 * REPOSITORY_UNSUPPORTED, each with a sentence that says what to do.
 */
export async function writableHead(
  repository: GitRepository,
  servedBranch: string | undefined,
): Promise<WritableHead> {
  const { branch, oid } = await checkedOut(repository, servedBranch);
  if (oid === undefined) throw new Failure('busy', 'NO_COMMIT', `the branch ${branch} has no commit yet`);
  return { branch, oid };
}

/** The same of a branch that may have no commit yet. */
export async function checkedOut(
  repository: GitRepository,
  servedBranch: string | undefined,
): Promise<{ readonly branch: string; readonly oid: string | undefined }> {
  const operation = OPERATIONS.find(([name]) => existsSync(join(repository.gitDir, name)));
  if (operation !== undefined) throw inProgress(operation[1]);
  const { branch, oid } = await repository.head();
  if (branch === undefined) throw wrongBranch('no branch is checked out (HEAD is detached)', servedBranch);
  if (servedBranch !== undefined && branch !== servedBranch) {
    throw wrongBranch(`the branch ${branch} is checked out`, servedBranch);
  }
  return { branch, oid };
}

/** Throws `Failure` REPOSITORY_UNSUPPORTED where the clone is of a form that cannot be kept in step. */
export function checkWritable(repository: GitRepository): void {
  if (repository.workDir === undefined)
    throw unsupported('it is bare; serve a clone with a work tree, or push to it');
  if (repository.gitDir !== repository.commonDir)
    throw unsupported('it is a linked work tree; serve the main one');
  if (isSparse(repository)) throw unsupported('it is a sparse checkout');
}

/** Git keeps the switch in the settings of the work tree; older ones in those of the repository. */
function isSparse({ gitDir }: GitRepository): boolean {
  if (!existsSync(join(gitDir, 'info', 'sparse-checkout'))) return false;
  const files = ['config.worktree', 'config']
    .map((name) => join(gitDir, name))
    .filter((path) => existsSync(path));
  return files.some((path) => /^\s*sparsecheckout\s*=\s*true\s*$/im.test(readFileSync(path, 'utf8')));
}

function inProgress(what: string): Failure {
  const sentence = `${what} is in progress in the clone; finish or abort it, then write again`;
  return new Failure('conflict', 'OPERATION_IN_PROGRESS', sentence);
}

function wrongBranch(found: string, served: string | undefined): Failure {
  const wanted = served === undefined ? 'check out a branch' : `check out ${served}`;
  return new Failure('conflict', 'WRONG_BRANCH', `${found} in the clone; ${wanted}, then write again`);
}
