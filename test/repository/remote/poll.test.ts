import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { delayBeforeAsking } from '../../../src/repository/remote/poll.js';

const test = suite('poll');

/** The shortest and the longest wait. */
function bounds(pollMs: number, failuresInARow: number): readonly [shortest: number, longest: number] {
  const waits = [0, 1].map((chance) => delayBeforeAsking({ pollMs, failuresInARow, chance }));
  return [Math.min(...waits), Math.max(...waits)];
}

test('a remote that answers is never asked later than the interval says, and a tenth is left to chance', () => {
  assert.equal(bounds(5_000, 0), [4_500, 5_000]);
  assert.equal(bounds(60_000, 0), [54_000, 60_000]);
});

test('a remote that does not answer is asked less and less often, and half of that is left to chance', () => {
  assert.equal(bounds(5_000, 1), [2_500, 5_000]);
  assert.equal(bounds(5_000, 2), [5_000, 10_000]);
  assert.equal(bounds(5_000, 3), [10_000, 20_000]);
});

test('however long it has not answered, it is asked twice a minute, or as often as the interval says', () => {
  assert.equal(bounds(5_000, 4), [15_000, 30_000]);
  assert.equal(bounds(5_000, 10_000), [15_000, 30_000]);
  assert.equal(bounds(600_000, 10_000), [300_000, 600_000]);
});

test.run();
