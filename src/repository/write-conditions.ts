import { Failure } from '../model/failure.js';
import type { CommitChain } from './commit-chain.js';
import type { CommitHistory, HistoryCommit } from './commit-history.js';
import { timeOf } from './commit-time.js';
import { fileInTree } from './tree-edit.js';
import type { Precondition, WriteRequest } from './write-request.js';

/** Where files and their last changes are looked up. */
export interface ConditionSource {
  readonly chain: CommitChain;
  readonly history: CommitHistory;
}

/**
 * Every one that is named must hold at the commit that is written on. Throws `Failure` PRECONDITION_FAILED, which names
 * the file's blob, and who changed it last and when.
 */
export async function checkPreconditions(
  source: ConditionSource,
  { changes, preconditions = [] }: WriteRequest,
): Promise<void> {
  if (changes.length === 0) throw new Failure('invalid', 'NO_CHANGES', 'a write needs at least one change');
  for (const precondition of preconditions) await checkPrecondition(source, precondition);
}

async function checkPrecondition(
  source: ConditionSource,
  { path, ifMatch, ifNoneMatch }: Precondition,
): Promise<void> {
  const { repository, tip } = source.chain;
  const current = (await fileInTree(repository, tip.tree, path))?.oid;
  const isMatch =
    ifMatch === undefined || (ifMatch === '*' ? current !== undefined : ifMatch.includes(current ?? ''));
  if (isMatch && (ifNoneMatch === undefined || current === undefined)) return;
  const { chain, history } = source;
  throw preconditionFailed({ path, current, change: chain.lastChange(path) ?? history.lastChange(path) });
}

/** A file that is not as a request expects it. */
export interface UnexpectedFile {
  readonly path: string;
  /** The blob that is there; undefined where the file is not there. */
  readonly current: string | undefined;
  /** The commit that last changed it, where one is known. */
  readonly change: Pick<HistoryCommit, 'author' | 'oid' | 'seconds'> | undefined;
}

/** `Failure` PRECONDITION_FAILED, with what is there and who changed it last, when and in which commit. */
export function preconditionFailed({ path, current, change }: UnexpectedFile): Failure {
  const found = current === undefined ? 'it is not there' : `it is ${current} now`;
  const by = change === undefined ? '' : `, changed by ${change.author.name} in ${change.oid.slice(0, 7)}`;
  const sentence = `${path} is not as the request expects: ${found}${by}`;
  const details = { current: current ?? null, ...(change && changeDetails(change)) };
  const data = current === undefined ? { details } : { current, details };
  return new Failure('precondition', 'PRECONDITION_FAILED', sentence, { data });
}

function changeDetails({ author, oid, seconds }: Pick<HistoryCommit, 'author' | 'oid' | 'seconds'>) {
  const committedAt = timeOf(seconds);
  return { changedBy: { name: author.name, email: author.email }, commit: oid, committedAt };
}
