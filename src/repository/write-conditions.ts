import { Failure } from '../model/failure.js';
import type { CommitChain } from './commit-chain.js';
import type { CommitHistory } from './commit-history.js';
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
  throw preconditionFailed(path, current, lastChange(source, path));
}

interface LastChange {
  readonly changedBy: { readonly name: string; readonly email: string };
  readonly commit: string;
  /** RFC 3339, UTC. */
  readonly committedAt: string;
}

function lastChange({ chain, history }: ConditionSource, path: string): LastChange | undefined {
  const change = chain.lastChange(path) ?? history.lastChange(path);
  if (change === undefined) return undefined;
  const { author, oid, seconds } = change;
  const committedAt = `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
  return { changedBy: { name: author.name, email: author.email }, commit: oid, committedAt };
}

function preconditionFailed(
  path: string,
  current: string | undefined,
  change: LastChange | undefined,
): Failure {
  const found = current === undefined ? 'it is not there' : `it is ${current} now`;
  const by =
    change === undefined ? '' : `, changed by ${change.changedBy.name} in ${change.commit.slice(0, 7)}`;
  const sentence = `${path} is not as the request expects: ${found}${by}`;
  const details = { current: current ?? null, ...change };
  const data = current === undefined ? { details } : { current, details };
  return new Failure('precondition', 'PRECONDITION_FAILED', sentence, { data });
}
