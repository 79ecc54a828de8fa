import { createHash } from 'node:crypto';
import { pathsOf } from '../changes/apply.js';
import type { GitRepository } from './git.js';
import { filesInTree } from './tree-edit.js';
import type { ExpectedBlobs, ExpectedFiles, WriteRequest } from './write-request.js';

/** Whose files are meant. */
export type FilesOfChanges = Pick<WriteRequest, 'org' | 'changes'>;

/** A commit's tree. */
export interface TreePlace {
  readonly repository: GitRepository;
  readonly tree: string;
}

/** Of more files than these a digest is told: all of them would not fit into the request that brings them back. */
const MOST_NAMED = 1_000;

/** How all files that the changes are about are in this tree. */
export async function expectedFiles(place: TreePlace, about: FilesOfChanges): Promise<ExpectedFiles> {
  const blobs = await blobsOf(place, about);
  return Object.keys(blobs).length > MOST_NAMED ? digestOf(blobs) : blobs;
}

/** True where all files that the changes are about are in this tree as the digest has them. */
export async function isDigestOf(digest: string, place: TreePlace, about: FilesOfChanges): Promise<boolean> {
  return digest === digestOf(await blobsOf(place, about));
}

async function blobsOf(
  { repository, tree }: TreePlace,
  { org, changes }: FilesOfChanges,
): Promise<ExpectedBlobs> {
  const paths = [...new Set(changes.flatMap((change) => pathsOf(org, change)))].sort();
  const there = await filesInTree(repository, tree, paths);
  return Object.fromEntries(paths.map((path) => [path, there.get(path)?.oid ?? null]));
}

function digestOf(blobs: ExpectedBlobs): string {
  const hash = createHash('sha256');
  for (const [path, blob] of Object.entries(blobs)) hash.update(`${path}\0${blob ?? ''}\n`);
  return `sha256:${hash.digest('hex')}`;
}
