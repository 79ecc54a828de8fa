import { createHash } from 'node:crypto';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { OrgKey } from '../model/keys.js';
import { hasFilters } from './clean-filters.js';
import { type FoundFile, findFiles } from './found-files.js';
import type { GitRepository } from './git.js';
import { IndexedFiles } from './indexed-files.js';
import { type Listing, type UnreadFile, WORK_TREE } from './listing.js';
import { pause } from './slices.js';
import { fileEntry, WorkBlobs } from './work-blobs.js';

/**
 * Lists the plain files of a folder with the ids that git gives them. Their revision is `worktree`. What the index of
 * `repository` knows is not read; the version of an organization is the id of its tree where the index knows that.
 */
export async function listWorkTree(dir: string, repository?: GitRepository): Promise<Listing> {
  const found = await findFiles(dir);
  const { orgs, config, strays } = found;
  const isAsked = repository !== undefined && !hasFilters(repository, dir, found);
  const index = isAsked ? new IndexedFiles(repository) : undefined;
  const blobs = new WorkBlobs(dir, index);
  const files = new Map<OrgKey, readonly UnreadFile[]>();
  const filesOf = async (org: OrgKey): Promise<readonly UnreadFile[]> => {
    const listed = files.get(org) ?? (await unreadFiles(orgs.get(org) ?? [], blobs));
    files.set(org, listed);
    return listed;
  };
  const versions = new Map<OrgKey, string>();
  for (const [org, found] of orgs) {
    const tree = index?.treeOf(`${FLAGS_FOLDER}/${org}`, found);
    versions.set(org, tree ?? versionOf(await filesOf(org)));
  }
  const settings = config && unread(config, blobs);
  blobs.keep();
  return {
    revision: WORK_TREE,
    versions,
    config: settings,
    strays,
    filesOf,
    changesSince: async () => undefined,
  };
}

async function unreadFiles(found: readonly FoundFile[], blobs: WorkBlobs): Promise<readonly UnreadFile[]> {
  const files: UnreadFile[] = [];
  for (const file of found) {
    const listed = unread(file, blobs);
    if (listed !== undefined) files.push(listed);
    await pause();
  }
  return files;
}

/** Undefined for what is gone by now. */
function unread(file: FoundFile, blobs: WorkBlobs): UnreadFile | undefined {
  const entry = fileEntry(file);
  const blob = entry.blob ?? blobs.blobOf(file);
  return blob === undefined ? undefined : { ...entry, blob };
}

function versionOf(files: readonly UnreadFile[]): string {
  const hash = createHash('sha1');
  for (const { path, blob, mode } of files) hash.update(`${mode} ${path}\0${blob}\n`);
  return hash.digest('hex');
}
