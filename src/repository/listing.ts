import { CONFIG_PATH } from '../files/config.js';
import type { SourceFile } from '../files/loaded.js';
import type { FileKind } from '../files/parsed.js';
import { placeOf } from '../files/paths.js';
import { type OrgKey, parseOrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { GitRepository } from './git.js';
import { pause } from './slices.js';
import type { TreeEntry } from './tree.js';

/** The folder of the flags, at the top of the repository. */
export const FLAGS_FOLDER = 'flags';

/** A file of an organization before it is read. */
export interface UnreadFile {
  readonly path: string;
  readonly blob: string;
  readonly mode: SourceFile['mode'];
  /** Undefined for what is no file, and for paths that no kind of file has. */
  readonly kind: FileKind | undefined;
}

/** What there is to serve, and where from: a commit, or the work tree. */
export interface Listing {
  /** The commit's id; `worktree` for the work tree. */
  readonly revision: string;
  /** By organization, in order of the keys: what changes whenever a file of it does. */
  readonly versions: ReadonlyMap<OrgKey, string>;
  /** The settings' blob. */
  readonly config: UnreadFile | undefined;
  /** Files that belong to no organization and should not be there. */
  readonly strays: readonly Problem[];
  filesOf(org: OrgKey): Promise<readonly UnreadFile[]>;
}

/** Lists a commit: two trees, then each organization's when somebody asks for it. */
export async function listCommit(repository: GitRepository, oid: string): Promise<Listing> {
  const commit = await repository.readCommit(oid);
  const root = await repository.readTree(commit.tree);
  const config = root.find((entry) => entry.name === CONFIG_PATH && entry.kind !== 'tree');
  const flags = root.find((entry) => entry.name === FLAGS_FOLDER && entry.kind === 'tree');
  const entries = flags === undefined ? [] : await repository.readTree(flags.oid);
  const versions = versionsOf(entries);
  return {
    revision: oid,
    versions,
    config: config && unreadFile(CONFIG_PATH, config),
    strays: await straysOf(repository, entries),
    filesOf: (org) => listTree(repository, versions.get(org) ?? '', `${FLAGS_FOLDER}/${org}/`),
  };
}

/** The version of one organization in a commit, or undefined where the commit has none of that name. */
export async function orgVersion(
  repository: GitRepository,
  tree: string,
  org: OrgKey,
): Promise<string | undefined> {
  const flags = (await repository.readTree(tree)).find((entry) => entry.name === FLAGS_FOLDER);
  if (flags?.kind !== 'tree') return undefined;
  const folder = (await repository.readTree(flags.oid)).find((entry) => entry.name === org);
  return folder?.kind === 'tree' ? folder.oid : undefined;
}

/** Every file of a folder, with what kind of file its path makes it. */
export async function listTree(
  repository: GitRepository,
  tree: string,
  prefix: string,
): Promise<readonly UnreadFile[]> {
  const files: UnreadFile[] = [];
  await pause();
  for (const entry of await repository.readTree(tree)) {
    const path = prefix + entry.name;
    if (entry.kind === 'tree') files.push(...(await listTree(repository, entry.oid, `${path}/`)));
    else files.push(unreadFile(path, entry));
  }
  return files;
}

/** The kind of file at a path, where it is one that Flagstaff reads. */
export function kindAt(path: string): FileKind | undefined {
  const meaning = placeOf(path);
  return meaning.kind === 'file' ? meaning.place.kind : undefined;
}

/** The problem of a path that should not be there. */
export function strayAt(path: string): readonly Problem[] {
  const meaning = placeOf(path);
  return meaning.kind === 'problem' ? [meaning.problem] : [];
}

function unreadFile(path: string, entry: TreeEntry): UnreadFile {
  const mode = entry.kind === 'tree' ? 'file' : entry.kind;
  return { path, blob: entry.oid, mode, kind: mode === 'file' ? kindAt(path) : undefined };
}

function versionsOf(entries: readonly TreeEntry[]): ReadonlyMap<OrgKey, string> {
  const versions = new Map<OrgKey, string>();
  for (const entry of entries) {
    const org = entry.kind === 'tree' ? parseOrgKey(entry.name) : undefined;
    if (org !== undefined) versions.set(org, entry.oid);
  }
  return new Map([...versions].sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function straysOf(
  repository: GitRepository,
  entries: readonly TreeEntry[],
): Promise<readonly Problem[]> {
  const strays: Problem[] = [];
  for (const entry of entries) {
    const path = `${FLAGS_FOLDER}/${entry.name}`;
    if (entry.kind !== 'tree') strays.push(...strayAt(path));
    else if (parseOrgKey(entry.name) === undefined) {
      const files = await listTree(repository, entry.oid, `${path}/`);
      strays.push(...files.flatMap((file) => strayAt(file.path)));
    }
  }
  return strays;
}
