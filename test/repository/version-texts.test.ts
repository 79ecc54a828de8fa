import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/repository/git.js';
import { openHistory } from '../../src/repository/history.js';
import { flagTextsAt, revertedFiles, textAt } from '../../src/repository/version-texts.js';
import { createRepository } from '../support/git.js';
import { blamedFlag } from './blamed-flag.js';

const test = suite('repository/version-texts');

const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';

test('the text of a file is the one that the commit had; null where it had none', async () => {
  const made = await createRepository();
  const one = await made.commit({ [FLAG]: 'ä: 1\n' });
  const two = await made.commit({ [FLAG]: null, [TESTS]: '[]\n' });
  const repository = await openRepository(made.dir);
  assert.is(await textAt(repository, one, FLAG), 'ä: 1\n');
  assert.is(await textAt(repository, two, FLAG), null);
  assert.is(await textAt(repository, one, `${FLAG}/below`), null);
  assert.is(await textAt(repository, one, 'flags/acme'), null);
});

test('the texts of a flag are those of its three files', async () => {
  const made = await createRepository();
  const oid = await made.commit({ [FLAG]: 'a: 1\n', [TESTS]: '[]\n' });
  const flag = blamedFlag('acme', 'web-app', 'dark-mode');
  const texts = await flagTextsAt(await openRepository(made.dir), oid, flag);
  assert.equal(texts, { flag: 'a: 1\n', overrides: null, tests: '[]\n' });
});

test('what a commit did is told as texts, to be taken back', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: 'a: 1\n' });
  const oid = await made.commit({ [FLAG]: 'a: 2\n', [TESTS]: '[]\n' });
  const repository = await openRepository(made.dir);
  const entry = await (await openHistory(repository, { head: oid })).entryOf(oid);
  assert.ok(entry);
  assert.equal(await revertedFiles(repository, entry), [
    { path: FLAG, before: 'a: 1\n', after: 'a: 2\n' },
    { path: TESTS, before: null, after: '[]\n' },
  ]);
});

test.run();
