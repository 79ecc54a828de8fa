import { compareResources } from '../changes/difference/resource.js';
import type { Difference } from '../changes/difference.js';
import { BoundedMap } from './bounded-map.js';
import type { EntryBounds, HistoryCommit, HistoryEntry } from './commit-history.js';
import type { FileStep } from './file-events.js';
import { groupsOf, type HistoryDifferences, type StepGroup, wholeResources } from './history-differences.js';
import { type HistoryIndex, isUnder } from './history-index.js';
import { pause } from './slices.js';

/** From so many files on, an entry is kept whole; so many files of such entries in all. */
const MANY_FILES = 20;
const FILES_KEPT = 20_000;
/** Groups that are told without a pause. */
const GROUPS_A_SLICE = 100;

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
  readonly #large = new BoundedMap<string, HistoryEntry>(FILES_KEPT, ({ files }) => files.length);

  constructor(differences: HistoryDifferences) {
    this.#differences = differences;
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
      entries.push('steps' in entry ? this.#entryOf(entry, told.get(entry)) : entry);
      await pause();
    }
    return entries;
  }

  clear(): void {
    this.#large.clear();
  }

  #known(
    index: HistoryIndex,
    place: number,
    { under, whole, mostFiles, mostDifferences }: EntryQuery & { readonly whole: readonly string[] },
  ): HistoryEntry | Touched {
    const commit = index.chain[place];
    if (commit === undefined) throw new Error(`there is no commit ${place}`);
    const key = [commit.oid, mostFiles, mostDifferences, ...under].join(' ');
    const kept = this.#large.get(key);
    if (kept !== undefined) return kept;
    const all = index.stepsAt(place, whole);
    const wanted = all.filter(({ path }) => isUnder(path, under));
    const steps = wanted.slice(0, mostFiles);
    const paths = new Set(steps.map(({ path }) => path));
    const groups = [...groupsOf(index, place, all)].filter((group) =>
      group.steps.some(({ path }) => paths.has(path)),
    );
    const isCut = steps.length < wanted.length;
    return { commit, steps, groups, isCutOff: index.isCutOffAt(place), isCut, key };
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

  #entryOf({ commit, steps, isCutOff, isCut, key }: Touched, told: Telling | undefined): HistoryEntry {
    const { differences: all = [], most = 0 } = told ?? {};
    const differences = [...all].sort(inOrder).slice(0, most);
    const files = steps.map(({ path, before, after }) => ({ path, before: before?.oid, after: after?.oid }));
    const entry = { commit, files, differences, isCutOff, isCut: isCut || all.length > most };
    if (files.length >= MANY_FILES) this.#large.set(key, entry);
    return entry;
  }
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
