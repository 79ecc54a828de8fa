import { setImmediate } from 'node:timers/promises';

/** How long background work may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 5;

let sliceBeganAt = 0;
let nextTurn: Promise<void> | undefined;

/**
 * To be awaited between small pieces of background work: once a slice is used up, everybody else has a turn. The slice
 * is one for the whole process, or ten loads side by side would hold the event loop ten times as long.
 */
export async function pause(): Promise<void> {
  while (performance.now() - sliceBeganAt > SLICE_MS) {
    nextTurn ??= setImmediate().then(beginSlice);
    await nextTurn;
  }
}

/** Runs a generator to its end in slices. */
export async function drain<Result>(steps: Generator<void, Result>): Promise<Result> {
  let step = steps.next();
  while (!step.done) {
    await pause();
    step = steps.next();
  }
  return step.value;
}

function beginSlice(): void {
  sliceBeganAt = performance.now();
  nextTurn = undefined;
}
