import type { FlagTexts, RevertedFile } from '../changes/change.js';
import { pathOf } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import type { FlagKey, OrgKey, ProjectKey } from '../model/keys.js';
import type { CommitHistory, HistoryEntry } from './commit-history.js';
import type { GitRepository } from './git.js';

/** The text of a file as a commit had it, or null where it had none. Throws `Failure` REPOSITORY_DAMAGED. */
export async function textAt(
  repository: GitRepository,
  commit: string,
  path: string,
): Promise<string | null> {
  const names = path.split('/');
  let tree = (await repository.readCommit(commit)).tree;
  for (const [depth, name] of names.entries()) {
    const entry = (await repository.readTree(tree)).find((one) => one.name === name);
    if (entry === undefined) return null;
    if (depth === names.length - 1) return entry.kind === 'file' ? textOf(repository, entry.oid) : null;
    if (entry.kind !== 'tree') return null;
    tree = entry.oid;
  }
  return null;
}

/** The three files of a flag as a commit had them. Throws `Failure` REPOSITORY_DAMAGED. */
export async function flagTextsAt(
  repository: GitRepository,
  commit: string,
  of: { readonly org: OrgKey; readonly project: ProjectKey; readonly flag: FlagKey },
): Promise<FlagTexts> {
  const read = (kind: 'flag' | 'overrides' | 'tests') =>
    textAt(repository, commit, pathOf({ kind, org: of.org, project: of.project, key: of.flag }));
  return { flag: await read('flag'), overrides: await read('overrides'), tests: await read('tests') };
}

/** A file that a commit touched, as texts; null where it was not there. */
export interface ChangedText {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a commit did to its files, as texts. Throws `Failure` REPOSITORY_DAMAGED. */
export async function changedTexts(
  repository: GitRepository,
  { files }: Pick<HistoryEntry, 'files'>,
): Promise<readonly ChangedText[]> {
  const texts: ChangedText[] = [];
  for (const { path, before, after } of files) {
    texts.push({
      path,
      before: before === undefined ? null : await textOf(repository, before),
      after: after === undefined ? null : await textOf(repository, after),
    });
  }
  return texts;
}

/**
 * The same, to be taken back. Throws `Failure` SHALLOW_HISTORY where the commit before it is not in this clone: what it
 * did is not known then. REPOSITORY_DAMAGED as `changedTexts`.
 */
export async function revertedFiles(
  { repository, history }: { readonly repository: GitRepository; readonly history: Laters },
  entry: Pick<HistoryEntry, 'commit' | 'files' | 'isCutOff'>,
): Promise<readonly RevertedFile[]> {
  const { oid } = entry.commit;
  if (entry.isCutOff) throw cutOff(oid);
  const texts = await changedTexts(repository, entry);
  return texts.map((text) => ({ ...text, changedSince: history.laterThan(oid, text.path).length > 0 }));
}

type Laters = Pick<CommitHistory, 'laterThan'>;

function cutOff(oid: string): Failure {
  const sentence = `commit ${oid} cannot be taken back: this clone does not have the commit before it, so what it did is not known`;
  const remedy = '`git fetch --unshallow` brings what a shallow clone lacks';
  return new Failure('conflict', 'SHALLOW_HISTORY', `${sentence}; ${remedy}`);
}

async function textOf(repository: GitRepository, blob: string): Promise<string> {
  return (await repository.readBlob(blob)).toString('utf8');
}
