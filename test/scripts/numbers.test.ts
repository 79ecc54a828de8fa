import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseNumbers } from '../../scripts/numbers.js';
import { LOADER, programOf } from '../support/program.js';

const DEFAULTS = { seconds: 60, seed: 1 };

test('options are whole numbers above 0; what is left out is as it is usually', () => {
  assert.equal(parseNumbers([], DEFAULTS), DEFAULTS);
  assert.equal(parseNumbers(['--seed', '7'], DEFAULTS), { seconds: 60, seed: 7 });
  assert.equal(parseNumbers(['--seconds=5', '--seed', '7'], DEFAULTS), { seconds: 5, seed: 7 });
  const wrong = [
    '--seconds x',
    '--seconds 0',
    '--seconds -1',
    '--seconds 1.5',
    '--seconds',
    '--speed 7',
    '7',
    '--help',
  ];
  for (const words of wrong) assert.is(parseNumbers(words.split(' '), DEFAULTS), undefined, words);
});

test('a script that is called otherwise says how it is called, and does nothing', () => {
  const run = spawnSync(process.execPath, [...LOADER, programOf('scripts/chaos.ts'), '--seconds', 'x'], {
    encoding: 'utf8',
  });
  const usage = 'usage: npm run test:chaos -- [--seconds 60] [--seed 1]\n';
  assert.equal([run.stderr, run.stdout, run.status], [usage, '', 2]);
});

test.run();
