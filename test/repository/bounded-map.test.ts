import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BoundedMap } from '../../src/repository/bounded-map.js';

const test = suite('repository/bounded-map');

test('what was not asked for the longest goes first', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  assert.is(map.get('a'), 1);
  map.set('c', 3);
  assert.equal(
    [...map.entries()],
    [
      ['a', 1],
      ['c', 3],
    ],
  );
});

test('what is held weighs no more than it may, and what alone weighs more is not held', () => {
  const map = new BoundedMap<string, string>(10, (text) => text.length);
  map.set('a', 'x'.repeat(6));
  map.set('b', 'x'.repeat(4));
  assert.is(map.fullness, 1);
  map.set('a', 'x');
  assert.is(map.fullness, 0.5);
  map.set('c', 'x'.repeat(11));
  assert.not.ok(map.has('c'));
  assert.is(map.size, 2);
  map.set('d', 'x'.repeat(10));
  map.clear();
  assert.is(map.fullness, 0);
});

test.run();
