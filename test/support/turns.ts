/** How often others had a turn of the event loop, on a clock by which every piece of work takes longer than it may. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  await inManyTurns(work, () => {
    turns += 1;
  });
  return turns;
}

/** Of that clock: it goes on from one use to the next, as clocks do. */
let time = 0;

/** Does the work on that clock, and tells of each turn that others had. */
export async function inManyTurns(work: () => Promise<unknown>, onTurn: () => void): Promise<void> {
  const { now } = performance;
  let isRunning = true;
  time = Math.max(time, performance.now());
  performance.now = () => (time += 1_000);
  const take = (): void => {
    onTurn();
    if (isRunning) setImmediate(take);
  };
  setImmediate(take);
  try {
    await work();
  } finally {
    isRunning = false;
    performance.now = now;
  }
}
