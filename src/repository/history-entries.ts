import { compareResources } from '../changes/difference/resource.js';
import type { Difference } from '../changes/difference.js';
import { BoundedMap } from './bounded-map.js';
import type { HistoryCommit, HistoryEntry } from './commit-history.js';
import type { FileStep } from './file-events.js';
import { groupsOf, type HistoryDifferences, type StepGroup, wholeResources } from './history-differences.js';
import { type HistoryIndex, isUnder } from './history-index.js';
import { pause } from './slices.js';

/** From so many files on, an entry is kept whole; so many files of such entries in all. */
const MANY_FILES = 20;
const FILES_KEPT = 20_000;
/** Groups that are told without a pause. */
const GROUPS_A_SLICE = 100;

/** A commit, and what it did. */
interface Touched {
  readonly commit: HistoryCommit;
  /** What was asked for. */
  readonly steps: readonly FileStep[];
  /** All that it did to the resources of what was asked for. */
  readonly groups: readonly StepGroup[];
  readonly isCutOff: boolean;
  /** Under what its entry is kept. */
  readonly key: string;
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
    under: readonly string[],
  ): Promise<readonly HistoryEntry[]> {
    const whole = [...new Set(under.flatMap(wholeResources))];
    const known = places.map((place) => this.#known(index, place, { under, whole }));
    const touched = known.filter((entry): entry is Touched => 'steps' in entry);
    const told = await this.#tell(touched);
    return known.map((entry) => ('steps' in entry ? this.#entryOf(entry, told.get(entry) ?? []) : entry));
  }

  clear(): void {
    this.#large.clear();
  }

  #known(
    index: HistoryIndex,
    place: number,
    { under, whole }: { readonly under: readonly string[]; readonly whole: readonly string[] },
  ): HistoryEntry | Touched {
    const commit = index.chain[place];
    if (commit === undefined) throw new Error(`there is no commit ${place}`);
    const key = [commit.oid, ...under].join(' ');
    const kept = this.#large.get(key);
    if (kept !== undefined) return kept;
    const all = index.stepsAt(place, whole);
    const groups = [...groupsOf(index, place, all)];
    const steps = all.filter(({ path }) => isUnder(path, under));
    return { commit, steps, groups, isCutOff: index.isCutOffAt(place), key };
  }

  /** All that are missing are read together, but not so many that others would wait. */
  async #tell(touched: readonly Touched[]): Promise<ReadonlyMap<Touched, readonly Difference[]>> {
    const told = new Map<Touched, Difference[]>(touched.map((each) => [each, []]));
    let slice: { readonly of: Touched; readonly group: StepGroup }[] = [];
    const tellSlice = async () => {
      const differences = await this.#differences.of(slice.map(({ group }) => group));
      slice.forEach(({ of }, index) => {
        told.get(of)?.push(...(differences[index] ?? []));
      });
      slice = [];
      await pause();
    };
    for (const of of touched) {
      for (const group of of.groups) {
        slice.push({ of, group });
        if (slice.length === GROUPS_A_SLICE) await tellSlice();
      }
    }
    await tellSlice();
    return told;
  }

  #entryOf({ commit, steps, isCutOff, key }: Touched, told: readonly Difference[]): HistoryEntry {
    const paths = new Set(steps.map((step) => step.path));
    const differences = told.filter(({ path }) => paths.has(path)).sort(inOrder);
    const files = steps.map(({ path, before, after }) => ({ path, before: before?.oid, after: after?.oid }));
    const entry = { commit, files, differences, isCutOff };
    if (files.length >= MANY_FILES) this.#large.set(key, entry);
    return entry;
  }
}

/** As `diffFiles` orders them; those of one file stay in their order. */
function inOrder(one: Difference, other: Difference): number {
  const byResource = compareResources(one.resource, other.resource);
  if (byResource !== 0 || one.path === other.path) return byResource;
  return one.path < other.path ? -1 : 1;
}
