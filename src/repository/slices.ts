/** How long background work may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 5;

/** Those whose slice is used up, in the order in which they go on: one in each turn of the event loop. */
const waiting: (() => void)[] = [];
let sliceBeganAt = 0;
let isScheduled = false;

/**
 * To be awaited between small pieces of background work: once a slice is used up, everybody else has a turn. The slice
 * is one for the whole process, or ten loads side by side would hold the event loop ten times as long.
 */
export async function pause(): Promise<void> {
  if (performance.now() - sliceBeganAt <= SLICE_MS) return;
  await new Promise<void>((fulfil) => {
    waiting.push(fulfil);
    schedule();
  });
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

function schedule(): void {
  if (isScheduled || waiting.length === 0) return;
  isScheduled = true;
  setImmediate(beginSlice);
}

function beginSlice(): void {
  isScheduled = false;
  sliceBeganAt = performance.now();
  waiting.shift()?.();
  schedule();
}
