import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { type EnvironmentKey, parseEnvironmentKey } from '../../src/model/keys.js';
import {
  create,
  DARK_MODE,
  enable,
  FILES,
  failureOf,
  flagKey,
  openWritable,
  PROJECT,
  type Writable,
  writeOf,
} from './writable.js';

const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const PRODUCTION = parseEnvironmentKey('production') as EnvironmentKey;

const kills = suite<{ on: Writable }>('kill');
kills.before.each(async (context) => {
  context.on = await openWritable({
    ...FILES,
    [TESTS]:
      '- { name: everybody, environment: production, context: { targetingKey: u-1 }, expect: { variant: on } }\n',
  });
});
kills.after.each(({ on }) => on.close());

function kill(flag: string, kind: 'flag.kill' | 'flag.unkill' = 'flag.kill'): Change {
  return { kind, project: PROJECT, flag: flagKey(flag), environment: PRODUCTION };
}

function servedState({ cache }: Writable, flag: string) {
  const flags = cache.orgs.get('acme')?.snapshot.projects.get(PROJECT)?.flags;
  return flags?.get(flagKey(flag))?.file.environments.production;
}

kills('goes before all that wait (DESIGN 6)', async ({ on: { clone, writer } }) => {
  const changes = [create('a'), create('b'), create('c'), kill('dark-mode')];
  await Promise.all(changes.map((change) => writer.write(writeOf(change))));
  const subjects = (await clone.git('log', '-4', '--reverse', '--format=%s')).split('\n');
  assert.equal(
    subjects.map((subject) => subject.split(' ').slice(1, 3).join(' ')),
    ['create a', 'kill dark-mode', 'create b', 'create c'],
  );
});

kills(
  'one that comes while a group is worked out ends the group',
  async ({ on: { clone, cache, writer } }) => {
    const first = writer.write(writeOf(create('a')));
    const others = ['b', 'c', 'd', 'e'].map((flag) => writer.write(writeOf(create(flag))));
    // The group begins once the first write is served, and has begun before the kill comes.
    await new Promise<void>((fulfil) => void cache.onSwap(() => setImmediate(fulfil)));
    await first;
    await Promise.all([writer.write(writeOf(kill('dark-mode'))), ...others]);
    const subjects = (await clone.git('log', '--reverse', '--format=%s')).split('\n');
    assert.ok(
      subjects.findIndex((subject) => subject.includes('kill')) < subjects.length - 1,
      String(subjects),
    );
  },
);

kills('works on a file that is broken at the head, and is served (DESIGN 6)', async ({ on }) => {
  for (const broken of ['environments: 7\n', 'environments: {\n', Buffer.from([0x61, 0xff])]) {
    await on.clone.commit({ [DARK_MODE]: broken });
    await on.cache.refresh();
    assert.is((await failureOf(on.writer.write(writeOf(enable('dark-mode', false))))).code, 'FILE_BROKEN');
    assert.is((await on.writer.write(writeOf(kill('dark-mode')))).changed, true);
    const text = await on.clone.git('show', `HEAD:${DARK_MODE}`);
    assert.is(text, 'environments:\n  production: { enabled: true, killed: true }');
    assert.equal(servedState(on, 'dark-mode'), { enabled: true, killed: true });
    await on.writer.write(writeOf(kill('dark-mode', 'flag.unkill')));
    assert.is.not(servedState(on, 'dark-mode')?.killed, true);
  }
});

kills('works where what the flag needs is broken, and is served', async ({ on }) => {
  const text = 'environments:\n  production: { enabled: true, requires: [new-checkout] }\n';
  await on.clone.commit({ [DARK_MODE]: text });
  await on.cache.refresh();
  await on.clone.commit({ 'flags/acme/web-app/flags/new-checkout.yaml': null });
  await on.cache.refresh();
  await on.writer.write(writeOf(kill('dark-mode')));
  assert.is(servedState(on, 'dark-mode')?.killed, true);
});

kills('is refused by no test, but by a flag that is not there', async ({ on }) => {
  assert.is((await on.writer.write(writeOf(kill('dark-mode')))).changed, true);
  assert.is((await on.writer.write(writeOf(kill('dark-mode')))).changed, false);
  assert.is((await failureOf(on.writer.write(writeOf(kill('unknown'))))).code, 'FLAG_NOT_FOUND');
});

kills.run();
