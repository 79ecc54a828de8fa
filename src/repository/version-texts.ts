import type { CommitRevert, FlagTexts, RevertedFile } from '../changes/change.js';
import { pathOf } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import type { FlagKey, OrgKey, ProjectKey } from '../model/keys.js';
import type { CommitHistory, HistoryCommit, HistoryEntry } from './commit-history.js';
import type { GitRepository } from './git.js';
import { inTurns } from './slices.js';
import { fileInTree } from './tree-edit.js';

/**
 * The three files of a flag as a commit had them. Throws `Failure` NOT_A_FILE and NOT_UTF8 for what could not be written
 * again as it was, REPOSITORY_DAMAGED.
 */
export async function flagTextsAt(
  repository: GitRepository,
  commit: string,
  of: { readonly org: OrgKey; readonly project: ProjectKey; readonly flag: FlagKey },
): Promise<FlagTexts> {
  const { tree } = await repository.readCommit(commit);
  const read = (kind: 'flag' | 'overrides' | 'tests') =>
    textIn(repository, tree, pathOf({ kind, org: of.org, project: of.project, key: of.flag }));
  return { flag: await read('flag'), overrides: await read('overrides'), tests: await read('tests') };
}

/** A file that a commit touched, as texts; null where it was not there. */
export interface ChangedText {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a commit did to its files, as texts to be shown. Throws `Failure` REPOSITORY_DAMAGED. */
export async function changedTexts(
  repository: GitRepository,
  { files }: Pick<HistoryEntry, 'files'>,
): Promise<readonly ChangedText[]> {
  const texts: ChangedText[] = [];
  for await (const { path, before, after } of inTurns(files)) {
    texts.push({
      path,
      before: before === undefined ? null : await textOf(repository, before),
      after: after === undefined ? null : await textOf(repository, after),
    });
  }
  return texts;
}

/** Without its message: of a commit that touched several organizations, for those who may not read of all of them. */
export function withoutWords(commit: HistoryCommit): HistoryCommit {
  return { ...commit, subject: WITHHELD, body: '', reason: undefined, force: undefined };
}

const WITHHELD = 'withheld: the commit also touches other organizations';

/**
 * The same, to be taken back; what says so is read in one organization alone. Throws `Failure` SHALLOW_HISTORY where the commit before it is not in this clone: what it
 * did is not known then. The rest as `flagTextsAt`.
 */
export async function revertOf(
  { repository, history }: { readonly repository: GitRepository; readonly history: Laters },
  entry: Pick<HistoryEntry, 'commit' | 'mergedBy' | 'files' | 'isCutOff'>,
): Promise<CommitRevert> {
  const { oid, orgs } = entry.commit;
  const { subject } = orgs.length > 1 ? withoutWords(entry.commit) : entry.commit;
  const { head } = history;
  if (entry.isCutOff || head === undefined) throw cutOff(oid);
  const { tree, parents } = await repository.readCommit(oid);
  const parent = parents[0] === undefined ? undefined : (await repository.readCommit(parents[0])).tree;
  const files: RevertedFile[] = [];
  for await (const { path } of inTurns(entry.files)) {
    const before = parent === undefined ? null : await textIn(repository, parent, path);
    const after = await textIn(repository, tree, path);
    files.push({ path, before, after, changedSince: await isChangedSince(history, entry, path) });
  }
  const isMerge = parents.length > 1;
  return { kind: 'commit.revert', commit: oid, subject, isMerge, head, files };
}

type Laters = Pick<CommitHistory, 'head' | 'laterThan' | 'entryOf'>;

/** After a commit that came in by a merge come the later ones that came with it, and those after the merge. */
async function isChangedSince(
  history: Laters,
  { commit, mergedBy }: Pick<HistoryEntry, 'commit' | 'mergedBy'>,
  path: string,
): Promise<boolean> {
  if (history.laterThan(mergedBy?.oid ?? commit.oid, path).length > 0) return true;
  if (mergedBy === undefined) return false;
  const merge = await history.entryOf(mergedBy.oid, [path], { mostDifferences: 0, mostMerged: 1 });
  return merge?.merged[0]?.oid !== commit.oid;
}

function cutOff(oid: string): Failure {
  const sentence = `commit ${oid} cannot be taken back: this clone does not have the commit before it, so what it did is not known`;
  const remedy = '`git fetch --unshallow` brings what a shallow clone lacks';
  return new Failure('conflict', 'SHALLOW_HISTORY', `${sentence}; ${remedy}`);
}

async function textOf(repository: GitRepository, blob: string): Promise<string> {
  return (await repository.readBlob(blob)).toString('utf8');
}

/** The exact text of a file, or null where there is none. */
async function textIn(repository: GitRepository, tree: string, path: string): Promise<string | null> {
  const file = await fileInTree(repository, tree, path);
  if (file === undefined) return null;
  const bytes = await repository.readBlob(file.oid);
  const text = bytes.toString('utf8');
  if (Buffer.from(text).equals(bytes)) return text;
  const sentence = `${path} was not UTF-8 there, so it cannot be written again as it was; git can bring it back`;
  throw new Failure('conflict', 'NOT_UTF8', sentence, { data: { details: { path } } });
}
