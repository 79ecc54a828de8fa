import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reference } from '../../../src/cli/references/scan.js';
import { Tally } from '../../../src/cli/references/tally.js';

const NOBODY = { flags: [], byKey: new Map([['theme', []]]), keysByName: new Map() };

function places(key: string, many: number, isKnown: boolean): readonly Reference[] {
  return Array.from({ length: many }, (_, line) => ({
    path: 'a.ts',
    line,
    column: 1,
    key,
    certainty: 'asked',
    by: undefined,
    isKnown,
  }));
}

test('all places are counted, and of many only the first are kept', () => {
  const tally = new Tally(NOBODY);
  tally.add({ kind: 'read', path: 'a.ts', references: places('theme', 1_500, true) });
  const uses = tally.usesOf('theme');
  assert.is(uses.counts.asked, 1_500);
  assert.is(uses.places.length, 1_000);
  for (let file = 0; file < 1_500; file += 1)
    tally.add({ kind: 'read', path: 'b.ts', references: places(`them-${file}`, 2, false) });
  assert.is(tally.unknown.size, 1_000);
  assert.is(tally.meant('them'), 'theme');
});

test.run();
