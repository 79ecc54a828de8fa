import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { openFlagEvents, type ToldChange } from '../../src/repository/flag-events.js';
import type { FlagCache } from '../../src/repository/served.js';
import { BROKEN_FLAG, flagFiles, flagPath } from '../support/flags.js';
import { createRepository, type TestRepository } from '../support/git.js';
import { cacheOf, closeCaches, until } from '../support/served.js';
import { enable, openWritable, writeOf } from './writable.js';

interface Place {
  repository: TestRepository;
  cache: FlagCache;
  told: ToldChange[];
}

const test = suite<Place>('flag events');

test.before.each(async (place) => {
  place.repository = await createRepository(flagFiles({ acme: { one: 1, two: 1 }, globex: { three: 1 } }));
  place.cache = await cacheOf(place.repository.dir);
  await place.cache.ready;
  place.told = [];
  openFlagEvents(place.cache).onChange((told) => place.told.push(told));
});
test.after.each(closeCaches);

const OFF = 'environments:\n  production: { enabled: false }\n';

function summary({ told }: Place): readonly string[] {
  return told.flatMap(({ changes }) =>
    changes.map(
      ({ org, project, environment, flags }) => `${org}/${project}/${environment}: ${flags.join(' ')}`,
    ),
  );
}

test('a commit is told once it serves, with its revision, by the organization that it changed', async (place) => {
  const { repository, cache, told } = place;
  const before = cache.orgs.get('acme');
  const seen: (string | undefined)[] = [];
  const events = openFlagEvents(cache);
  events.onChange(({ org }) => seen.push(cache.orgs.get(org.snapshot.key)?.revision));
  const commit = await repository.commit({ [flagPath('acme', 'one')]: OFF });
  await until(cache, () => told.length > 0 && seen.length > 0);
  assert.equal(summary(place), ['acme/web-app/production: one']);
  assert.is(told[0]?.revision, commit);
  assert.is(told[0]?.before?.snapshot, before?.snapshot);
  assert.equal(seen, [commit]);
});

test('what changes no answer is told without environments, and what is the same is not told', async (place) => {
  const { repository, cache, told } = place;
  const commit = await repository.commit({ 'README.md': 'Flags\n' });
  await until(cache, () => cache.revision === commit);
  const broken = await repository.commit({ [flagPath('acme', 'one')]: BROKEN_FLAG });
  await until(cache, () => told.length > 0);
  assert.equal(
    told.map(({ revision, changes }) => [revision, changes]),
    [[broken, []]],
  );
});

test('an organization that comes is told whole, and again when it comes back', async (place) => {
  const { repository, cache, told } = place;
  const files = flagFiles({ initech: { four: 1 } });
  const whole = ['initech/web-app/production: four'];
  await repository.commit(files);
  await until(cache, () => told.length > 0);
  assert.equal(summary(place), whole);
  assert.is(told[0]?.before, undefined);
  await repository.commit({ 'flags/initech': null });
  await until(cache, () => !cache.orgs.has('initech'));
  told.length = 0;
  await repository.commit(files);
  await until(cache, () => told.length > 0);
  assert.equal(summary(place), whole);
});

test('nothing is told after the end', async ({ repository, cache, told }) => {
  const events = openFlagEvents(cache);
  let count = 0;
  events.onChange(() => {
    count += 1;
  });
  events.close();
  await repository.commit({ [flagPath('globex', 'three')]: OFF });
  await until(cache, () => told.length > 0);
  assert.is(count, 0);
});

test('a write of our own is told as any other commit', async () => {
  const on = await openWritable();
  const told: ToldChange[] = [];
  openFlagEvents(on.cache).onChange((one) => told.push(one));
  const change: Change = enable('new-checkout');
  const { commit } = await on.writer.write(writeOf(change));
  await until(on.cache, () => told.length > 0);
  assert.is(told[0]?.revision, commit);
  await on.close();
});

test.run();
