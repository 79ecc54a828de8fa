import type { SourceFile } from '../files/loaded.js';
import { parseFile } from '../files/parse.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import type { GitRepository } from './git.js';
import { FLAGS_FOLDER, listTree, orgVersion, type UnreadFile } from './listing.js';
import { readBytes } from './reading.js';
import type { FlagCache, ServedOrg } from './served.js';
import { pause } from './slices.js';

/** What a write starts from: one organization of one commit. */
export interface WriteBase {
  readonly commit: string;
  readonly tree: string;
  readonly org: OrgKey;
  readonly files: readonly SourceFile[];
  /** What is served of exactly these files; undefined where the cache serves others. */
  readonly served: ServedOrg | undefined;
  /** True where `schemas/flag.json` is in the commit. */
  readonly hasSchemas: boolean;
}

/** Reads it. What the cache has parsed is not parsed again. Throws `Failure` ORG_NOT_FOUND. */
export async function readBase(
  from: { readonly repository: GitRepository; readonly cache: FlagCache },
  commit: string,
  org: OrgKey,
): Promise<WriteBase> {
  const { repository, cache } = from;
  const { tree } = await repository.readCommit(commit);
  const version = await orgVersion(repository, tree, org);
  if (version === undefined)
    throw new Failure('not-found', 'ORG_NOT_FOUND', `there is no organization ${org}`);
  const served = cache.orgs.get(org);
  const isServed = served?.version === version;
  const files = isServed
    ? served.files
    : await readFiles(repository, { version, org, known: served?.files ?? [] });
  const hasSchemas = await hasSchema(repository, tree);
  return { commit, tree, org, files, served: isServed ? served : undefined, hasSchemas };
}

/** The blob of a file of the base, or undefined where it is not there. */
export function blobAt(base: WriteBase, path: string): string | undefined {
  return base.files.find((file) => file.path === path)?.blob;
}

async function readFiles(
  repository: GitRepository,
  from: { version: string; org: OrgKey; known: readonly SourceFile[] },
): Promise<readonly SourceFile[]> {
  const known = new Map(from.known.map((file) => [`${file.parsed?.kind}:${file.blob}`, file.parsed]));
  const files: SourceFile[] = [];
  for (const file of await listTree(repository, from.version, `${FLAGS_FOLDER}/${from.org}/`)) {
    const parsed = known.get(`${file.kind}:${file.blob}`) ?? (await parse(repository, file));
    files.push({ path: file.path, blob: file.blob, mode: file.mode, parsed });
    await pause();
  }
  return files;
}

async function parse(repository: GitRepository, file: UnreadFile): Promise<SourceFile['parsed']> {
  return file.kind === undefined ? undefined : parseFile(file.kind, await readBytes(repository, file));
}

async function hasSchema(repository: GitRepository, tree: string): Promise<boolean> {
  const folder = (await repository.readTree(tree)).find((entry) => entry.name === 'schemas');
  if (folder?.kind !== 'tree') return false;
  return (await repository.readTree(folder.oid)).some(
    (entry) => entry.name === 'flag.json' && entry.kind === 'file',
  );
}
