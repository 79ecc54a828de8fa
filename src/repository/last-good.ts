import { load } from '../files/load.js';
import type { LoadedOrg } from '../files/loaded.js';
import { FLAGS_FOLDER, pathOf, placeOf } from '../files/paths.js';
import type { OrgKey } from '../model/keys.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import { isDamage, isRefusal } from './damage.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { listTree } from './listing.js';
import { type KnownFiles, knownFiles, readOrgFiles } from './org-files.js';
import { orgVersion } from './org-folders.js';
import { drain } from './slices.js';

/** How far to look: commits, and different states of the organization among them. Who serves already waits less long. */
const MOST_COMMITS = 10_000;
const MOST_VERSIONS = 200;
const MOST_VERSIONS_SINCE = 20;

/** What is looked for, and from where. */
export interface LastGoodSearch {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly org: OrgKey;
  /** The commit whose files are broken; the search starts with its parent. */
  readonly commit: string;
  /** The broken files, as paths. */
  readonly missing: readonly string[];
  readonly known: KnownFiles;
  /** What is served now: only what came after it is looked at, and it is good for all else. Undefined in the first load. */
  readonly served: ServedVersion | undefined;
  readonly now: number;
}

/** A state of the organization, and what is served of it. */
export interface ServedVersion {
  readonly version: string;
  readonly snapshot: OrgSnapshot;
}

/**
 * A snapshot that holds the last good version of as many of the broken files as history has one for: first parents are
 * loaded, newest first, until each was good once or was not there; then those that told so are laid over each other,
 * oldest first, so that what one of them deleted does not come back.
 */
export async function findLastGood(search: LastGoodSearch): Promise<OrgSnapshot | undefined> {
  const loadVersion = versionLoader(search);
  const wanted = new Set(search.missing);
  const telling: string[] = [];
  for await (const version of olderVersions(search)) {
    const { loaded, paths } = await loadVersion(version, undefined);
    const mended = [...wanted].filter((path) => isGood(path, loaded, paths));
    const gone = [...wanted].filter((path) => !paths.has(path) && !paths.has(flagOf(path)));
    if (mended.length > 0 || gone.length > 0) telling.push(version);
    for (const path of [...mended, ...gone]) wanted.delete(path);
    if (wanted.size === 0) break;
  }
  let snapshot = search.served?.snapshot;
  for (const version of telling.reverse()) {
    snapshot = (await loadVersion(version, snapshot)).loaded.snapshot ?? snapshot;
  }
  return snapshot;
}

/** The organization's different states before the commit, newest first. It ends where history does, or is unreadable. */
async function* olderVersions({ repository, org, commit, served }: LastGoodSearch): AsyncGenerator<string> {
  const most = served === undefined ? MOST_VERSIONS : MOST_VERSIONS_SINCE;
  const seen = new Set<string | undefined>([undefined]);
  let oid: string | undefined = commit;
  for (let count = 0; oid !== undefined && count < MOST_COMMITS && seen.size < most; count += 1) {
    const step = await readVersion(repository, oid, org);
    if (step === undefined || step.version === served?.version) return;
    if (count > 0 && step.version !== undefined && !seen.has(step.version)) yield step.version;
    seen.add(step.version);
    oid = step.parent;
  }
}

interface VersionStep {
  readonly version: string | undefined;
  readonly parent: string | undefined;
}

/** Undefined at the end of a shallow clone, and where git has lost the commit; what the machine refuses is tried again. */
async function readVersion(
  repository: GitRepository,
  oid: string,
  org: OrgKey,
): Promise<VersionStep | undefined> {
  try {
    const commit = await repository.readCommit(oid);
    return { version: await orgVersion(repository, commit.tree, org), parent: commit.parents[0] };
  } catch (error) {
    if (isDamage(error) && !isRefusal(error.cause)) return undefined;
    throw error;
  }
}

interface LoadedVersion {
  readonly loaded: LoadedOrg;
  readonly paths: ReadonlySet<string>;
}

function versionLoader(
  search: LastGoodSearch,
): (version: string, previous: OrgSnapshot | undefined) => Promise<LoadedVersion> {
  const { repository, reader, org, now } = search;
  let known = search.known;
  return async (version, previous) => {
    const unread = await listTree(repository, version, `${FLAGS_FOLDER}/${org}/`);
    const read = await readOrgFiles(reader, unread, known);
    known = new Map([...known, ...knownFiles(read)]);
    const loaded = await drain(load({ org, files: read.files, previous, now }));
    return { loaded, paths: new Set(read.files.map((file) => file.path)) };
  };
}

/** Overrides and tests that were not there yet were good with their flag. */
function isGood(path: string, loaded: LoadedOrg, paths: ReadonlySet<string>): boolean {
  if (loaded.snapshot === undefined) return false;
  const owner = paths.has(path) ? path : flagOf(path);
  return paths.has(owner) && !loaded.missing.includes(owner);
}

function flagOf(path: string): string {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file') return path;
  const { place } = meaning;
  return place.kind === 'overrides' || place.kind === 'tests' ? pathOf({ ...place, kind: 'flag' }) : path;
}
