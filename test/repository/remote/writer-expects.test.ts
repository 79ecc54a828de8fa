import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../../src/changes/change.js';
import type { WriteRequest } from '../../../src/repository/write-request.js';
import {
  CHECKOUT,
  DARK_MODE,
  describeFlag,
  enable,
  failureOf,
  flagKey,
  PROJECT,
  remove,
  writeOf,
} from '../writable.js';
import { createRemote, type Followed, kill, openFollowed, type Remote } from './followed-clone.js';

const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';
const OVERRIDE: Change = {
  kind: 'override.create',
  project: PROJECT,
  flag: flagKey('dark-mode'),
  entry: { users: ['u-1'], serve: 'off' },
};

test('on a remote where its files are others by then nothing is written, there or here (sync)', async () => {
  const { remote, on } = await opened('sync');
  const request = await seen(on, writeOf(OVERRIDE));
  const before = await on.clone.head();
  let theirs = '';
  on.transport.beforePush = async () => {
    if (theirs === '') theirs = await remote.push({ [OVERRIDES]: '- { users: [u-9] }\n' });
  };
  const failure = await failureOf(on.writer.write(request));
  assert.is(failure.code, 'PRECONDITION_FAILED');
  assert.is(await remote.head(), theirs);
  assert.is.not(theirs, before);
  assert.equal(on.pending.pending, []);
  await on.close();
});

test('a pending change is made again on just the files that were shown, or it is lost and told (async)', async () => {
  const { remote, on } = await opened('async');
  await on.writer.write(await seen(on, writeOf(OVERRIDE)));
  const { commit } = await on.writer.write(await seen(on, writeOf(describeFlag('dark-mode', 'Night'))));
  await on.writer.write(await seen(on, writeOf(describeFlag('new-checkout', 'Next'))));
  await on.close();
  await remote.push({ [DARK_MODE]: 'environments: {}\n', 'README.md': 'Theirs.\n' });
  const again = await openFollowed(remote, on.clone, { mode: 'async' });
  assert.is((await again.follow()).ahead, 2);
  assert.equal(
    again.pending.lost.map((change) => [change.commit, change.code]),
    [[commit, 'PRECONDITION_FAILED']],
  );
  const blob = await again.clone.git('rev-parse', `HEAD:${DARK_MODE}`);
  const sentence = `${DARK_MODE} is not as the request expects: it is ${blob} now`;
  assert.is(again.pending.lost[0]?.message, sentence, 'nobody is named who was not faster');
  assert.is(await again.clone.git('show', `HEAD:${DARK_MODE}`), 'environments: {}');
  assert.match(await again.clone.git('show', `HEAD:${OVERRIDES}`), 'u-1');
  assert.match(await again.clone.git('show', `HEAD:${CHECKOUT}`), 'Next');
  await again.close();
});

test('pending changes on top of each other are made again as they were shown', async () => {
  const { remote, on } = await opened('async');
  for (const text of ['Night', 'Black', 'Dark']) {
    await on.writer.write(await seen(on, writeOf(describeFlag('dark-mode', text))));
  }
  await remote.push({ 'README.md': 'Theirs.\n' });
  assert.is((await on.follow()).ahead, 3);
  assert.equal(on.pending.lost, []);
  await on.close();
});

test('what others have done already is not lost for that its files are others', async () => {
  const { remote, on } = await opened('async');
  await on.writer.write(await seen(on, writeOf(describeFlag('dark-mode', 'Night'))));
  const text = await on.clone.git('show', `HEAD:${DARK_MODE}`);
  await remote.push({ [DARK_MODE]: `${text}\n# as Ada asked\n` });
  assert.is((await on.follow()).ahead, 0);
  assert.equal([on.pending.count, on.pending.lost], [0, []]);
  await on.close();
});

test('a kill is made again whatever its file has become, and an unkill is not', async () => {
  const { remote, on } = await opened('async');
  const unkill = { ...kill('new-checkout'), kind: 'flag.unkill' } as Change;
  await on.writer.write(writeOf(kill('new-checkout')));
  await on.writer.pushPending();
  await on.writer.write(await seen(on, writeOf(kill('dark-mode'))));
  await on.writer.write(await seen(on, writeOf(unkill)));
  const checkout = await remote.bare.git('show', `main:${CHECKOUT}`);
  await remote.push({
    [DARK_MODE]: 'description: Day\nenvironments:\n  production: { enabled: true }\n',
    [CHECKOUT]: `${checkout}\n# theirs\n`,
  });
  assert.is((await on.follow()).ahead, 1);
  assert.match(await on.clone.git('show', `HEAD:${DARK_MODE}`), /description: Day\n(.*\n)*.*killed: true/);
  assert.match(await on.clone.git('show', `HEAD:${CHECKOUT}`), 'killed: true');
  assert.equal(
    on.pending.lost.map(({ code }) => code),
    ['PRECONDITION_FAILED'],
  );
  await on.close();
});

test('a digest of the files is asked again as the files themselves are', async () => {
  const { remote, on } = await opened('async');
  const digest = async (path: string) => {
    const blob = await on.clone.git('rev-parse', `HEAD:${path}`);
    return `sha256:${createHash('sha256').update(`${path}\0${blob}\n`).digest('hex')}`;
  };
  const expects = await digest(DARK_MODE);
  await on.writer.write({ ...writeOf(describeFlag('dark-mode', 'Night')), expects });
  await on.writer.write({
    ...writeOf(describeFlag('new-checkout', 'Next')),
    expects: await digest(CHECKOUT),
  });
  await remote.push({ [DARK_MODE]: 'environments: {}\n' });
  assert.is((await on.follow()).ahead, 1);
  assert.equal(
    on.pending.lost.map(({ subject, code }) => [subject.includes('dark-mode'), code]),
    [[true, 'PRECONDITION_FAILED']],
  );
  const wrong = { ...writeOf(describeFlag('dark-mode', 'Black')), expects };
  assert.is((await failureOf(on.writer.write(wrong))).code, 'PRECONDITION_FAILED');
  await on.close();
});

test('a kill is never lost with the changes that came along: those are, and are told (async)', async () => {
  const { remote, on } = await opened('async');
  const mixed = [describeFlag('dark-mode', 'Night'), kill('dark-mode'), describeFlag('new-checkout', 'Next')];
  const { commit } = await on.writer.write(
    await seen(on, { ...writeOf(enable('dark-mode')), changes: mixed }),
  );
  const id = on.pending.pending[0]?.id;
  await remote.push({ [DARK_MODE]: 'owner: them\nenvironments:\n  production: { enabled: true }\n' });
  assert.is((await on.follow()).ahead, 1);
  await on.close();
  await remote.push({ 'README.md': 'Theirs.\n' });
  const again = await openFollowed(remote, on.clone, { mode: 'async' });
  assert.is((await again.follow()).ahead, 1);
  const { pending, lost } = again.pending;
  assert.equal(
    pending.map((one) => [one.id, one.subject]),
    [[id, 'acme/web-app: kill dark-mode in production']],
  );
  assert.equal(
    lost.map((one) => [one.commit, one.code, one.needs.length]),
    [[commit, 'PRECONDITION_FAILED', 2]],
  );
  assert.match(lost[0]?.message ?? '', /; only its kills were made again$/);
  await again.writer.pushPending();
  assert.match(await remote.bare.git('show', `main:${DARK_MODE}`), /owner: them\n(.*\n)*.*killed: true/);
  assert.not.match(await remote.bare.git('show', `main:${CHECKOUT}`), 'Next');
  assert.is(again.pending.count, 0);
  assert.is(await again.pending.forget(lost[0]?.id ?? ''), true);
  await again.close();
});

test('a kill is made again where the flag of another one is gone, and not where its change releases it', async () => {
  const { remote, on } = await opened('async');
  const unkill = { ...kill('new-checkout'), kind: 'flag.unkill' } as Change;
  const both = [kill('new-checkout'), describeFlag('new-checkout', 'Next'), unkill];
  await on.writer.write({
    ...writeOf(enable('dark-mode')),
    changes: [kill('new-checkout'), kill('dark-mode')],
  });
  await remote.push({ [CHECKOUT]: null });
  assert.is((await on.follow()).ahead, 1);
  assert.match(await on.clone.git('show', `HEAD:${DARK_MODE}`), 'killed: true');
  assert.equal(
    on.pending.lost.map(({ code }) => code),
    ['FLAG_NOT_FOUND'],
  );
  await remote.push({ [CHECKOUT]: 'environments: {}\n' });
  await on.follow();
  await on.writer.write(await seen(on, { ...writeOf(enable('dark-mode')), changes: both }));
  await remote.push({ [CHECKOUT]: 'environments:\n  production: { enabled: true }\n' });
  assert.is((await on.follow()).ahead, 1);
  assert.not.match(await on.clone.git('show', `HEAD:${CHECKOUT}`), 'killed: true');
  assert.is(on.pending.lost.length, 2);
  await on.close();
});

test('a file that came meanwhile is no file that was shown', async () => {
  const { remote, on } = await opened('async');
  await on.writer.write(await seen(on, writeOf(remove('dark-mode'))));
  await remote.push({ [OVERRIDES]: '- { users: [u-9] }\n' });
  assert.is((await on.follow()).ahead, 0);
  assert.is(on.pending.lost.length, 1);
  assert.match(await on.clone.git('ls-files'), DARK_MODE);
  await on.close();
});

test.run();

async function opened(mode: 'sync' | 'async'): Promise<{ readonly remote: Remote; readonly on: Followed }> {
  const remote = await createRemote();
  const on = await openFollowed(remote, await remote.clone(), { mode });
  await on.follow();
  return { remote, on };
}

/** The write on the files as they are now. */
async function seen({ writer }: Followed, request: WriteRequest): Promise<WriteRequest> {
  const { expects } = await writer.preview(request);
  return { ...request, expects };
}
