import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hintsOfFile, nearest, suggestion } from '../../src/files/spelling.js';

const test = suite('spelling');

test('a slip is a letter dropped, added, changed or swapped, in any case', () => {
  for (const slip of ['enabld', 'enabledd', 'enabked', 'enalbed', 'Enabled']) {
    assert.is(nearest(slip, ['killed', 'enabled']), 'enabled', slip);
  }
});

test('another word is no slip, nor is a short one that shares nothing', () => {
  assert.is(nearest('visible', ['killed', 'enabled']), undefined);
  assert.is(nearest('de', ['on', 'off']), undefined);
});

test('without a slip the known names are told, not more than people read', () => {
  assert.is(suggestion('blue', ['on', 'off']), 'known: on, off');
  assert.is(suggestion('onn', ['on', 'off']), 'did you mean on?');
  assert.is(suggestion('blue', []), 'there is none');
  const many = Array.from({ length: 30 }, (_, place) => `name-number-${place}`);
  assert.match(suggestion('blue', many), /name-number-19, …$/);
});

test('only the first names of a file that are not found are looked for, so that a bad commit costs little (P13)', () => {
  const hint = hintsOfFile();
  const hints = Array.from({ length: 12 }, () => hint('onn', ['on', 'off']));
  assert.equal(hints, [...Array.from({ length: 10 }, () => '; did you mean on?'), '', '']);
});

test('the nearest is what the whole table of slips says (optimal string alignment)', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '-'), maxLength: 8 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 6 }), (name, known) => {
      assert.is(nearest(name, known), nearestByTable(name, known));
    }),
    { numRuns: 5000, seed: 7 },
  );
});

function nearestByTable(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of known) {
    const slips = slipsByTable(name.toLowerCase(), candidate.toLowerCase());
    if (slips < fewest) [best, fewest] = [candidate, slips];
  }
  return best;
}

function slipsByTable(one: string, other: string): number {
  const table = new Map<string, number>();
  const at = (row: number, column: number) => table.get(`${row},${column}`) ?? Number.POSITIVE_INFINITY;
  for (let row = 0; row <= one.length; row += 1) {
    for (let column = 0; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const slips = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
      table.set(`${row},${column}`, row + column === 0 ? 0 : slips);
    }
  }
  return at(one.length, other.length);
}

test.run();
