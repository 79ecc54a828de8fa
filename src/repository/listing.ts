import { CONFIG_PATH } from '../files/config.js';
import type { SourceFile } from '../files/loaded.js';
import type { FileKind, ParsedFile } from '../files/parsed.js';
import { FLAGS_FOLDER, placeOf } from '../files/paths.js';
import { type OrgKey, parseOrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { FileChange } from './file-events.js';
import type { GitRepository } from './git.js';
import { flagsEntry, type OrgVersions, orgVersions } from './org-folders.js';
import { pause } from './slices.js';
import type { TreeEntry } from './tree.js';
import { LostTree, TreeDiff } from './tree-diff.js';

/** What stands for a revision where the work tree is served. */
export const WORK_TREE = 'worktree';

/** A file of an organization before it is read. */
export interface UnreadFile {
  readonly path: string;
  readonly blob: string;
  readonly mode: SourceFile['mode'];
  /** Undefined for what is no file, and for paths that no kind of file has. */
  readonly kind: FileKind | undefined;
  /** Of a file that is too large to be read: what it is all the same. */
  readonly parsed?: ParsedFile;
}

/** What there is to serve, and where from: a commit, or the work tree. */
export interface Listing {
  /** The commit's id, or `WORK_TREE`. */
  readonly revision: string;
  /** What changes whenever a file of the organization does. */
  readonly versions: OrgVersions;
  /** The settings' blob. */
  readonly config: UnreadFile | undefined;
  /** Files that belong to no organization and should not be there. */
  readonly strays: readonly Problem[];
  /** None of an organization that is not there. */
  filesOf(org: OrgKey): Promise<readonly UnreadFile[]>;
  /** The files that are others than in an older version of the organization; undefined where only `filesOf` tells. */
  changesSince(org: OrgKey, version: string): Promise<readonly FileChange[] | undefined>;
}

/**
 * Lists a commit: two trees, then each organization's when somebody asks for it. `served` are the versions that are
 * served now; undefined in the first load.
 */
export async function listCommit(
  repository: GitRepository,
  oid: string,
  served?: OrgVersions,
): Promise<Listing> {
  const commit = await repository.readCommit(oid);
  const root = await repository.readTree(commit.tree);
  const config = root.find((entry) => entry.name === CONFIG_PATH);
  const versions = await orgVersions(repository, commit, served);
  return {
    revision: oid,
    versions,
    config: config && unreadFile(CONFIG_PATH, config),
    strays: await straysOf(repository, await flagsEntry(repository, commit)),
    filesOf: async (org) => {
      const tree = versions.get(org);
      return tree === undefined ? [] : listTree(repository, tree, `${FLAGS_FOLDER}/${org}/`);
    },
    changesSince: (org, version) =>
      changesBetween(repository, {
        before: version,
        after: versions.get(org),
        prefix: `${FLAGS_FOLDER}/${org}`,
      }),
  };
}

/** Undefined where git has lost a tree of them. */
async function changesBetween(
  repository: GitRepository,
  {
    before,
    after,
    prefix,
  }: { readonly before: string; readonly after: string | undefined; readonly prefix: string },
): Promise<readonly FileChange[] | undefined> {
  try {
    return await new TreeDiff(repository).compare(before, after, prefix);
  } catch (error) {
    if (error instanceof LostTree) return undefined;
    throw error;
  }
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

/** The problem of something at `flags` that is no folder. */
export function flagsTaken(): Problem {
  const message = 'is no folder: it holds one folder for each organization';
  return { path: FLAGS_FOLDER, line: 1, column: 1, code: 'UNEXPECTED_FILE', severity: 'error', message };
}

function unreadFile(path: string, entry: TreeEntry): UnreadFile {
  const mode = entry.kind === 'tree' ? 'special' : entry.kind;
  return { path, blob: entry.oid, mode, kind: mode === 'file' ? kindAt(path) : undefined };
}

async function straysOf(
  repository: GitRepository,
  flags: TreeEntry | undefined,
): Promise<readonly Problem[]> {
  if (flags === undefined) return [];
  if (flags.kind !== 'tree') return [flagsTaken()];
  const strays: Problem[] = [];
  for (const entry of await repository.readTree(flags.oid)) {
    const path = `${FLAGS_FOLDER}/${entry.name}`;
    if (entry.kind !== 'tree') strays.push(...strayAt(path));
    else if (parseOrgKey(entry.name) === undefined) {
      const files = await listTree(repository, entry.oid, `${path}/`);
      strays.push(...files.flatMap((file) => strayAt(file.path)));
    }
  }
  return strays;
}
