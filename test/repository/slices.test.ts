import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drain } from '../../src/repository/slices.js';

const test = suite('repository/slices');

/** Work that takes a millisecond a step. */
function* steps(count: number): Generator<void, string> {
  for (let step = 0; step < count; step += 1) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    yield;
  }
  return 'done';
}

/** How many turns everybody else had meanwhile. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isRunning = true;
  const take = (): void => {
    turns += 1;
    if (isRunning) setImmediate(take);
  };
  setImmediate(take);
  await work;
  isRunning = false;
  return turns;
}

test('long work gives way to others again and again (DESIGN 5: no read waits more than 50 ms)', async () => {
  const turns = await turnsDuring(drain(steps(200)));
  assert.ok(turns >= 20, `${turns} turns in 200 steps of a millisecond`);
});

test('works side by side share one slice, so that many hold the others no longer than one', async () => {
  const turns = await turnsDuring(Promise.all(Array.from({ length: 10 }, () => drain(steps(20)))));
  assert.ok(turns >= 20, `${turns} turns in 200 steps of a millisecond`);
});

test('each work comes to its end, and to its result', async () => {
  assert.equal(await Promise.all([drain(steps(8)), drain(steps(1)), drain(steps(0))]), [
    'done',
    'done',
    'done',
  ]);
});

test.run();
