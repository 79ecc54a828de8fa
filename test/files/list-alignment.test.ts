import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { alignLists } from '../../src/files/list-alignment.js';

/** How many parts of each kind there are when the first of so many items goes and another comes behind the last. */
function partsOfShift(size: number): Readonly<Record<'pair' | 'gone' | 'new', number>> {
  const stay = Array.from({ length: size }, (_, number) => `item ${number}`);
  const counts = { pair: 0, gone: 0, new: 0 };
  for (const { kind } of alignLists(['old', ...stay], [...stay, 'fresh'])) counts[kind] += 1;
  return counts;
}

test('what is equal, or a map of the same id, is the same item wherever it stands', () => {
  assert.equal(alignLists([{ id: 'a', x: 1 }, 'b', 'z'], ['n', { id: 'a', x: 2 }, 'b']), [
    { kind: 'new', values: ['n'] },
    { kind: 'pair', from: { id: 'a', x: 1 }, to: { id: 'a', x: 2 } },
    { kind: 'pair', from: 'b', to: 'b' },
    { kind: 'gone', from: 'z' },
  ]);
});

test('lists too long to be compared are paired by place: the cost is bounded', () => {
  assert.equal(partsOfShift(400), { pair: 400, gone: 1, new: 1 });
  assert.equal(partsOfShift(600), { pair: 601, gone: 0, new: 0 });
});

test.run();
