import type { OrgKey } from '../../model/keys.js';
import { type Listing, listCommit } from '../../repository/listing.js';
import { openPast } from '../../repository/past.js';
import { buildWorkTree } from '../../repository/past-build.js';
import type { ServedOrg } from '../../repository/served.js';
import { listWorkTree } from '../../repository/work-listing.js';
import { WrongUse } from '../exit.js';
import type { OpenPast } from './open.js';

/** One of the two versions that are compared: a commit, or the work tree. */
export interface Side {
  /** 40 hexadecimal digits; undefined for the work tree. */
  readonly commit: string | undefined;
  readonly listing: Listing;
  /** Those that were wanted, in order of their keys, each as it would be served: broken files have their last good version. */
  readonly orgs: ReadonlyMap<OrgKey, SideOrg>;
}

/** One organization of a side: snapshot, compiled projects by key, problems with their lines, parsed files. */
export type SideOrg = ServedOrg;

/** What is opened. */
export interface SideWanted {
  /** In people's words; undefined for the work tree. */
  readonly revision: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Another side. What is the same in both is the same object, so that identity tells what changed. */
  readonly like?: Side | undefined;
  /** Which organizations to read; all of them where it is left out. */
  readonly isWanted?: (org: OrgKey) => boolean;
}

/** Throws `Failure` as `Past` does, `WrongUse` where the work tree of a bare repository is wanted. */
export async function openSide(opened: OpenPast, wanted: SideWanted): Promise<Side> {
  const listed = await listSide(opened, wanted.revision);
  return readSide(opened, listed, wanted);
}

/** Two versions. */
export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** What two sides are opened with. */
export interface SidesWanted extends Omit<SideWanted, 'revision' | 'like'> {
  readonly before: string;
  /** Undefined for the work tree. */
  readonly after: string | undefined;
}

/** Opens both, of the organizations that differ; the others are in neither. Throws as `openSide` does. */
export async function openSides(
  opened: OpenPast,
  { before, after, now, isWanted = () => true }: SidesWanted,
): Promise<Sides> {
  const older = await listSide(opened, before);
  const newer = await listSide(opened, after);
  const differs = await differing(older.listing, newer.listing);
  const wanted = { now, isWanted: (org: OrgKey) => isWanted(org) && differs.has(org) };
  const like = await readSide(opened, older, wanted);
  return { before: like, after: await readSide(opened, newer, { ...wanted, like }) };
}

type Listed = Omit<Side, 'orgs'>;

async function listSide(opened: OpenPast, revision: string | undefined): Promise<Listed> {
  const { repository } = opened;
  if (revision === undefined) {
    const { workDir } = repository;
    if (workDir === undefined) throw noWorkTree();
    return { commit: undefined, listing: await listWorkTree(workDir, repository) };
  }
  const commit = await opened.resolve(revision);
  return { commit, listing: await listCommit(repository, commit) };
}

function noWorkTree(): WrongUse {
  return new WrongUse('a bare repository has no work tree to compare with: name two revisions');
}

type Reading = Pick<SideWanted, 'now' | 'like' | 'isWanted'>;

async function readSide(opened: OpenPast, listed: Listed, reading: Reading): Promise<Side> {
  const orgs = new Map<OrgKey, SideOrg>();
  const read = orgReader(opened, listed, reading);
  for (const org of listed.listing.versions.keys()) {
    const found = reading.isWanted?.(org) === false ? undefined : await read(org);
    if (found !== undefined) orgs.set(org, found);
  }
  return { ...listed, orgs };
}

function orgReader(
  { repository, reader, history, head }: OpenPast,
  { commit, listing }: Listed,
  { now, like }: Reading,
): (org: OrgKey) => Promise<SideOrg | undefined> {
  const known: ReadonlyMap<string, SideOrg> = like?.orgs ?? new Map();
  if (commit === undefined) {
    const base = { repository, reader, listing, head, now };
    return (org) =>
      buildWorkTree({ ...base, org, others: [known.get(org)].filter((one) => one !== undefined) });
  }
  const timeline = { commitAt: async (seconds: number) => (await history()).commitAt(seconds) };
  const past = openPast({ repository, reader, orgs: () => known, history: timeline, now: () => now });
  return (org) => past.orgAt(commit, org);
}

/** The id of a folder and what stands for it in the work tree are not alike, so there the files tell. */
async function differing(before: Listing, after: Listing): Promise<ReadonlySet<OrgKey>> {
  const differs = new Set<OrgKey>();
  for (const org of new Set([...before.versions.keys(), ...after.versions.keys()])) {
    if (before.versions.get(org) === after.versions.get(org)) continue;
    const one = fingerprint(await before.filesOf(org));
    if (one !== fingerprint(await after.filesOf(org))) differs.add(org);
  }
  return differs;
}

function fingerprint(files: Awaited<ReturnType<Listing['filesOf']>>): string {
  return files
    .map(({ path, blob }) => `${path}\0${blob}`)
    .sort()
    .join('\n');
}
