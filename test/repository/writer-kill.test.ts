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
  NOW,
  openOn,
  openWritable,
  PROJECT,
  type Writable,
  writeOf,
} from './writable.js';

const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const DARK = 'environments:\n  production: { enabled: true }\n';
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

/** What the last commits did to which flag, oldest first. */
async function lastWords({ clone }: Pick<Writable, 'clone'>, count: number): Promise<readonly string[]> {
  const subjects = (await clone.git('log', `-${count}`, '--reverse', '--format=%s')).split('\n');
  return subjects.map((subject) => subject.split(' ').slice(1, 3).join(' '));
}

kills('goes before all that wait (DESIGN 6)', async ({ on: { clone, writer } }) => {
  const changes = [create('a'), create('b'), create('c'), kill('dark-mode')];
  await Promise.all(changes.map((change) => writer.write(writeOf(change))));
  assert.equal(await lastWords({ clone }, 4), ['create a', 'kill dark-mode', 'create b', 'create c']);
});

kills('one that comes while a group is worked out ends the group', async ({ on }) => {
  let planned = 0;
  let late: Promise<unknown> = Promise.resolve();
  // The clock is read once for each write that is worked out: the second is the first of the group.
  const now = (): number => {
    planned += 1;
    if (planned === 2) late = open.writer.write(writeOf(kill('dark-mode')));
    return NOW;
  };
  await on.close();
  const open = await openOn(on.clone, { now });
  await Promise.all(['a', 'b', 'c', 'd'].map((flag) => open.writer.write(writeOf(create(flag)))));
  await late;
  assert.equal(await lastWords(on, 5), ['create a', 'create b', 'kill dark-mode', 'create c', 'create d']);
  await open.close();
});

kills('are not in the way of all else, however many follow one another (DESIGN 6)', async ({ on }) => {
  let done = 0;
  let switched = 0;
  const others = ['a', 'b', 'c'].map(async (flag) => {
    await on.writer.write(writeOf(create(flag)));
    done += 1;
  });
  const goOnSwitching = async (): Promise<void> => {
    for (let isKill = true; done < others.length && switched < 40; isKill = !isKill, switched += 1) {
      await on.writer.write(writeOf(kill('dark-mode', isKill ? 'flag.kill' : 'flag.unkill')));
    }
  };
  await Promise.all([goOnSwitching(), goOnSwitching(), goOnSwitching(), ...others]);
  assert.ok(switched < 40, `${done} of 3 writes beside ${switched} switches`);
});

kills('and the end of one keep the order in which they came (DESIGN 6)', async ({ on }) => {
  const changes = [create('a'), create('b'), kill('dark-mode', 'flag.unkill'), kill('dark-mode')];
  await Promise.all(changes.map((change) => on.writer.write(writeOf(change))));
  assert.is(servedState(on, 'dark-mode')?.killed, true);
});

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

kills(
  'of a broken file tells what is different from the last good text, and whose that is',
  async ({ on }) => {
    const good = await on.clone.head();
    await on.clone.commit({ [DARK_MODE]: 'description: Ada\nenvironments: {\n' });
    await on.clone.commit({ [DARK_MODE]: 'description: Grace\nenvironments: {\n' });
    await on.cache.refresh();
    const broken = await on.clone.head();
    const request = writeOf(kill('dark-mode'), { message: 'Too many errors.' });
    const { differences } = await on.writer.preview(request);
    const written = await on.writer.write(request);
    assert.equal(
      written.differences.map(({ sentence }) => sentence),
      ['production: killed'],
    );
    assert.equal(differences, written.differences);
    const body = await on.clone.git('log', '-1', '--format=%b');
    assert.match(body, 'Too many errors.');
    assert.match(body, `The text of ${DARK_MODE} was broken as of commit ${broken}.`);
    assert.match(body, `This goes from its last good text, of commit ${good}.`);
    await on.clone.commit({ [DARK_MODE]: 'environments: {\n' });
    await on.cache.refresh();
    const repaired = await on.writer.write(writeOf(kill('dark-mode')));
    assert.equal(
      repaired.differences.map(({ sentence }) => sentence),
      ['readable again'],
    );
  },
);

kills('works where what the flag needs is broken, and is served', async ({ on }) => {
  const text = 'environments:\n  production: { enabled: true, requires: [new-checkout] }\n';
  await on.clone.commit({ [DARK_MODE]: text });
  await on.cache.refresh();
  await on.clone.commit({ 'flags/acme/web-app/flags/new-checkout.yaml': null });
  await on.cache.refresh();
  await on.writer.write(writeOf(kill('dark-mode')));
  assert.is(servedState(on, 'dark-mode')?.killed, true);
});

kills('is refused by nothing that moved on with the text that is broken now (DESIGN 6)', async ({ on }) => {
  const overrides = 'flags/acme/web-app/overrides/dark-mode.yaml';
  const needing =
    'environments:\n  production: { enabled: true, requires: [{ flag: dark-mode, variant: blue }] }\n';
  const cases =
    '- { name: nobody, environment: production, context: { targetingKey: u-1 }, expect: { variant: blue } }\n';
  const besides = [
    { [TESTS]: cases },
    { [overrides]: '- { users: [u-7], serve: blue }\n' },
    { 'flags/acme/web-app/flags/new-checkout.yaml': needing },
    { 'flags/acme/web-app/flags/new-checkout.yaml': `id: taken\n${DARK}` },
  ];
  const good = `id: taken\n${DARK}`;
  for (const beside of besides) {
    await on.clone.commit({
      [DARK_MODE]: good,
      'flags/acme/web-app/flags/new-checkout.yaml': DARK,
      [overrides]: null,
      [TESTS]: null,
    });
    await on.cache.refresh();
    await on.clone.commit({ [DARK_MODE]: 'environments: {\n', ...beside });
    await on.cache.refresh();
    assert.is(servedState(on, 'dark-mode')?.killed, undefined);
    await on.writer.write(writeOf(kill('dark-mode')));
    assert.is(servedState(on, 'dark-mode')?.killed, true, Object.keys(beside)[0]);
  }
});

kills('is refused by no test, but by a flag that is not there', async ({ on }) => {
  assert.is((await on.writer.write(writeOf(kill('dark-mode')))).changed, true);
  assert.is((await on.writer.write(writeOf(kill('dark-mode')))).changed, false);
  assert.is((await failureOf(on.writer.write(writeOf(kill('unknown'))))).code, 'FLAG_NOT_FOUND');
});

kills.run();
