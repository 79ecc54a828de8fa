import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FlagCache } from '../../src/repository/served.js';
import { BROKEN_FLAG, flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, type TestRepository } from '../support/git.js';
import { cacheOf, closeCaches, flagOf, versionOf } from '../support/served.js';

const test = suite('repository/last-good');
test.after.each(closeCaches);

const PROJECT = 'flags/acme/web-app';

/** The cache that saw it break, and one that was started after it. */
async function caches(made: TestRepository, breakIt: () => Promise<unknown>): Promise<readonly FlagCache[]> {
  const running = await cacheOf(made.dir);
  await running.ready;
  await breakIt();
  await running.refresh();
  const restarted = await cacheOf(made.dir);
  await restarted.ready;
  return [running, restarted];
}

test('a broken file keeps its last good version, is reported with its place, and others move on (P9, P11)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 }, beta: { one: 1 } }));
  await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  const all = await caches(made, async () => {
    await made.commit({
      [flagPath('acme', 'one')]: BROKEN_FLAG,
      [flagPath('acme', 'two')]: flagText(3),
      [flagPath('beta', 'one')]: flagText(3),
    });
    await made.commit({ 'README.md': 'one more commit' });
  });
  for (const cache of all) {
    assert.is(versionOf(cache, 'acme', 'one'), 'version-2');
    assert.ok(flagOf(cache, 'acme', 'one')?.stale);
    assert.is(versionOf(cache, 'acme', 'two'), 'version-3');
    assert.is(versionOf(cache, 'beta', 'one'), 'version-3');
    assert.is(cache.orgs.get('acme')?.staleFlags, 1);
    assert.is(cache.orgs.get('acme')?.revision, await made.head());
    const [problem] = cache.orgs.get('acme')?.problems ?? [];
    assert.is(problem?.path, flagPath('acme', 'one'));
    assert.is(problem?.severity, 'error');
    assert.equal(cache.orgs.get('beta')?.problems, []);
  }
});

test('files that broke in different commits are each found where they were last good (P11)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 } }));
  await made.commit({ [flagPath('acme', 'one')]: BROKEN_FLAG });
  await made.commit({ [flagPath('acme', 'two')]: flagText(2) });
  await made.commit({ [flagPath('acme', 'two')]: BROKEN_FLAG });
  const cache = await cacheOf(made.dir);
  await cache.ready;
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
  assert.is(versionOf(cache, 'acme', 'two'), 'version-2');
});

test('of several commits that come at once, the newest good version of what the last one broke is served (P9)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 } }));
  await made.git('branch', 'live');
  const cache = await cacheOf(made.dir, { branch: 'live' });
  await cache.ready;
  await made.commit({ [flagPath('acme', 'one')]: flagText(2) });
  await made.commit({ [flagPath('acme', 'one')]: flagText(3) });
  await made.commit({ [flagPath('acme', 'one')]: BROKEN_FLAG });
  await made.commit({ [flagPath('acme', 'two')]: flagText(5) });
  await made.git('branch', '--force', 'live', 'main');
  await cache.refresh();
  assert.is(versionOf(cache, 'acme', 'one'), 'version-3');
  assert.is(versionOf(cache, 'acme', 'two'), 'version-5');
  assert.is(cache.orgs.get('acme')?.staleFlags, 1);
  await made.commit({ [flagPath('acme', 'two')]: flagText(6) });
  await made.git('branch', '--force', 'live', 'main');
  await cache.refresh();
  assert.is(versionOf(cache, 'acme', 'one'), 'version-3');
  assert.is(versionOf(cache, 'acme', 'two'), 'version-6');
});

test('broken overrides keep the flag as it was before there were any (P11)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const all = await caches(made, () =>
    made.commit({
      [`${PROJECT}/overrides/one.yaml`]: 'nonsense: [\n',
      [flagPath('acme', 'one')]: flagText(1),
    }),
  );
  for (const cache of all) assert.equal(flagOf(cache, 'acme', 'one')?.overrides, []);
});

test('a broken project.yaml or org.yaml keeps its last good version (DESIGN 5)', async () => {
  for (const path of ['flags/acme/org.yaml', `${PROJECT}/project.yaml`]) {
    const made = await createRepository(flagFiles({ acme: { one: 1 } }));
    const all = await caches(made, () =>
      made.commit({ [path]: 'name: [\n', [flagPath('acme', 'one')]: flagText(2) }),
    );
    for (const cache of all) {
      assert.is(cache.orgs.get('acme')?.snapshot.file.name, 'acme');
      assert.is(versionOf(cache, 'acme', 'one'), 'version-2');
      assert.ok(cache.orgs.get('acme')?.problems.some((problem) => problem.path === path));
    }
  }
});

test('a file that never was good is left out, and all others are served', async () => {
  const made = await createRepository({
    ...flagFiles({ acme: { one: 1 } }),
    [flagPath('acme', 'two')]: BROKEN_FLAG,
  });
  const cache = await cacheOf(made.dir);
  await cache.ready;
  assert.is(flagOf(cache, 'acme', 'two'), undefined);
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
});

test('a file that is mended is served again, and is no problem any more', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const all = await caches(made, () => made.commit({ [flagPath('acme', 'one')]: BROKEN_FLAG }));
  await made.commit({ [flagPath('acme', 'one')]: flagText(3) });
  for (const cache of all) {
    await cache.refresh();
    assert.is(versionOf(cache, 'acme', 'one'), 'version-3');
    assert.equal(cache.orgs.get('acme')?.problems, []);
    assert.is(cache.orgs.get('acme')?.staleFlags, 0);
  }
});

test('what does not resolve is reported at its line, and keeps its last good version', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const text = 'owner: version-2\nenvironments:\n  production:\n    enabled: true\n    segments: [nowhere]\n';
  const all = await caches(made, () => made.commit({ [flagPath('acme', 'one')]: text }));
  for (const cache of all) {
    assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
    const [problem] = cache.orgs.get('acme')?.problems ?? [];
    assert.equal(
      [problem?.path, problem?.line, problem?.code],
      [flagPath('acme', 'one'), 5, 'UNKNOWN_SEGMENT'],
    );
  }
});

test.run();
