import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../../src/changes/change.js';
import type { WriteRequest } from '../../../src/repository/write-request.js';
import {
  CHECKOUT,
  DARK_MODE,
  describeFlag,
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
  assert.match(again.pending.lost[0]?.message ?? '', DARK_MODE);
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
