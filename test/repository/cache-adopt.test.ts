import { watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import type { WritableCache } from '../../src/repository/adoption.js';
import { openCache } from '../../src/repository/cache.js';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import { openRepository } from '../../src/repository/git.js';
import { openWriter } from '../../src/repository/writer.js';
import { until } from '../support/until.js';
import {
  create,
  describeFlag,
  enable,
  FILES,
  failureOf,
  NOW,
  ORG,
  openWritable,
  remove,
  type Writable,
  writeOf,
} from './writable.js';

const GLOBEX = {
  'flags/globex/org.yaml': 'name: Globex\nid: org_globex\n',
  'flags/globex/shop/project.yaml': 'environments: [production]\n',
};

const adopting = suite<{ on: Writable }>('what a write judged is served');
adopting.before.each(async (context) => {
  context.on = await openWritable({ ...FILES, ...GLOBEX });
});
adopting.after.each(({ on }) => on.close());

/** All that is served, but when. */
function servedBy(cache: WritableCache) {
  const orgs = [...cache.orgs].map(([key, { loadedAt: _, projects, files, ...org }]) => {
    const sorted = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
    return [key, org, sorted, [...projects.keys()]];
  });
  return { orgs, revision: cache.revision, problems: cache.problems };
}

const MOVES: readonly ((flag: string, number: number) => Change)[] = [
  (flag) => create(flag),
  (flag) => remove(flag),
  (flag, number) => describeFlag(flag, `text ${number}`),
  (flag, number) => enable(flag, number % 2 === 0),
];

adopting('and is what a new start would serve, whatever is written (property)', async ({ on }) => {
  const repository = await openRepository(on.clone.dir);
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 12; round += 1) {
    const changes = Array.from({ length: 5 }, (_, number) => {
      const move = MOVES[random(MOVES.length)] ?? create;
      return move(`flag-${random(4)}`, number);
    });
    await Promise.allSettled(changes.map((change) => on.writer.write(writeOf(change))));
    const fresh = await openCache({ repository });
    await fresh.ready;
    assert.equal(servedBy(on.cache as WritableCache), servedBy(fresh));
    await fresh.close();
  }
});

adopting('without another load', async ({ on }) => {
  await on.writer.close();
  const asked: string[] = [];
  const cache = new Proxy(on.cache as WritableCache, {
    get: (target, name) => {
      if (name === 'refresh' || name === 'adopt') asked.push(name);
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const repository = await openRepository(on.clone.dir);
  const writer = await openWriter({ repository, cache, now: () => NOW });
  const { commit } = await writer.write(writeOf(enable('new-checkout')));
  assert.is(cache.revision, commit);
  assert.equal(asked, ['adopt']);
  await writer.close();
});

adopting('once for a group, and its times are known', async ({ on }) => {
  const swapped: string[] = [];
  on.cache.onSwap((org) => swapped.push(org.snapshot.key));
  await Promise.all(['a', 'b', 'c', 'd'].map((flag) => on.writer.write(writeOf(create(flag)))));
  assert.equal(swapped, ['acme', 'acme']);
  assert.is(on.cache.history.timesOf('flags/acme/web-app/flags/d.yaml')?.updatedAt, '2026-01-15T10:00:00Z');
  assert.is(
    on.cache.orgs.get('globex')?.revision,
    await on.clone.head(),
    'the others are of that commit too',
  );
});

adopting('only where the head is that commit, made from what is served', async ({ on }) => {
  const cache = on.cache as WritableCache;
  const [base, before] = [String(cache.revision), cache.states.get(ORG)];
  if (before === undefined) throw new Error('nothing is served');
  const orgs = [{ before, after: { ...before, version: 'f'.repeat(40) } }];
  assert.is(await cache.adopt({ base, commit: '1'.repeat(40), orgs }), false, 'another head');
  const commit = await on.clone.commit({ 'README.md': 'moved\n' });
  await cache.refresh();
  assert.is(await cache.adopt({ base: '2'.repeat(40), commit: await on.clone.head(), orgs }), true);
  assert.is(cache.states.get(ORG)?.version, before.version, 'it was served already');
  assert.is(cache.revision, commit);
});

adopting('never where what is served is not what it was made from', async ({ on }) => {
  const cache = on.cache as WritableCache;
  const [base, before] = [String(cache.revision), cache.states.get(ORG)];
  if (before === undefined) throw new Error('nothing is served');
  const after = { ...before, version: 'f'.repeat(40) };
  const commit = await on.clone.git('commit-tree', '-p', base, '-m', 'next', `${base}^{tree}`);
  const other = { before: { ...before, loaded: { ...before.loaded } }, after };
  // The branch moves and is adopted in one go, so that the cache has not followed it by itself.
  writeFileSync(join(on.clone.dir, '.git/refs/heads/main'), `${commit}\n`);
  const answers = [
    cache.adopt({ base: '1'.repeat(40), commit, orgs: [{ before, after }] }),
    cache.adopt({ base, commit, orgs: [other] }),
    cache.adopt({ base, commit, orgs: [{ before, after }] }),
  ];
  assert.equal(await Promise.all(answers), [false, false, true], 'only the last is of what is served');
  assert.is(cache.states.get(ORG)?.version, after.version);
});

adopting('and not before it is flushed, though the watcher sees it sooner (P1)', async ({ on }) => {
  await on.writer.close();
  const [cache, { clone }] = [on.cache as WritableCache, on];
  const before = cache.revision;
  const branches = join(clone.dir, '.git/refs/heads');
  const seen = new Promise<void>((fulfil) => {
    const watcher = watch(branches, (_, name) => {
      if (name !== 'main') return;
      watcher.close();
      fulfil();
    });
  });
  const served: (string | undefined)[] = [];
  const sync: Disk['sync'] = async (path) => {
    if (path.endsWith('refs/heads')) {
      await seen;
      await setImmediate();
      // It waits for what the watcher has begun.
      await cache.adopt({ base: '1'.repeat(40), commit: '2'.repeat(40), orgs: [] });
      served.push(cache.revision);
    }
    await machineDisk.sync(path);
  };
  const repository = await openRepository(clone.dir);
  const writer = await openWriter({ repository, cache, now: () => NOW, disk: { ...machineDisk, sync } });
  const { commit } = await writer.write(writeOf(enable('new-checkout')));
  await writer.close();
  assert.equal([...served, cache.revision], [before, commit]);
});

adopting('and is followed again where others go on from it and come back to it (P10)', async ({ on }) => {
  const { commit } = await on.writer.write(writeOf(enable('new-checkout')));
  const next = await on.clone.commit({ 'README.md': 'next\n' });
  await until(() => on.cache.revision === next);
  await on.clone.git('reset', '--quiet', '--hard', commit ?? '');
  await until(() => on.cache.revision === commit);
});

adopting('an organization whose folder is a link is a conflict', async ({ on }) => {
  await on.clone.git('mv', 'flags/acme', 'elsewhere');
  await on.clone.git('commit', '--quiet', '--message', 'move');
  const blob = await on.clone.git('hash-object', '-w', 'README.md');
  await on.clone.git('update-index', '--add', '--cacheinfo', `120000,${blob},flags/acme`);
  await on.clone.git('commit', '--quiet', '--message', 'link');
  const failure = await failureOf(on.writer.write(writeOf(enable('new-checkout'))));
  assert.equal([failure.kind, failure.code], ['conflict', 'NOT_A_FILE']);
});

adopting.run();
