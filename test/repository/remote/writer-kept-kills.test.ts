import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../../src/changes/change.js';
import { HURRY_MS } from '../../../src/repository/ending.js';
import type { Files } from '../../support/git.js';
import {
  create,
  DARK_MODE,
  describeFlag,
  enable,
  FILES,
  flagKey,
  NOW,
  PROJECT,
  writeOf,
} from '../writable.js';
import { createRemote, kill, openFollowed } from './followed-clone.js';

const MANY = 60;

test('a kill of a flag that its change makes is not made again on a flag of that name that others made', async () => {
  const { remote, on } = await opened();
  const copied: Change = {
    kind: 'flag.copy',
    project: PROJECT,
    flag: flagKey('dark-mode'),
    to: flagKey('copied'),
  };
  const changes = [create('fresh'), kill('fresh'), copied, kill('copied'), kill('dark-mode')];
  await on.writer.write({ ...writeOf(copied), changes });
  const theirs = 'owner: them\nenvironments:\n  production: { enabled: true }';
  const paths = ['fresh', 'copied'].map((flag) => DARK_MODE.replace('dark-mode', flag));
  await remote.push(Object.fromEntries(paths.map((path) => [path, `${theirs}\n`])));
  assert.is((await on.follow()).ahead, 1);
  for (const path of paths) assert.is(await on.clone.git('show', `HEAD:${path}`), theirs);
  assert.match(await on.clone.git('show', `HEAD:${DARK_MODE}`), 'killed: true', 'that one was meant');
  assert.equal(
    on.pending.lost.map(({ code, needs }) => [code, needs.length]),
    [['FLAG_EXISTS', 4]],
  );
  await on.close();
});

test('many kills that hold are planned at once, and of many one that does not is soon found', async () => {
  const { remote, on, clock } = await manyKills();
  await remote.push({ [DARK_MODE]: 'environments: {}\n' });
  let before = clock.asked;
  assert.is((await on.follow()).ahead, 1);
  assert.is.not(clock.asked, before);
  assert.ok(clock.asked - before < MANY / 2, `${clock.asked - before} plans and times`);
  before = clock.asked;
  await remote.push({ [DARK_MODE.replace('dark-mode', 'flag-7')]: null });
  assert.is((await on.follow()).ahead, 1);
  assert.ok(clock.asked - before < MANY / 2, `${clock.asked - before} plans and times`);
  assert.is(on.pending.lost.length, 2);
  await on.close();
});

test('P4: an urgent kill does not wait until it is known which kills of another change hold', async () => {
  const { remote, on, clock } = await manyKills();
  await remote.push({ [DARK_MODE]: 'environments: {}\n', [DARK_MODE.replace('dark-mode', 'flag-7')]: null });
  const order: string[] = [];
  let killing: Promise<unknown> = Promise.resolve();
  clock.onNext = () => {
    killing = on.writer.write(writeOf(kill('new-checkout'))).then(() => order.push('killed'));
    // So long a kill waits before it breaks anything off.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HURRY_MS);
  };
  await on.follow().then(() => order.push('followed'));
  await killing;
  assert.equal(order, ['killed', 'followed']);
  assert.equal([on.pending.count, on.pending.lost.length], [2, 1]);
  await on.close();
});

test.run();

async function opened({ now = () => NOW, files = {} }: Opening = {}) {
  const remote = await createRemote({ ...FILES, ...files });
  const on = await openFollowed(remote, await remote.clone(), { mode: 'async', now });
  await on.follow();
  return { remote, on };
}

interface Opening {
  readonly now?: () => number;
  readonly files?: Files;
}

/** One pending change, shown before: a description, and kills of many other flags. Each plan asks for the time. */
async function manyKills() {
  const clock = { asked: 0, onNext: () => {} };
  const now = (): number => {
    const { onNext } = clock;
    clock.asked += 1;
    clock.onNext = () => {};
    onNext();
    return NOW;
  };
  const flags = Array.from({ length: MANY }, (_, number) => `flag-${number}`);
  const text = 'environments:\n  production: { enabled: true }\n';
  const files = Object.fromEntries(flags.map((flag) => [DARK_MODE.replace('dark-mode', flag), text]));
  const made = await opened({ now, files });
  const changes = [describeFlag('dark-mode', 'Night'), ...flags.map(kill)];
  const request = { ...writeOf(enable('dark-mode')), changes };
  const { expects } = await made.on.writer.preview(request);
  await made.on.writer.write({ ...request, expects });
  return { ...made, clock };
}
