import type { Difference, Part } from '../../changes/difference.js';
import { pathOf } from '../../files/paths.js';
import { Failure } from '../../model/failure.js';
import type { CommitHistory, HistoryCommit } from '../../repository/commit-history.js';
import { listCommit } from '../../repository/listing.js';
import type { LoadedFlags } from '../load-flags.js';
import { type OpenPast, withPast } from '../past/open.js';
import type { Surroundings } from '../surroundings.js';
import type { FlagCandidate } from './candidate.js';

/** The commit that last changed a file. */
export interface LastChange {
  readonly commit: HistoryCommit;
  /** True where it may have been an earlier commit, which is not in this clone. */
  readonly isCutOff: boolean;
}

/** What git tells of the files of the work tree. */
export interface Ages {
  /** Undefined for a file that is not committed as it is. */
  lastChange(path: string): Promise<LastChange | undefined>;
  /**
   * A moment since which the flag's files have given the same answers, in seconds since 1970; undefined where they are not
   * committed as they are. It may have been so for longer: nobody looks further back than the cutoff, in the same seconds.
   */
  unchangedSince(flag: AgedFlag, cutoff: number): Promise<number | undefined>;
}

/** A flag, and where it is. */
export type AgedFlag = Pick<FlagCandidate, 'project' | 'key' | 'path'>;

interface AgesInput {
  readonly folder: string;
  readonly loaded: LoadedFlags;
  readonly around: Surroundings;
}

/** Reads the history while it is used; undefined where there is no clone, or no commit yet. */
export async function withAges<Result>(
  { folder, loaded, around }: AgesInput,
  use: (ages: Ages | undefined) => Promise<Result>,
): Promise<Result> {
  // What is thrown by `use` itself must not look like a folder without a history.
  let work: Promise<Result> | undefined;
  try {
    await withPast(folder, around, async (opened) => {
      const ages = opened.head === undefined ? undefined : await openAges(opened, opened.head, loaded);
      work = use(ages);
      await work.catch(() => undefined);
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'NO_REPOSITORY') throw error;
  }
  return work ?? use(undefined);
}

async function openAges(opened: OpenPast, head: string, loaded: LoadedFlags): Promise<Ages> {
  const history = await opened.history();
  const committed = await committedBlobs(opened, head);
  const blobs = workTreeBlobs(loaded);
  const isCommitted = (path: string): boolean => blobs.get(path) === committed.get(path);
  return {
    lastChange: async (path) => (isCommitted(path) ? lastChange(history, path) : undefined),
    unchangedSince: async (flag, cutoff) => {
      const paths = filesOf(flag);
      return paths.every(isCommitted) ? unchangedSince(history, { head, paths, cutoff }) : undefined;
    },
  };
}

async function committedBlobs({ repository }: OpenPast, head: string): Promise<ReadonlyMap<string, string>> {
  const listing = await listCommit(repository, head);
  const blobs = new Map<string, string>();
  for (const org of listing.versions.keys()) {
    for (const { path, blob } of await listing.filesOf(org)) blobs.set(path, blob);
  }
  return blobs;
}

function workTreeBlobs({ folders }: LoadedFlags): ReadonlyMap<string, string> {
  const files = [...folders.values()].flatMap((org) => org.files);
  return new Map(files.map(({ path, blob }) => [path, blob]));
}

async function lastChange(history: CommitHistory, path: string): Promise<LastChange | undefined> {
  const page = await history.page({ under: [path], offset: 0, limit: 1, mostDifferences: 0, mostMerged: 0 });
  const [entry] = page.entries;
  return entry && { commit: entry.commit, isCutOff: entry.isCutOff };
}

interface AgedFiles {
  readonly head: string;
  readonly paths: readonly string[];
  readonly cutoff: number;
}

/** Commits after the cutoff are looked into, one by one: most of what is changed in a flag changes no answer. */
async function unchangedSince(
  history: CommitHistory,
  { head, paths, cutoff }: AgedFiles,
): Promise<number | undefined> {
  const last = Math.max(
    ...paths.map((path) => history.lastChange(path)?.seconds ?? Number.NEGATIVE_INFINITY),
  );
  if (last <= cutoff) return Number.isFinite(last) ? last : undefined;
  let oldest: number | undefined;
  for (let upTo: string | undefined = head; upTo !== undefined; ) {
    const touch = history.lastTouch({ upTo, under: paths });
    if (touch === undefined) return oldest;
    oldest = touch.seconds;
    if (oldest <= cutoff || (await changesAnswersAt(history, touch, paths))) return oldest;
    upTo = history.before(touch.oid)?.oid;
  }
  return oldest;
}

async function changesAnswersAt(
  history: CommitHistory,
  { oid }: HistoryCommit,
  paths: readonly string[],
): Promise<boolean> {
  const entry = await history.entryOf(oid, paths, { mostMerged: 0 });
  return entry?.differences.some(changesAnswers) === true;
}

/** What a flag's file says that never changes an answer. */
const INERT_FIELDS: ReadonlySet<string> = new Set([
  'client',
  'createdAt',
  'description',
  'expires',
  'id',
  'metadata',
  'name',
  'owner',
  'status',
  'tags',
  'updatedAt',
]);

function changesAnswers({ part }: Difference): boolean {
  return !isInert(part);
}

function isInert(part: Part): boolean {
  if (part.kind === 'field') return INERT_FIELDS.has(part.name.split('.')[0] ?? '');
  return part.kind === 'layout' || part.kind === 'test';
}

function filesOf({ project: { org, key: project }, key, path }: AgedFlag): readonly string[] {
  return [path, pathOf({ kind: 'overrides', org, project, key })];
}
