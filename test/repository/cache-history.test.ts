import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagFiles, flagPath } from '../support/flags.js';
import { createRepository, repositoryAt, temporaryFolder } from '../support/git.js';
import { cacheOf, closeCaches, flagOf, until } from '../support/served.js';

test.after.each(closeCaches);

test('a cache that leaves history alone is ready without it, for a write that cannot wait (design 6)', async () => {
  const { dir } = await createRepository(flagFiles({ acme: { a: 1 } }));
  const path = flagPath('acme', 'a');
  const quick = await cacheOf(dir, { followsHistory: false });
  await quick.refresh();
  await quick.ready;
  assert.ok(flagOf(quick, 'acme', 'a'));
  assert.is(quick.history.timesOf(path), undefined);
  const whole = await cacheOf(dir);
  await whole.refresh();
  assert.type(whole.history.timesOf(path)?.createdAt, 'string');
});

test('a clone that is deepened while it is served is told whole, without another commit', async () => {
  const made = await createRepository(flagFiles({ acme: { a: 1 } }));
  await made.commit(flagFiles({ acme: { a: 2 } }));
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth=1', `file://${made.dir}`, dir);
  const cache = await cacheOf(dir, { pollMs: 10 });
  await cache.ready;
  await until(cache, () => cache.history.isCutOff);
  await repositoryAt(dir).git('fetch', '--quiet', '--unshallow');
  await until(cache, () => !cache.history.isCutOff);
  const page = await cache.history.page({ under: ['flags/'], offset: 0, limit: 1 });
  assert.is(page.total, 2);
});

test('a work tree that is served live keeps the times of its commits, however often it is looked at', async () => {
  const { dir } = await createRepository(flagFiles({ acme: { a: 1 } }));
  let looks = 0;
  const cache = await cacheOf(dir, { worktree: true, pollMs: 10 });
  await cache.ready;
  const times = cache.history.timesOf(flagPath('acme', 'a'));
  assert.type(times?.createdAt, 'string');
  await until(cache, () => ++looks > 20 || cache.history.timesOf(flagPath('acme', 'a')) === undefined);
  assert.equal(cache.history.timesOf(flagPath('acme', 'a')), times);
});

test.run();
