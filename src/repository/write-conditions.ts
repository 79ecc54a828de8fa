import { Failure } from '../model/failure.js';
import type { CommitChain } from './commit-chain.js';
import type { CommitHistory, HistoryCommit } from './commit-history.js';
import { timeOf } from './commit-time.js';
import { type FilesOfChanges, isDigestOf } from './expected-files.js';
import { filesInTree } from './tree-edit.js';
import type { ExpectedFiles, Precondition, WriteRequest } from './write-request.js';

/** Where files and their last changes are looked up. */
export interface ConditionSource {
  readonly chain: CommitChain;
  /** Left out where the chain does not stand on what is served: who changed a file before it is not known then. */
  readonly history?: CommitHistory;
}

/**
 * Every one that is named must hold at the commit that is written on. Throws `Failure` PRECONDITION_FAILED, which names
 * each file that is another one with its blob, and of the first who changed it last and when.
 */
export async function checkPreconditions(source: ConditionSource, request: WriteRequest): Promise<void> {
  const { changes, preconditions = [], expects = {} } = request;
  if (changes.length === 0) throw new Failure('invalid', 'NO_CHANGES', 'a write needs at least one change');
  await checkAll(source, [...preconditions, ...conditionsOf(expects)]);
  await checkDigest(source, expects, request);
}

/** The same of files as somebody saw them. */
export async function checkExpected(
  source: ConditionSource,
  expects: ExpectedFiles,
  about: FilesOfChanges,
): Promise<void> {
  await checkAll(source, conditionsOf(expects));
  await checkDigest(source, expects, about);
}

/** A digest does not tell which of the files is another one, so the failure names none. */
async function checkDigest(
  { chain: { repository, tip } }: ConditionSource,
  expects: ExpectedFiles,
  about: FilesOfChanges,
): Promise<void> {
  if (typeof expects !== 'string') return;
  if (await isDigestOf(expects, { repository, tree: tip.tree }, about)) return;
  const sentence =
    'the files that the changes are about are not as the request expects: at least one is another';
  throw new Failure('precondition', 'PRECONDITION_FAILED', sentence);
}

async function checkAll(
  { chain, history }: ConditionSource,
  preconditions: readonly Precondition[],
): Promise<void> {
  const { repository, tip } = chain;
  const paths = preconditions.map(({ path }) => path);
  const there = await filesInTree(repository, tip.tree, paths);
  const failed = preconditions.filter((one) => !holds(one, there.get(one.path)?.oid));
  const [first, ...others] = [...new Set(failed.map(({ path }) => path))].map((path) => ({
    path,
    current: there.get(path)?.oid,
  }));
  if (first === undefined) return;
  const change = chain.lastChange(first.path) ?? history?.lastChange(first.path);
  throw preconditionFailed({ ...first, change }, others);
}

function conditionsOf(expects: ExpectedFiles): readonly Precondition[] {
  if (typeof expects === 'string') return [];
  return Object.entries(expects).map(([path, blob]) =>
    blob === null ? { path, ifNoneMatch: '*' } : { path, ifMatch: [blob] },
  );
}

function holds({ ifMatch, ifNoneMatch }: Precondition, current: string | undefined): boolean {
  const isMatch =
    ifMatch === undefined || (ifMatch === '*' ? current !== undefined : ifMatch.includes(current ?? ''));
  return isMatch && (ifNoneMatch === undefined || current === undefined);
}

/** A file that is not as a request expects it. */
export interface UnexpectedFile {
  readonly path: string;
  /** The blob that is there; undefined where the file is not there. */
  readonly current: string | undefined;
}

/** With the commit that last changed it, where one is known. */
interface ChangedFile extends UnexpectedFile {
  readonly change: Pick<HistoryCommit, 'author' | 'oid' | 'seconds'> | undefined;
}

/**
 * `Failure` PRECONDITION_FAILED, with what is there and who changed it last, when and in which commit; of other files that
 * are not as expected either, with what is there.
 */
export function preconditionFailed(
  { path, current, change }: ChangedFile,
  others: readonly UnexpectedFile[] = [],
): Failure {
  const found = current === undefined ? 'it is not there' : `it is ${current} now`;
  const by = change === undefined ? '' : `, changed by ${change.author.name} in ${change.oid.slice(0, 7)}`;
  const more = others.length === 0 ? '' : `; nor ${others.length === 1 ? 'is' : 'are'} ${others.length} more`;
  const sentence = `${path} is not as the request expects: ${found}${by}${more}`;
  const files = [{ path, current }, ...others].map((file) => ({
    path: file.path,
    blob: file.current ?? null,
  }));
  const details = { current: current ?? null, ...(change && changeDetails(change)), files };
  const data = current === undefined ? { details } : { current, details };
  return new Failure('precondition', 'PRECONDITION_FAILED', sentence, { data });
}

function changeDetails({ author, oid, seconds }: Pick<HistoryCommit, 'author' | 'oid' | 'seconds'>) {
  const committedAt = timeOf(seconds);
  return { changedBy: { name: author.name, email: author.email }, commit: oid, committedAt };
}
