import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/model/failure.js';
import { pushUntilKnown } from '../../../src/repository/remote/remote-push.js';
import { until } from '../../support/until.js';
import { CHECKOUT, create, describeFlag, enable, failureOf, NOW, writeOf } from '../writable.js';
import { createRemote, kill, openFollowed, type Remote } from './followed-clone.js';

const ASYNC = { mode: 'async' } as const;

test('a write that arrived although nobody knew is answered as done, also where work in the clone keeps it from following', async () => {
  const { remote, on } = await opened();
  on.transport.pushFault = 'hanging';
  const write = on.writer.write(writeOf(enable('new-checkout')));
  await until(() => on.transport.pushes === 1);
  on.clone.write({ [CHECKOUT]: 'mine: 1\n' });
  const killed = on.writer.write(writeOf(kill('dark-mode')));
  await until(() => on.transport.endings.length > 0);
  on.transport.both = undefined;
  const { commit } = await write;
  assert.is(await remote.bare.git('merge-base', '--is-ancestor', commit, 'main'), '');
  await killed;
  await on.close();
});

test('a question that does not come back has a time limit, and a short one where the last was not answered', async () => {
  const { on } = await opened();
  on.transport.both = 'down';
  await failureOf(on.writer.write(writeOf(create('one'))));
  on.transport.both = 'hanging';
  const failure = await failureOf(on.writer.write(writeOf(create('two'))));
  assert.is(failure.code, 'REMOTE_UNREACHABLE');
  assert.not.match(failure.message, 'may still have arrived');
  await on.close();
});

test('a write whose question is broken off for a kill is made after it', async () => {
  const { remote, on } = await opened();
  on.transport.both = 'down';
  await failureOf(on.writer.write(writeOf(create('one'))));
  on.transport.both = 'hanging';
  const write = on.writer.write(writeOf(create('two')));
  const killed = await on.writer.write(writeOf(kill('dark-mode')));
  on.transport.both = undefined;
  assert.ok(killed.changed);
  const { commit } = await write;
  assert.is(await remote.bare.git('merge-base', '--is-ancestor', commit, 'main'), '');
  await on.close();
});

test('a kill asks nothing of a remote that did not answer the last time (DESIGN 6)', async () => {
  const { on } = await opened();
  on.transport.both = 'down';
  await failureOf(on.writer.write(writeOf(create('one'))));
  on.transport.both = 'hanging';
  const { questions, pushes } = on.transport;
  assert.is((await on.writer.write(writeOf(kill('dark-mode')))).pending, 1);
  assert.equal([on.transport.questions, on.transport.pushes], [questions, pushes]);
  await on.close();
});

test('P4: a kill does not wait until all that is pending is made again, and nothing of that is lost', async () => {
  const remote = await createRemote();
  let isSlow = false;
  let asked = 0;
  const now = (): number => {
    if (isSlow) asked += 1;
    if (isSlow) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    return NOW;
  };
  const on = await openFollowed(remote, await remote.clone(), { ...ASYNC, now });
  await on.follow();
  const texts = Array.from({ length: 30 }, (_, number) => `text ${number}`);
  await Promise.all(texts.map((text) => on.writer.write(writeOf(describeFlag('new-checkout', text)))));
  await remote.push({ 'README.md': 'Theirs.\n' });
  isSlow = true;
  const order: string[] = [];
  const follow = on.follow().then(() => order.push('followed'));
  await until(() => asked > 1);
  const killing = on.writer.write(writeOf(kill('dark-mode'))).then(() => {
    order.push('killed');
    isSlow = false;
  });
  await Promise.all([killing, follow]);
  assert.equal(order, ['killed', 'followed']);
  assert.equal([on.pending.count, on.pending.lost], [31, []]);
  await on.writer.pushPending();
  assert.is(await remote.bare.git('rev-list', '--count', 'main'), '33');
  await on.close();
});

test('a pending switch that the remote refuses can be taken off: the later ones stay, and writes reach the remote again', async () => {
  const { remote, on } = await opened();
  refuseKills(remote);
  const before = await on.clone.git('show', 'HEAD:flags/acme/web-app/flags/dark-mode.yaml');
  await on.writer.write(writeOf(kill('dark-mode')));
  const id = on.pending.pending[0]?.id ?? '';
  on.transport.both = 'down';
  assert.is(await on.writer.withdraw('none'), false);
  on.transport.both = undefined;
  const refused = await failureOf(on.writer.write(writeOf(create('one'))));
  assert.is(refused.code, 'REMOTE_REFUSED');
  assert.match(refused.message, `DELETE /api/v1/changes/pending/${id}`);
  assert.is(await on.writer.withdraw(id), true);
  assert.equal([on.pending.count, on.pending.lost], [0, []]);
  assert.is(await on.clone.git('show', 'HEAD:flags/acme/web-app/flags/dark-mode.yaml'), before);
  assert.is(on.cache.revision, await on.clone.head());
  assert.is((await on.writer.write(writeOf(create('one')))).commit, await remote.head());
  await on.close();
});

test('of several pending changes the one that is taken off is gone, and one that was not refused stays', async () => {
  const { remote, on } = await opened(ASYNC);
  await on.writer.write(writeOf(create('first')));
  await on.writer.write(writeOf(kill('dark-mode')));
  await on.writer.write(writeOf(create('last')));
  const id = on.pending.pending[1]?.id ?? '';
  assert.is(await on.writer.withdraw(id), false, 'nobody refused it');
  refuseKills(remote);
  assert.is((await failureOf(on.writer.pushPending())).code, 'REMOTE_REFUSED');
  assert.is(await on.writer.withdraw(id), true);
  assert.equal(await on.writer.pushPending(), { hasMoved: false });
  const subjects = (await remote.bare.git('log', '--format=%s', '-2', 'main')).split('\n');
  assert.equal(subjects, ['acme/web-app: create last', 'acme/web-app: create first']);
  await on.close();
});

test('a remote that says that it moved and stands still is a failure after few tries, not asked for ever', async () => {
  const { remote, on } = await opened();
  remote.bare.write({ 'refs/heads/main.lock': '' });
  const failure = await failureOf(on.writer.write(writeOf(create('one'))));
  assert.is(failure.code, 'BRANCH_MOVING');
  assert.match(failure.message, 'has not moved');
  assert.ok(on.transport.pushes <= 4, `${on.transport.pushes} pushes`);
  await on.close();
});

test('the same for what is pushed in the background: the second time it is told', async () => {
  const { remote, on } = await opened(ASYNC);
  await on.writer.write(writeOf(create('one')));
  remote.bare.write({ 'refs/heads/main.lock': '' });
  assert.equal(await on.writer.pushPending(), { hasMoved: true });
  await on.follow();
  assert.match((await failureOf(on.writer.pushPending())).message, 'has not moved');
  await on.close();
});

test('a refusal after a push that nobody knows the end of says nothing of that one', async () => {
  const unreachable = new Failure('busy', 'REMOTE_UNREACHABLE', 'gone');
  for (const second of [
    async () => ({ kind: 'refused', reason: 'frozen' }) as const,
    () => Promise.reject(new Failure('busy', 'REMOTE_DENIED', 'no')),
  ]) {
    let pushes = 0;
    const known = await pushUntilKnown({
      push: () => {
        pushes += 1;
        return pushes === 1 ? Promise.reject(unreachable) : second();
      },
      ask: async () => undefined,
      has: async () => false,
      isAtBase: () => true,
      signal: new AbortController().signal,
      attempts: undefined,
    });
    assert.equal([known.kind, pushes], ['unknown', 2]);
  }
});

test.run();

async function opened(options: { readonly mode?: 'async' } = {}) {
  const remote = await createRemote();
  const on = await openFollowed(remote, await remote.clone(), options);
  await on.follow();
  return { remote, on };
}

/** From now on a hook refuses each push with a kill in it. */
function refuseKills({ bare }: Remote): void {
  const hook =
    '#!/bin/sh\nwhile read old new ref; do git log --format=%s $old..$new | grep -q ": kill" && { echo no kills; exit 1; }; done\nexit 0\n';
  bare.write({ 'hooks/pre-receive': hook });
  chmodSync(join(bare.dir, 'hooks/pre-receive'), 0o755);
}
