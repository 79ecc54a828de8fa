import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allInTurns, drain, inTurns } from '../../src/repository/slices.js';
import * as turns from '../support/turns.js';

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

const FILES = Array.from({ length: 640 }, (_, number) => number);

test('work on many files gives way after each few, and keeps their order (P13)', async () => {
  const done: number[] = [];
  const count = await turns.turnsDuring(async () => {
    for await (const file of inTurns(FILES)) done.push(file);
  });
  assert.equal(done, FILES);
  assert.ok(count >= 18, `${count} turns`);
});

test('few files are one go: a small write waits for nobody', async () => {
  let isDone = false;
  const work = (async () => {
    for await (const _ of inTurns(FILES.slice(0, 32)));
    await allInTurns(FILES.slice(0, 32), async () => undefined);
    isDone = true;
  })();
  for (let microtask = 0; microtask < 1_000 && !isDone; microtask += 1) await undefined;
  assert.ok(isDone);
  await work;
});

test('of files that are worked on side by side few are open at a time, and others have turns (P13)', async () => {
  let [open, most, done] = [0, 0, 0];
  const count = await turns.turnsDuring(() =>
    allInTurns(FILES, async () => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open -= 1;
      done += 1;
    }),
  );
  assert.is(done, FILES.length);
  assert.ok(most <= 64, `${most} at a time`);
  assert.ok(count >= 18, `${count} turns`);
});

test('after the first that fails none is begun, and those that were have ended', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = allInTurns(FILES, async (file) => {
    begun.push(file);
    await new Promise(setImmediate);
    ended.push(file);
    if (file === 3) throw new Error('the disk is full');
  });
  const failure = await work.catch((error: Error) => error.message);
  assert.is(failure, 'the disk is full');
  assert.ok(begun.length < FILES.length, `${begun.length} begun`);
  assert.equal(ended, begun);
});

test.run();
