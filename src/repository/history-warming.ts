import type { DifferenceStore } from './difference-store.js';
import { groupsOf, type HistoryDifferences, type StepGroup } from './history-differences.js';
import type { HistoryIndex } from './history-index.js';
import { pause } from './slices.js';

/** So many resources are read together: enough for workers to do it. */
const GROUPS_A_BATCH = 100;
/** A commit of more files is told when somebody asks: it would take the room of many others. */
const MOST_FILES = 100;
/** So many changed resources are looked at, newest first; older ones are told when somebody asks. */
const MOST_GROUPS = 20_000;
/** So many that came are worth writing the file again. */
const WORTH_WRITING = 500;

/** What is told in advance, and how. */
export interface Warming {
  readonly index: HistoryIndex;
  readonly store: DifferenceStore;
  readonly differences: HistoryDifferences;
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

/** Newest first; it ends where there is no room for more, or where it was done before. */
async function* newGroups({ index, store, done, signal }: Warming): AsyncGenerator<StepGroup> {
  let count = 0;
  for (let place = index.chain.length - 1; place >= 0; place -= 1) {
    const oid = index.chain[place]?.oid;
    if (oid === undefined || oid === done) return;
    const steps = index.events.at(place);
    for (const group of steps.length > MOST_FILES ? [] : groupsOf(index, place, steps)) {
      if (signal.aborted || store.isFull || count === MOST_GROUPS) return;
      count += 1;
      if (!store.has(group.key)) yield group;
      await pause();
    }
    await pause();
  }
}
