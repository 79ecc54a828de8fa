import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Ending, endsWithin } from '../../src/repository/ending.js';

const test = suite('ending');
const LONG_MS = 60_000;

/** Fulfils with why it was told to end. */
function ended(signal: AbortSignal): Promise<string> {
  return new Promise((fulfil) => {
    if (signal.aborted) fulfil(signal.reason.name);
    signal.addEventListener('abort', () => fulfil(signal.reason.name));
  });
}

test('all that runs ends with it, and what comes later has ended before it begins', async () => {
  const ending = new Ending();
  const running = [ending.run(LONG_MS, ended), ending.run(LONG_MS, ended)];
  assert.not(ending.isOver);
  ending.end();
  assert.ok(ending.isOver);
  assert.equal(await Promise.all(running), ['AbortError', 'AbortError']);
  assert.is(await ending.run(LONG_MS, ended), 'AbortError');
});

test('each has a time limit of its own', async () => {
  const ending = new Ending();
  const other = ending.run(LONG_MS, ended);
  assert.is(await ending.run(1, ended), 'TimeoutError');
  ending.end();
  assert.is(await other, 'AbortError');
});

test('what has ended is not told any more', async () => {
  const ending = new Ending();
  const signal = await ending.run(LONG_MS, async (its) => its);
  ending.end();
  assert.not(signal.aborted);
  assert.equal(getEventListeners(signal, 'abort'), []);
});

test('what does not end in time is not waited for, and what does says how', async () => {
  assert.is(await endsWithin(1, new Promise(() => undefined)), false);
  assert.is(await endsWithin(LONG_MS, Promise.resolve()), true);
  const failed = await endsWithin(LONG_MS, Promise.reject(new Error('no room'))).catch(String);
  assert.is(failed, 'Error: no room');
});

test.run();
