import { setTimeout } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { cacheOf, closeCaches, flagOf, until, versionOf } from '../support/served.js';

const test = suite('repository/following');
test.after.each(closeCaches);

const KEYS = Array.from({ length: 30 }, (_, index) => `flag-${index}`);

function allAt(version: number): Readonly<Record<string, number>> {
  return Object.fromEntries(KEYS.map((key) => [key, version]));
}

/** So that nobody but the watcher can see a change. */
const NO_POLL = { pollMs: 3_600_000 };

async function commitVersion(made: TestRepository, version: number): Promise<string> {
  return made.commit({ [flagPath('acme', 'one')]: flagText(version) });
}

test('1,000 answers while others check out come from one commit each (P8)', async () => {
  const made = await createRepository(flagFiles({ acme: allAt(1) }));
  await made.git('checkout', '--quiet', '-b', 'second');
  await made.commit(flagFiles({ acme: allAt(2) }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  const seen = new Set<string>();
  let reads = 0;
  const reading = setInterval(() => {
    reads += 1;
    seen.add([...new Set(KEYS.map((key) => versionOf(cache, 'acme', key)))].join(' and '));
  }, 1);
  while (reads < 1_000) {
    await made.git('checkout', '--quiet', 'main');
    await made.git('checkout', '--quiet', 'second');
  }
  const head = await made.head();
  await until(cache, () => cache.orgs.get('acme')?.revision === head);
  clearInterval(reading);
  assert.equal(
    [...seen].filter((versions) => versions.includes(' and ')),
    [],
  );
  assert.is(versionOf(cache, 'acme', 'flag-0'), 'version-2');
});

test('every commit at small gaps is served in the end, and each answer is of a commit (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  for (let version = 1; version <= 40; version += 1) {
    await commitVersion(made, version);
    await setTimeout((version % 5) * 20);
    if (version % 8 === 0) await until(cache, () => versionOf(cache, 'acme', 'one') === `version-${version}`);
  }
  await until(cache, () => cache.revision !== undefined && versionOf(cache, 'acme', 'one') === 'version-40');
});

const MOVES: readonly [name: string, move: (made: TestRepository) => Promise<unknown>, version: string][] = [
  ['a reset', (made) => made.git('reset', '--quiet', '--hard', 'HEAD^'), 'version-1'],
  ['a switch of the branch', (made) => made.git('checkout', '--quiet', 'side'), 'version-3'],
  ['a detached HEAD', (made) => made.git('checkout', '--quiet', '--detach', 'side'), 'version-3'],
  [
    'a merge',
    (made) => made.git('merge', '--quiet', '--strategy-option=theirs', '--no-edit', 'side'),
    'version-3',
  ],
  ['a change of the ref alone', (made) => made.git('update-ref', 'refs/heads/main', 'side'), 'version-3'],
];

for (const [name, move, version] of MOVES) {
  test(`${name} by the git program is seen by the watcher alone, also after its refs and objects were packed (P10)`, async () => {
    for (const isPacked of [false, true]) {
      const made = await createRepository(flagFiles({ acme: { one: 1 } }));
      await made.git('checkout', '--quiet', '-b', 'side');
      await commitVersion(made, 3);
      await made.git('checkout', '--quiet', 'main');
      await commitVersion(made, 2);
      const cache = await cacheOf(made.dir, NO_POLL);
      await cache.ready;
      assert.is(versionOf(cache, 'acme', 'one'), 'version-2');
      if (isPacked) await made.git('gc', '--quiet', '--prune=now');
      await move(made);
      await until(cache, () => versionOf(cache, 'acme', 'one') === version);
      assert.is(cache.orgs.get('acme')?.revision, await made.head());
    }
  });
}

test('packing everything changes nothing, and what comes after it is served (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  for (let version = 2; version <= 4; version += 1) {
    await commitVersion(made, version);
    await made.git('pack-refs', '--all');
    await made.git('gc', '--quiet', '--prune=now');
    await until(cache, () => versionOf(cache, 'acme', 'one') === `version-${version}`);
  }
});

test('a pull by the git program is served (DESIGN 5)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const dir = temporaryFolder();
  await made.git('clone', '--quiet', '.', dir);
  const cache = await cacheOf(dir);
  await cache.ready;
  await commitVersion(made, 2);
  await repositoryAt(dir).git('pull', '--quiet');
  await until(cache, () => versionOf(cache, 'acme', 'one') === 'version-2');
});

test('questions at once share one build, and each sees what was there when it was asked', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  const swaps: string[] = [];
  cache.onSwap((org) => swaps.push(org.revision));
  const commit = await commitVersion(made, 2);
  await Promise.all(Array.from({ length: 20 }, () => cache.refresh()));
  assert.is(versionOf(cache, 'acme', 'one'), 'version-2');
  assert.equal(swaps, [commit]);
});

test('a closed cache serves what it had and follows no more', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  await cache.close();
  await commitVersion(made, 2);
  await cache.refresh();
  assert.is(versionOf(cache, 'acme', 'one'), 'version-1');
  assert.ok(flagOf(cache, 'acme', 'one'));
});

test.run();
