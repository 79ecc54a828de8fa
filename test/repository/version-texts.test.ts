import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/repository/git.js';
import { openHistory } from '../../src/repository/history.js';
import { flagTextsAt, revertOf } from '../../src/repository/version-texts.js';
import { createRepository, repositoryAt, temporaryFolder } from '../support/git.js';
import { blamedFlag } from './blamed-flag.js';
import { failureOf } from './writable.js';

const test = suite('repository/version-texts');

const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';

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
  const head = await made.commit({ [FLAG]: 'a: 3\n' });
  const history = await openHistory(repository, { head });
  const entry = await history.entryOf(oid);
  assert.ok(entry);
  const revert = await revertOf({ repository, history }, entry);
  assert.is(revert.head, head);
  assert.equal(revert.files, [
    { path: FLAG, before: 'a: 1\n', after: 'a: 2\n', changedSince: true },
    { path: TESTS, before: null, after: '[]\n', changedSince: false },
  ]);
  await history.close();
});

test('of a commit that came in by a merge, what came later with it or after the merge counts as changed since', async () => {
  const made = await createRepository({ 'README.md': 'Hello\n' });
  await made.git('checkout', '--quiet', '-b', 'branch');
  const first = await made.commit({ [FLAG]: 'a: 1\n', [TESTS]: '[]\n' }, 'one', dated(1));
  await made.commit({ [FLAG]: 'a: 2\n' }, 'two', dated(2));
  await made.git('checkout', '--quiet', 'main');
  await made.git('merge', '--quiet', '--no-ff', '--no-edit', 'branch');
  const repository = await openRepository(made.dir);
  const history = await openHistory(repository, { head: await made.head() });
  const entry = await history.entryOf(first);
  assert.ok(entry);
  const changed = async () =>
    (await revertOf({ repository, history }, entry)).files.map(({ changedSince }) => changedSince);
  assert.equal(await changed(), [true, false]);
  await history.follow(await made.commit({ [TESTS]: '[] # none\n' }));
  assert.equal(await changed(), [true, true]);
  await history.close();
});

function dated(minute: number): NodeJS.ProcessEnv {
  return { GIT_COMMITTER_DATE: `${1_700_000_000 + minute * 60} +0000` };
}

test('what could not be written again as it was is not taken back', async () => {
  const made = await createRepository({ [FLAG]: 'a: 1\n' });
  const latin = await made.commit({ [FLAG]: Buffer.from('a: "\xe4"\n', 'latin1') });
  const good = await made.commit({ [FLAG]: 'a: 2\n' });
  await made.commit({ [FLAG]: null });
  symlinkSync('elsewhere', join(made.dir, FLAG));
  const linked = await made.commit({});
  const head = await made.commit({ [FLAG]: null });
  const repository = await openRepository(made.dir);
  const history = await openHistory(repository, { head });
  const flag = blamedFlag('acme', 'web-app', 'dark-mode');
  for (const [oid, code] of [
    [latin, 'NOT_UTF8'],
    [good, 'NOT_UTF8'],
    [linked, 'NOT_A_FILE'],
    [head, 'NOT_A_FILE'],
  ] as const) {
    const entry = await history.entryOf(oid);
    assert.ok(entry);
    assert.is((await failureOf(revertOf({ repository, history }, entry))).code, code);
  }
  assert.is((await failureOf(flagTextsAt(repository, latin, flag))).code, 'NOT_UTF8');
  assert.is((await failureOf(flagTextsAt(repository, linked, flag))).code, 'NOT_A_FILE');
  await history.close();
});

test('a commit whose parent a shallow clone lacks is not taken back, or all that it has would be deleted', async () => {
  const made = await createRepository({ [FLAG]: 'a: 1\n' });
  await made.commit({ [TESTS]: '[]\n' });
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth=1', `file://${made.dir}`, dir);
  const repository = await openRepository(dir);
  const head = await made.head();
  const history = await openHistory(repository, { head });
  const entry = await history.entryOf(head);
  assert.ok(entry?.isCutOff);
  assert.ok(history.isCutOff);
  const refusal = await failureOf(revertOf({ repository, history }, entry));
  assert.equal([refusal.kind, refusal.code], ['conflict', 'SHALLOW_HISTORY']);
  assert.match(refusal.message, /git fetch --unshallow/);
  await repositoryAt(dir).git('fetch', '--quiet', '--unshallow');
  await history.follow(head);
  const whole = await history.entryOf(head);
  assert.ok(whole && !whole.isCutOff && !history.isCutOff);
  assert.equal((await revertOf({ repository, history }, whole)).files, [
    { path: TESTS, before: null, after: '[]\n', changedSince: false },
  ]);
  await history.close();
});

test.run();
