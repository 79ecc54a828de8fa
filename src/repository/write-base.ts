import type { SourceFile } from '../files/loaded.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { listTree } from './listing.js';
import { knownFiles, readOrgFiles } from './org-files.js';
import { orgVersion } from './org-folders.js';
import type { FlagCache, ServedOrg } from './served.js';

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

/** Where it is read from. */
export interface BaseSource {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  readonly reader: FileReader;
}

/**
 * Reads it. What the cache has parsed is not parsed again; a file that git has lost is a broken one, and stops only
 * writes to itself. Throws `Failure` ORG_NOT_FOUND.
 */
export async function readBase(from: BaseSource, commit: string, org: OrgKey): Promise<WriteBase> {
  const { repository, cache } = from;
  const { tree } = await repository.readCommit(commit);
  const version = await orgVersion(repository, tree, org);
  if (version === undefined)
    throw new Failure('not-found', 'ORG_NOT_FOUND', `there is no organization ${org}`);
  const served = cache.orgs.get(org);
  const isServed = served?.version === version;
  const files = isServed ? served.files : await readFiles(from, { version, org, known: served?.files ?? [] });
  const hasSchemas = await hasSchema(repository, tree);
  return { commit, tree, org, files, served: isServed ? served : undefined, hasSchemas };
}

/** The blob of a file of the base, or undefined where it is not there. */
export function blobAt(base: WriteBase, path: string): string | undefined {
  return base.files.find((file) => file.path === path)?.blob;
}

async function readFiles(
  { repository, reader }: BaseSource,
  from: { readonly version: string; readonly org: OrgKey; readonly known: readonly SourceFile[] },
): Promise<readonly SourceFile[]> {
  const unread = await listTree(repository, from.version, `${FLAGS_FOLDER}/${from.org}/`);
  return (await readOrgFiles(reader, unread, knownFiles({ files: from.known, parsedNow: 0, unreadable: [] })))
    .files;
}

async function hasSchema(repository: GitRepository, tree: string): Promise<boolean> {
  const folder = (await repository.readTree(tree)).find((entry) => entry.name === 'schemas');
  if (folder?.kind !== 'tree') return false;
  return (await repository.readTree(folder.oid)).some(
    (entry) => entry.name === 'flag.json' && entry.kind === 'file',
  );
}
