import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagsRepository, run } from './run.js';

const WORDS = ['import', '--from', 'json', 'source', '--dry-run'];

test('a folder is read with all its files; a symlink among them is named, never passed over', async () => {
  const cwd = flagsRepository({ 'source/a.json': 'true', 'source/b/c.yml': 'true', 'source/.d/e.json': '{' });
  assert.match((await run(WORDS, { cwd })).out, '2 of 2 flags of JSON of your own are carried');
  for (const [from, to] of [
    ['source/linked.json', '../elsewhere/x.json'],
    ['source/folder', '../elsewhere'],
  ] as const) {
    const folder = flagsRepository({ 'source/a.json': 'true', 'elsewhere/x.json': 'true' });
    symlinkSync(to, path.join(folder, from));
    const { code, err } = await run(WORDS, { cwd: folder });
    assert.is(code, 2);
    assert.match(err, `${path.basename(from)} is a symlink`);
  }
});

test('bytes that are no UTF-8 are refused, and a mark before the text is none of it', async () => {
  const cwd = flagsRepository({ 'source/a.json': '\uFEFFtrue' });
  assert.is((await run(WORDS, { cwd })).code, 0);
  writeFileSync(path.join(cwd, 'source/b.json'), Buffer.from('{ "label": "caf\u00e9" }', 'latin1'));
  const { code, err } = await run(WORDS, { cwd });
  assert.is(code, 2);
  assert.is(err, 'flagstaff: b.json is not UTF-8');
});

test('standard input may be YAML', async () => {
  const cwd = flagsRepository();
  const { code, out } = await run(['import', '--from', 'json', '-', '--dry-run'], {
    cwd,
    input: 'dark: true\n',
  });
  assert.is(code, 0);
  assert.match(out, '1 of 1 flag');
});

test('standard input has no name to give a flag: what is empty, or one flag alone, is wrong use and writes nothing', async () => {
  const cwd = flagsRepository();
  for (const [input, words] of [
    ['', 'standard input: there is nothing in it'],
    ['true', 'standard input: it is one flag, and nobody knows its key: a map of flags was wanted'],
    [
      '{ "enabled": true }',
      'standard input: it is one flag, and nobody knows its key: a map of flags was wanted',
    ],
  ] as const) {
    const told = await run(['import', '--from', 'json', '-'], { cwd, input });
    assert.equal(told, { code: 2, out: '', err: `flagstaff: ${words}` });
  }
});

test('of one flag that is left out the report speaks in the singular', async () => {
  const cwd = flagsRepository();
  const { code, out } = await run(['import', '--from', 'json', '-'], { cwd, input: '{ "a": null }' });
  assert.is(code, 1);
  assert.match(out, /\n0 of 1 flag of JSON of your own is carried; notes: 1 left out$/);
});

test.run();
