import { compareResources } from '../changes/difference/resource.js';
import type { Difference } from '../changes/difference.js';
import { BoundedMap } from './bounded-map.js';
import type { EntryBounds, HistoryCommit, HistoryEntry } from './commit-history.js';
import type { FileStep } from './file-events.js';
import { groupsOf, type HistoryDifferences, type StepGroup, wholeResources } from './history-differences.js';
import { type HistoryIndex, isUnder } from './history-index.js';
import { type FoundMerged, groupsOfMerged, type HistoryMerges } from './history-merges.js';
import { pause } from './slices.js';

/** From so many files on, an entry is kept whole; so many files of such entries in all. */
const MANY_FILES = 20;
const FILES_KEPT = 20_000;
/** Groups that are told without a pause. */
const GROUPS_A_SLICE = 100;

/** The commits that came in by one that is no merge. */
const NONE_MERGED: { readonly merged: readonly HistoryCommit[]; readonly isCut: boolean } = {
  merged: [],
  isCut: false,
};

/** What is wanted of commits. */
export interface EntryQuery extends EntryBounds {
  /** Files, and folders with their `/`. */
  readonly under: readonly string[];
}

/** A commit, and what it did. */
interface Touched {
  readonly commit: HistoryCommit;
  /** What was asked for. */
  readonly steps: readonly FileStep[];
  /** All that it did to the resources of what was asked for. */
  readonly groups: readonly StepGroup[];
  readonly mergedBy: HistoryCommit | undefined;
  readonly isCutOff: boolean;
  /** True where there are more files. */
  readonly isCut: boolean;
  /** Under what its entry is kept. */
  readonly key: string;
}

/** What was told of a commit so far: at most one difference more than is wanted, so that it is known that there are more. */
interface Telling {
  readonly paths: ReadonlySet<string>;
  readonly most: number;
  readonly differences: Difference[];
}

/** Makes entries of the history: what commits did, with the differences in meaning. */
export class HistoryEntries {
  readonly #differences: HistoryDifferences;
  readonly #merges: HistoryMerges;
  readonly #large = new BoundedMap<string, HistoryEntry>(FILES_KEPT, ({ files }) => files.length);

  constructor({
    differences,
    merges,
  }: {
    readonly differences: HistoryDifferences;
    readonly merges: HistoryMerges;
  }) {
    this.#differences = differences;
    this.#merges = merges;
  }

  /** One for each place, in their order. What is read of the index is read now: it may change afterwards. */
  async of(
    index: HistoryIndex,
    places: readonly number[],
    query: EntryQuery,
  ): Promise<readonly HistoryEntry[]> {
    const { mostDifferences: most = Number.POSITIVE_INFINITY } = query;
    const whole = [...new Set(query.under.flatMap(wholeResources))];
    const known = places.map((place) => this.#known(index, place, { ...query, whole }));
    const touched = known.filter((entry): entry is Touched => 'steps' in entry);
    const told = await this.#tell(touched, most);
    const entries: HistoryEntry[] = [];
    for (const entry of known) {
      if ('steps' in entry) {
        const merged = await this.#mergedOf(index, entry.commit, query);
        entries.push(this.#entryOf(entry, { ...told.get(entry), ...merged }));
      } else entries.push(entry);
      await pause();
    }
    return entries;
  }

  /** The entry of a commit that came in by a merge. */
  async ofMerged({ commit, steps, mergedBy }: FoundMerged, query: EntryQuery): Promise<HistoryEntry> {
    const whole = query.under.flatMap(wholeResources);
    const all = steps.filter(({ path }) => isUnder(path, whole));
    const groups = groupsOfMerged({ commit, steps: all });
    const touched = { ...touchedBy({ all, groups }, query), commit, mergedBy, isCutOff: false, key: '' };
    const told = await this.#tell([touched], query.mostDifferences ?? Number.POSITIVE_INFINITY);
    return this.#entryOf(touched, { ...told.get(touched), ...NONE_MERGED });
  }

  clear(): void {
    this.#large.clear();
  }

  #known(
    index: HistoryIndex,
    place: number,
    query: EntryQuery & { readonly whole: readonly string[] },
  ): HistoryEntry | Touched {
    const { under, whole, mostFiles, mostDifferences, mostMerged } = query;
    const commit = index.chain[place];
    if (commit === undefined) throw new Error(`there is no commit ${place}`);
    const key = [commit.oid, mostFiles, mostDifferences, mostMerged, ...under].join(' ');
    const kept = this.#large.get(key);
    if (kept !== undefined) return kept;
    const all = index.stepsAt(place, whole);
    const touched = touchedBy({ all, groups: groupsOf(index, place, all) }, query);
    return { ...touched, commit, mergedBy: undefined, isCutOff: index.isCutOffAt(place), key };
  }

  async #mergedOf(
    index: HistoryIndex,
    commit: HistoryCommit,
    { under, mostMerged }: EntryQuery,
  ): Promise<typeof NONE_MERGED> {
    if (commit.mergedParents.length === 0) return NONE_MERGED;
    const { commits, isCut } = await this.#merges.of(index, commit);
    const touching = commits.filter(({ steps }) => steps.some(({ path }) => isUnder(path, under)));
    const merged = touching.slice(0, mostMerged).map((each) => each.commit);
    return { merged, isCut: isCut || merged.length < touching.length };
  }

  /** All that are missing are read together, but not so many that others would wait. */
  async #tell(touched: readonly Touched[], most: number): Promise<ReadonlyMap<Touched, Telling>> {
    const told = new Map<Touched, Telling>(touched.map((each) => [each, tellingOf(each, most)]));
    let slice: { readonly to: Telling; readonly group: StepGroup }[] = [];
    const tellSlice = async () => {
      const differences = await this.#differences.of(slice.map(({ group }) => group));
      slice.forEach(({ to }, index) => {
        addTo(to, differences[index] ?? []);
      });
      slice = [];
      await pause();
    };
    for (const [{ groups }, to] of told) {
      for (const group of groups) {
        if (to.most === 0 || to.differences.length > to.most) break;
        slice.push({ to, group });
        if (slice.length === GROUPS_A_SLICE) await tellSlice();
      }
    }
    await tellSlice();
    return told;
  }

  #entryOf(
    { commit, steps, mergedBy, isCutOff, isCut, key }: Touched,
    { differences: all = [], most = 0, merged, isCut: isMergedCut }: Partial<Telling> & typeof NONE_MERGED,
  ): HistoryEntry {
    const differences = [...all].sort(inOrder).slice(0, most);
    const files = steps.map(({ path, before, after }) => ({ path, before: before?.oid, after: after?.oid }));
    const isLonger = isCut || isMergedCut || all.length > most;
    const entry = { commit, files, differences, merged, mergedBy, isCutOff, isCut: isLonger };
    if (files.length >= MANY_FILES) this.#large.set(key, entry);
    return entry;
  }
}

/** What is told of a commit: all that it did, cut to what is wanted. */
function touchedBy(
  { all, groups }: { readonly all: readonly FileStep[]; readonly groups: Iterable<StepGroup> },
  { under, mostFiles }: EntryQuery,
): Pick<Touched, 'steps' | 'groups' | 'isCut'> {
  const wanted = all.filter(({ path }) => isUnder(path, under));
  const steps = wanted.slice(0, mostFiles);
  const paths = new Set(steps.map(({ path }) => path));
  const theirs = [...groups].filter((group) => group.steps.some(({ path }) => paths.has(path)));
  return { steps, groups: theirs, isCut: steps.length < wanted.length };
}

function tellingOf({ steps }: Touched, most: number): Telling {
  return { paths: new Set(steps.map(({ path }) => path)), most, differences: [] };
}

/** One file may have more differences than a list is shown of. */
function addTo({ paths, most, differences }: Telling, found: readonly Difference[]): void {
  for (const difference of found) {
    if (differences.length > most) return;
    if (paths.has(difference.path)) differences.push(difference);
  }
}

/** As `diffFiles` orders them; those of one file stay in their order. */
function inOrder(one: Difference, other: Difference): number {
  const byResource = compareResources(one.resource, other.resource);
  if (byResource !== 0 || one.path === other.path) return byResource;
  return one.path < other.path ? -1 : 1;
}
