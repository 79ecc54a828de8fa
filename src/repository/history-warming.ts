import type { DifferenceStore } from './difference-store.js';
import { groupsOf, type HistoryDifferences, type StepGroup, wholeResources } from './history-differences.js';
import type { HistoryIndex } from './history-index.js';
import type { HistoryMerges } from './history-merges.js';
import { pause } from './slices.js';

/** So many resources are read together: enough for workers to do it. */
const GROUPS_A_BATCH = 100;
/** A commit of more files, such as one that brought all of them, comes after the others: it would take their room. */
const MANY_FILES = 100;
/** So many changed resources are looked at, newest first; older ones are told when somebody asks. */
const MOST_GROUPS = 40_000;
/** The merges whose commits are walked in advance; each may take some milliseconds. */
const WALKED_MERGES = 200;
/** So many that came are worth writing the file again. */
const WORTH_WRITING = 500;

/** What is told in advance, and how. */
export interface Warming {
  readonly index: HistoryIndex;
  readonly store: DifferenceStore;
  readonly differences: HistoryDifferences;
  readonly merges: HistoryMerges;
  /** The commit up to which it was done before. */
  readonly done: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Tells what the newest commits changed before anybody asks, in the background: workers read the files, and it holds the
 * event loop only for slices. For 10,000 commits of one file each it takes some seconds of a worker, once: the disk
 * keeps it.
 */
export async function warm(warming: Warming): Promise<void> {
  const { store, differences, signal } = warming;
  await store.read();
  await walkMerges(warming);
  let batch: StepGroup[] = [];
  for await (const group of newGroups(warming)) {
    batch.push(group);
    if (batch.length < GROUPS_A_BATCH) continue;
    await differences.of(batch);
    batch = [];
  }
  if (!signal.aborted) await differences.of(batch);
  if (store.unwritten >= WORTH_WRITING && !signal.aborted) await store.write();
}

/** What came in by the newest merges: most pages show those. */
async function walkMerges({ index, merges, signal }: Warming): Promise<void> {
  const commits = index.merges.slice(-WALKED_MERGES).flatMap((place) => index.chain[place] ?? []);
  for (const commit of commits.reverse()) if (!signal.aborted) await merges.of(index, commit);
}

/** It ends where there is no room for more. */
async function* newGroups(warming: Warming): AsyncGenerator<StepGroup> {
  const { store, signal } = warming;
  let count = 0;
  for await (const group of groupsInOrder(warming)) {
    if (signal.aborted || store.isFull || count === MOST_GROUPS) return;
    count += 1;
    if (!store.has(group.key)) yield group;
  }
}

/** What small commits did, then what large ones did; newest first, back to where it was done before. */
async function* groupsInOrder({ index, done }: Warming): AsyncGenerator<StepGroup> {
  const end = done === undefined ? -1 : (index.placeOf(done) ?? -1);
  const large: number[] = [];
  for (let place = index.chain.length - 1; place > end; place -= 1) {
    const steps = index.events.at(place);
    if (steps.length > MANY_FILES) large.push(place);
    else for (const group of groupsOf(index, place, steps)) yield* withOrigin(index, place, group);
    await pause();
  }
  for (const place of large) {
    for (const group of groupsOf(index, place, index.events.at(place))) {
      yield group;
      await pause();
    }
  }
}

/** With the large commit that left what the group began with: both tell of that version, which is read once for the two. */
function* withOrigin(index: HistoryIndex, place: number, group: StepGroup): Generator<StepGroup> {
  yield group;
  for (const { path, before } of group.steps) {
    const origin = before && index.events.placeBefore(path, place);
    if (origin === undefined || index.events.countAt(origin) <= MANY_FILES) continue;
    yield* groupsOf(index, origin, index.stepsAt(origin, wholeResources(path)));
  }
}
