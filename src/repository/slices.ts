/** How long background work may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 5;
/** So many files are looked at, made, renamed or read in one go, which takes some milliseconds. */
const FILES_AT_ONCE = 32;
/** So many are open at a time while the disk flushes them: it is kept busy, and the process does not run out of handles. */
const MOST_OPEN = 64;

/** Those whose slice is used up, in the order in which they go on: one in each turn of the event loop. */
const waiting: (() => void)[] = [];
let sliceBeganAt = 0;
let isScheduled = false;

/**
 * To be awaited between small pieces of background work: once a slice is used up, everybody else has a turn. The slice
 * is one for the whole process, or ten loads side by side would hold the event loop ten times as long. Throws the
 * reason of the signal where that gives up the work.
 */
export async function pause(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (performance.now() - sliceBeganAt <= SLICE_MS) return;
  await new Promise<void>((fulfil) => {
    waiting.push(fulfil);
    schedule();
  });
  signal?.throwIfAborted();
}

/** Runs a generator to its end in slices, or until the signal gives it up. */
export async function drain<Result>(steps: Generator<void, Result>, signal?: AbortSignal): Promise<Result> {
  let step = steps.next();
  while (!step.done) {
    await pause(signal);
    step = steps.next();
  }
  return step.value;
}

/** The files one after the other, with a pause after each few: a write of few is one go, one of thousands gives way. */
export async function* inTurns<File>(files: Iterable<File>): AsyncGenerator<File, void> {
  let count = 0;
  for (const file of files) {
    if (count > 0 && count % FILES_AT_ONCE === 0) await pause();
    count += 1;
    yield file;
  }
}

/** Does the work on each, some of them side by side; after the first failure, which it throws, none is begun. */
export async function allInTurns<File>(
  files: readonly File[],
  work: (file: File) => Promise<unknown>,
): Promise<void> {
  const queue = inTurns(files);
  const lane = async (): Promise<void> => {
    for await (const file of queue) await work(file);
  };
  await all(Array.from({ length: Math.min(files.length, MOST_OPEN) }, lane));
}

/** Waits for all of them, then throws the first failure: nothing of them goes on in the background. */
export async function all(work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
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
