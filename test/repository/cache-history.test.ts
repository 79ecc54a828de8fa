import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagFiles, flagPath } from '../support/flags.js';
import { createRepository } from '../support/git.js';
import { cacheOf, closeCaches, flagOf } from '../support/served.js';

test.after.each(closeCaches);

test('a cache that leaves history alone is ready without it, for a write that cannot wait (design 6)', async () => {
  const { dir } = await createRepository(flagFiles({ acme: { a: 1 } }));
  const path = flagPath('acme', 'a');
  const quick = await cacheOf(dir, { followsHistory: false });
  await quick.refresh();
  await quick.ready;
  assert.ok(flagOf(quick, 'acme', 'a'));
  assert.is(quick.timesOf(path), undefined);
  const whole = await cacheOf(dir);
  await whole.refresh();
  assert.type(whole.timesOf(path)?.createdAt, 'string');
});

test.run();
