import { compareResources } from '../changes/difference/resource.js';
import type { Difference } from '../changes/difference.js';
import { BoundedMap } from './bounded-map.js';
import type { HistoryCommit, HistoryEntry } from './commit-history.js';
import type { FileStep } from './file-events.js';
import { groupsOf, type HistoryDifferences, type StepGroup } from './history-differences.js';
import type { HistoryIndex } from './history-index.js';
import { pause } from './slices.js';

/** From so many files on, an entry is kept whole; so many files of such entries in all. */
const MANY_FILES = 20;
const FILES_KEPT = 20_000;
/** Groups that are told without a pause. */
const GROUPS_A_SLICE = 100;

/** A commit, and the part of what it did that was asked for. */
interface Touched {
  readonly commit: HistoryCommit;
  readonly steps: readonly FileStep[];
  readonly groups: readonly StepGroup[];
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
    const known = places.map((place) => this.#known(index, place, under));
    const touched = known.filter((entry): entry is Touched => 'steps' in entry);
    const told = await this.#tell(touched.flatMap(({ groups }) => groups));
    return known.map((entry) => ('steps' in entry ? this.#entryOf(entry, told) : entry));
  }

  clear(): void {
    this.#large.clear();
  }

  #known(index: HistoryIndex, place: number, under: readonly string[]): HistoryEntry | Touched {
    const commit = index.chain[place];
    if (commit === undefined) throw new Error(`there is no commit ${place}`);
    const key = [commit.oid, ...under].join(' ');
    const kept = this.#large.get(key);
    if (kept !== undefined) return kept;
    const steps = index.stepsAt(place, under);
    return { commit, steps, groups: groupsOf(commit.oid, steps, index.events), key };
  }

  /** All that are missing are read together, but not so many that others would wait. */
  async #tell(groups: readonly StepGroup[]): Promise<ReadonlyMap<StepGroup, readonly Difference[]>> {
    const told = new Map<StepGroup, readonly Difference[]>();
    for (let at = 0; at < groups.length; at += GROUPS_A_SLICE) {
      const slice = groups.slice(at, at + GROUPS_A_SLICE);
      const differences = await this.#differences.of(slice);
      slice.forEach((group, index) => {
        told.set(group, differences[index] ?? []);
      });
      await pause();
    }
    return told;
  }

  #entryOf(touched: Touched, told: ReadonlyMap<StepGroup, readonly Difference[]>): HistoryEntry {
    const { commit, steps, groups, key } = touched;
    const paths = new Set(steps.map((step) => step.path));
    const all = groups.flatMap((group) => told.get(group) ?? []).filter(({ path }) => paths.has(path));
    const differences = groups.length < 2 ? all : all.sort(inOrder);
    const files = steps.map(({ path, before, after }) => ({ path, before: before?.oid, after: after?.oid }));
    const entry = { commit, files, differences };
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
