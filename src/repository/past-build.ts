import type { SourceFile } from '../files/loaded.js';
import type { ParsedFile } from '../files/parsed.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { OrgKey } from '../model/keys.js';
import { damaged } from './damage.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { type Listing, listTree } from './listing.js';
import { buildOrg, type OrgBuild, type OrgState } from './org-build.js';
import { type KnownFiles, type OrgFiles, readOrgFiles } from './org-files.js';
import { orgVersion } from './org-folders.js';
import { parsedKey } from './parsed-store.js';
import type { ServedOrg } from './served.js';

/** One version of one organization, and what helps to build it. */
interface VersionBuild {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly org: OrgKey;
  /** Other versions of it: what they have parsed is not parsed again. */
  readonly others: readonly ServedOrg[];
  readonly now: number;
}

/** One organization at one commit. */
export interface PastBuild extends VersionBuild {
  readonly commit: string;
  /** The id of its folder's tree in that commit. */
  readonly version: string;
}

/** One organization of the work tree. */
export interface WorkTreeBuild extends VersionBuild {
  readonly listing: Listing;
  /** What is checked out; undefined before the first commit. */
  readonly head: string | undefined;
}

/**
 * Builds it from the object store as a first load of that commit would: broken files have their last good version from
 * before it. Undefined where nothing of it can be served. Throws `Failure` REPOSITORY_DAMAGED where an object is missing:
 * the server of that day had it, so what it answered cannot be told.
 */
export async function buildPast(build: PastBuild): Promise<ServedOrg | undefined> {
  const { repository, reader, commit, org, version, others } = build;
  const unread = await listTree(repository, version, `${FLAGS_FOLDER}/${org}/`);
  const read = await readOrgFiles(reader, unread, parsedBefore(others));
  const [lost] = read.unreadable;
  if (lost !== undefined)
    throw damaged(`object ${lost.blob}, ${lost.path} in commit ${commit}, cannot be read`);
  return buildRead({ ...build, revision: commit, history: commit, read, others });
}

/**
 * Builds it from the files as they lie there, as it would be served if they were committed now: what is broken stays as
 * what is checked out has it. Undefined where nothing of it can be served.
 */
export async function buildWorkTree({
  listing,
  head,
  ...build
}: WorkTreeBuild): Promise<ServedOrg | undefined> {
  const version = listing.versions.get(build.org);
  if (version === undefined) return undefined;
  const unread = await listing.filesOf(build.org);
  const read = await readOrgFiles(build.reader, unread, parsedBefore(build.others));
  const reading: ReadBuild = { ...build, revision: listing.revision, version, history: undefined, read };
  const near = await buildNear(reading);
  if (near !== undefined) return near;
  const committed = head === undefined ? undefined : await buildCommitted(head, build);
  return committed === undefined ? (await buildOrg(startOf(reading))).served : buildLike(reading, committed);
}

async function buildCommitted(commit: string, build: VersionBuild): Promise<ServedOrg | undefined> {
  const { tree } = await build.repository.readCommit(commit);
  const version = await orgVersion(build.repository, tree, build.org);
  return version === undefined ? undefined : buildPast({ ...build, commit, version });
}

/** A version whose files are read. */
interface ReadBuild extends VersionBuild {
  readonly revision: string;
  readonly version: string;
  readonly history: string | undefined;
  readonly read: OrgFiles;
}

async function buildRead(build: ReadBuild): Promise<ServedOrg | undefined> {
  return (await buildNear(build)) ?? (await buildOrg(startOf(build))).served;
}

/** From another version, where both are without a flaw. */
async function buildNear(build: ReadBuild): Promise<ServedOrg | undefined> {
  const like = build.others.find(isFlawless);
  const near = like && isAllGood(build.read) ? await buildLike(build, like) : undefined;
  return near !== undefined && isFlawless(near) ? near : undefined;
}

/** True where every file of it is served as the commit has it, so that nothing of it depends on what came before. */
export function isFlawless({ problems }: ServedOrg): boolean {
  return problems.every(({ severity }) => severity !== 'error');
}

/** Takes from another version what is equal in it, which saves most of the work; right where the result has no flaw. */
async function buildLike(build: ReadBuild, like: ServedOrg): Promise<ServedOrg | undefined> {
  const { snapshot, version, files } = like;
  const previous: OrgState = {
    org: build.org,
    version,
    served: like,
    read: { files, parsedNow: 0, unreadable: [] },
    loaded: { snapshot, problems: [], findings: [], missing: [] },
    between: [],
    positions: new Map(),
  };
  return (await buildOrg({ ...startOf(build), previous, history: undefined })).served;
}

function startOf({ others: _, ...build }: ReadBuild): OrgBuild {
  return { ...build, previous: undefined };
}

function isAllGood({ files }: OrgFiles): boolean {
  return files.every(({ parsed }) => parsed === undefined || parsed.value !== undefined);
}

function parsedBefore(others: readonly ServedOrg[]): KnownFiles {
  const known = new Map<string, ParsedFile>();
  for (const { blob, parsed } of others.flatMap(({ files }) => files)) {
    if (parsed !== undefined && !isLost(parsed)) known.set(parsedKey(parsed.kind, blob), parsed);
  }
  return known;
}

/** What stands for a file whose object git did not have says nothing of the file. */
function isLost({ value, problems }: NonNullable<SourceFile['parsed']>): boolean {
  return value === undefined && problems.some(({ code }) => code === 'MISSING_FILE');
}
