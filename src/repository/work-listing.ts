import { createHash } from 'node:crypto';
import type { OrgKey } from '../model/keys.js';
import { type FoundFile, findFiles } from './found-files.js';
import { type Listing, type UnreadFile, WORK_TREE } from './listing.js';
import { pause } from './slices.js';
import { fileEntry, type KnownBlobs, WorkBlobs } from './work-blobs.js';

/**
 * Lists the plain files of a folder with the ids that git would give them. Their revision is `worktree`. `known` knows some of
 * the ids, so that those files need not be read.
 */
export async function listWorkTree(dir: string, known?: KnownBlobs): Promise<Listing> {
  const { orgs, config, strays } = await findFiles(dir);
  const blobs = new WorkBlobs(dir, known);
  const unread = (file: FoundFile): UnreadFile => {
    const entry = fileEntry(file);
    return { ...entry, blob: entry.blob ?? blobs.blobOf(file) };
  };
  const files = new Map<OrgKey, readonly UnreadFile[]>();
  for (const [org, found] of orgs) {
    const listed: UnreadFile[] = [];
    for (const file of found) {
      listed.push(unread(file));
      await pause();
    }
    files.set(org, listed);
  }
  const settings = config && unread(config);
  blobs.keep();
  return {
    revision: WORK_TREE,
    versions: new Map([...files].map(([org, list]) => [org, versionOf(list)])),
    config: settings,
    strays,
    filesOf: async (org) => files.get(org) ?? [],
    changesSince: async () => undefined,
  };
}

function versionOf(files: readonly UnreadFile[]): string {
  const hash = createHash('sha1');
  for (const { path, blob, mode } of files) hash.update(`${mode} ${path}\0${blob}\n`);
  return hash.digest('hex');
}
