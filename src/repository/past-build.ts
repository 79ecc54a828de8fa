import type { SourceFile } from '../files/loaded.js';
import type { ParsedFile } from '../files/parsed.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { OrgKey } from '../model/keys.js';
import { damaged } from './damage.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { listTree } from './listing.js';
import { buildOrg, type OrgBuild, type OrgState } from './org-build.js';
import { type KnownFiles, type OrgFiles, readOrgFiles } from './org-files.js';
import { parsedKey } from './parsed-store.js';
import type { ServedOrg } from './served.js';

/** One organization at one commit, and what helps to build it. */
export interface PastBuild {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly commit: string;
  readonly org: OrgKey;
  /** The id of its folder's tree in that commit. */
  readonly version: string;
  /** Other versions of it: what they have parsed is not parsed again. */
  readonly others: readonly ServedOrg[];
  readonly now: number;
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
  const like = others.find(isFlawless);
  const near = like && isAllGood(read) ? await buildLike(build, read, like) : undefined;
  if (near !== undefined && isFlawless(near)) return near;
  return (await buildOrg(startOf(build, read))).served;
}

/** True where every file of it is served as the commit has it, so that nothing of it depends on what came before. */
export function isFlawless({ problems }: ServedOrg): boolean {
  return problems.every(({ severity }) => severity !== 'error');
}

/** Takes from another version what is equal in it, which saves most of the work; right where the result has no flaw. */
async function buildLike(build: PastBuild, read: OrgFiles, like: ServedOrg): Promise<ServedOrg | undefined> {
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
  return (await buildOrg({ ...startOf(build, read), previous, history: undefined })).served;
}

function startOf({ repository, reader, org, commit, version, now }: PastBuild, read: OrgFiles): OrgBuild {
  return {
    repository,
    reader,
    org,
    revision: commit,
    version,
    read,
    previous: undefined,
    history: commit,
    now,
  };
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
