import { FLAGS_FOLDER } from '../files/paths.js';
import { type OrgKey, parseOrgKey } from '../model/keys.js';
import type { Commit } from './commit.js';
import { readCommitIfThere } from './commit-if-there.js';
import type { GitRepository } from './git.js';
import { pause } from './slices.js';
import type { TreeEntry } from './tree.js';

/** By organization, in order of the keys, the id of its folder's tree. */
export type OrgVersions = ReadonlyMap<OrgKey, string>;

/** How many older commits are looked at for folders whose place something else has taken. */
const MOST_COMMITS = 1_000;

/**
 * The folders of the organizations of a commit. Where something that is no folder (a symlink, a file, a submodule) has
 * taken the place of one, or of `flags` itself, it is the last one that was there: the one that is served, or in the
 * first load the one that history has.
 */
export async function orgVersions(
  repository: GitRepository,
  commit: Commit,
  served: OrgVersions | undefined,
): Promise<OrgVersions> {
  const flags = await flagsEntry(repository, commit);
  if (flags === undefined) return new Map();
  if (flags.kind !== 'tree') return served ?? (await newestFolders(repository, commit));
  const entries = await repository.readTree(flags.oid);
  const taken = entries
    .filter((entry) => entry.kind !== 'tree')
    .flatMap(({ name }) => parseOrgKey(name) ?? []);
  const before = await foldersBefore(repository, commit, { taken, served });
  return new Map([...foldersIn(entries), ...before].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The version of one organization in a commit's tree, or undefined where it has no folder of that name. */
export async function orgVersion(
  repository: GitRepository,
  tree: string,
  org: OrgKey,
): Promise<string | undefined> {
  const flags = await flagsEntry(repository, { tree });
  if (flags?.kind !== 'tree') return undefined;
  const folder = (await repository.readTree(flags.oid)).find((entry) => entry.name === org);
  return folder?.kind === 'tree' ? folder.oid : undefined;
}

/** What stands at `flags` in a commit. */
export async function flagsEntry(
  repository: GitRepository,
  { tree }: Pick<Commit, 'tree'>,
): Promise<TreeEntry | undefined> {
  return (await repository.readTree(tree)).find((entry) => entry.name === FLAGS_FOLDER);
}

function foldersIn(entries: readonly TreeEntry[]): OrgVersions {
  const versions = new Map<OrgKey, string>();
  for (const { kind, name, oid } of entries) {
    const org = kind === 'tree' ? parseOrgKey(name) : undefined;
    if (org !== undefined) versions.set(org, oid);
  }
  return versions;
}

async function newestFolders(repository: GitRepository, commit: Commit): Promise<OrgVersions> {
  for await (const entries of olderEntries(repository, commit)) return foldersIn(entries);
  return new Map();
}

async function foldersBefore(
  repository: GitRepository,
  commit: Commit,
  { taken, served }: { readonly taken: readonly OrgKey[]; readonly served: OrgVersions | undefined },
): Promise<OrgVersions> {
  if (served !== undefined) return new Map([...served].filter(([org]) => taken.includes(org)));
  const found = new Map<OrgKey, string>();
  const wanted = new Set(taken);
  if (wanted.size === 0) return found;
  for await (const entries of olderEntries(repository, commit)) {
    for (const org of wanted) {
      const entry = entries.find(({ name }) => name === org);
      if (entry?.kind === 'tree') found.set(org, entry.oid);
      if (entry === undefined || entry.kind === 'tree') wanted.delete(org);
    }
    if (wanted.size === 0) break;
  }
  return found;
}

/** What `flags` held in the commits before, newest first; it ends where there was no `flags`, or history does. */
async function* olderEntries(
  repository: GitRepository,
  { parents }: Commit,
): AsyncGenerator<readonly TreeEntry[]> {
  let oid = parents[0];
  for (let count = 0; oid !== undefined && count < MOST_COMMITS; count += 1) {
    const commit = await readCommitIfThere(repository, oid);
    const flags = commit && (await flagsEntry(repository, commit));
    if (flags === undefined) return;
    if (flags.kind === 'tree') yield await repository.readTree(flags.oid);
    oid = commit?.parents[0];
    await pause();
  }
}
