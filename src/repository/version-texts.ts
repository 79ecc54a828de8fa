import type { FlagTexts, RevertedFile } from '../changes/change.js';
import { pathOf } from '../files/paths.js';
import type { FlagKey, OrgKey, ProjectKey } from '../model/keys.js';
import type { HistoryEntry } from './commit-history.js';
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

/** What a commit did to its files, as texts, to be taken back. Throws `Failure` REPOSITORY_DAMAGED. */
export async function revertedFiles(
  repository: GitRepository,
  { files }: Pick<HistoryEntry, 'files'>,
): Promise<readonly RevertedFile[]> {
  const texts: RevertedFile[] = [];
  for (const { path, before, after } of files) {
    texts.push({
      path,
      before: before === undefined ? null : await textOf(repository, before),
      after: after === undefined ? null : await textOf(repository, after),
    });
  }
  return texts;
}

async function textOf(repository: GitRepository, blob: string): Promise<string> {
  return (await repository.readBlob(blob)).toString('utf8');
}
