import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestRepository } from '../../support/git.js';
import {
  CHECKOUT,
  create,
  DARK_MODE,
  describeFlag,
  enable,
  expecting,
  failureOf,
  NOW,
  remove,
  writeOf,
} from '../writable.js';
import { createRemote, type Followed, kill, openFollowed, type Remote } from './followed-clone.js';

const ASYNC = { mode: 'async' } as const;

test('in the mode async a write is acknowledged without the remote, and pushed in the background', async () => {
  const { remote, on } = await opened();
  on.transport.both = 'down';
  const first = await on.writer.write(writeOf(create('first')));
  const second = await on.writer.write(writeOf(create('second')));
  assert.equal([first.pending, second.pending], [1, 2]);
  assert.equal(
    on.pending.pending.map(({ commit, subject, author }) => [commit, subject, author]),
    [
      [first.commit, 'acme/web-app: create first', 'Marc <marc@example.com>'],
      [second.commit, 'acme/web-app: create second', 'Marc <marc@example.com>'],
    ],
  );
  assert.is((await failureOf(on.writer.pushPending())).code, 'REMOTE_UNREACHABLE');
  on.transport.both = undefined;
  await on.writer.pushPending();
  assert.is(await remote.head(), second.commit);
  assert.equal(on.pending.pending, []);
  await on.close();
});

test('what is pending survives a restart, and is made again on what the remote has by then', async () => {
  const { remote, on } = await opened();
  const before = await on.writer.write(writeOf(create('fresh')));
  const [{ id } = { id: '' }] = on.pending.pending;
  await on.close();
  const theirs = await remote.push({ [DARK_MODE]: 'environments: {}\n' });
  const again = await openFollowed(remote, on.clone, { ...ASYNC, now: () => NOW + 60_000 });
  assert.is(again.pending.count, 1);
  const { head, ahead } = await again.follow();
  assert.is(ahead, 1);
  assert.is(await again.clone.git('rev-parse', 'HEAD^'), theirs);
  assert.equal(
    again.pending.pending.map((change) => [change.id, change.commit]),
    [[id, head]],
  );
  assert.is(await dates(again.clone, head), await dates(again.clone, before.commit), 'author and date stay');
  assert.is(again.cache.revision, head);
  assert.is(await again.clone.git('status', '--porcelain'), '');
  await again.writer.pushPending();
  assert.is(await remote.head(), head);
  assert.is(again.pending.count, 0);
  await again.close();
});

test('changes of the same file by both are both there: a change is made again, it is no patch', async () => {
  const { remote, on } = await opened();
  await on.writer.write(writeOf(enable('new-checkout')));
  await remote.push({
    [CHECKOUT]: 'description: Another\nenvironments:\n  production: { enabled: false }\n',
  });
  await on.follow();
  const text = await on.clone.git('show', `HEAD:${CHECKOUT}`);
  assert.match(text, 'description: Another');
  assert.match(text, 'enabled: true');
  await on.close();
});

test('what was expected of a file was so once, and does not stop a change that is made again', async () => {
  const { remote, on } = await opened();
  const blob = await on.clone.git('rev-parse', `HEAD:${CHECKOUT}`);
  await on.writer.write(writeOf(enable('new-checkout'), expecting(CHECKOUT, { ifMatch: [blob] })));
  await remote.push({ [CHECKOUT]: 'environments:\n  production: { enabled: false }\n' });
  assert.is((await on.follow()).ahead, 1);
  assert.equal(on.pending.lost, []);
  await on.close();
});

test('a change that cannot be made again is told as lost, and the others go on', async () => {
  const { remote, on } = await opened();
  const lost = await on.writer.write(writeOf(describeFlag('dark-mode', 'Night')));
  await on.writer.write(writeOf(create('fresh')));
  await remote.push({ [DARK_MODE]: null });
  const { ahead } = await on.follow();
  assert.is(ahead, 1);
  assert.equal(
    on.pending.lost.map(({ commit, code, subject }) => [commit, code, subject]),
    [[lost.commit, 'FLAG_NOT_FOUND', 'acme/web-app: describe dark-mode']],
  );
  await on.writer.pushPending();
  await on.close();
  const again = await openFollowed(remote, on.clone, ASYNC);
  const [{ id } = { id: '' }] = again.pending.lost;
  assert.is(again.pending.count, 0);
  assert.is(await again.pending.forget(id), true);
  assert.is(await again.pending.forget(id), false);
  await again.close();
  const last = await openFollowed(remote, on.clone, ASYNC);
  assert.equal(last.pending.lost, []);
  await last.close();
});

test('a change that the remote has already by somebody else is no commit, and is pending no more', async () => {
  const { remote, on } = await opened();
  await on.writer.write(writeOf(remove('dark-mode')));
  await on.writer.write(writeOf(enable('new-checkout')));
  const text = await on.clone.git('show', `HEAD:${CHECKOUT}`);
  const tip = await remote.push({ [CHECKOUT]: `${text}\n` });
  await on.follow();
  assert.is(await on.clone.git('rev-parse', 'HEAD^'), tip);
  assert.is(on.pending.count, 1);
  await on.close();
});

test('a push that arrived before anybody knew is not made again, not even after a restart and below a merge', async () => {
  const { remote, on } = await opened();
  on.transport.pushFault = 'cut-after';
  const { commit } = await on.writer.write(writeOf(describeFlag('dark-mode', 'Night')));
  assert.is((await failureOf(on.writer.pushPending())).code, 'REMOTE_UNREACHABLE');
  await on.close();
  const { person } = remote;
  await person.commit({ 'README.md': 'Theirs.\n' });
  await person.git('pull', '--quiet', '--no-rebase', '--no-edit');
  await person.commit({ [DARK_MODE]: 'description: Day\nenvironments: {}\n' });
  await person.git('push', '--quiet');
  const again = await openFollowed(remote, on.clone, ASYNC);
  assert.is(again.pending.count, 1);
  assert.equal(await again.follow(), { head: await remote.head(), ahead: 0, rewritten: undefined });
  assert.is(again.pending.count, 0);
  assert.is(await again.clone.git('merge-base', '--is-ancestor', commit, 'HEAD'), '');
  await again.close();
});

test('of history that was rewritten only what is pending is made again, and it is told', async () => {
  const { remote, on } = await opened();
  const from = await remote.push({ 'README.md': 'Dropped.\n' });
  await on.follow();
  await on.writer.write(writeOf(create('fresh')));
  const { person } = remote;
  await person.git('reset', '--quiet', '--hard', 'HEAD^');
  const to = await person.commit({ 'README.md': 'Instead.\n' });
  await person.git('push', '--quiet', '--force');
  const { head, ahead, rewritten } = await on.follow();
  assert.equal(rewritten, { from, to });
  assert.is(ahead, 1);
  assert.is(await on.clone.git('rev-parse', 'HEAD^'), to);
  assert.is(on.cache.revision, head);
  assert.is(await on.clone.git('status', '--porcelain'), '');
  await on.close();
});

test('a pending change that somebody took off the branch in the clone comes back', async () => {
  const { remote, on } = await opened();
  await on.writer.write(writeOf(create('fresh')));
  await on.clone.git('reset', '--quiet', '--hard', 'origin/main');
  await on.cache.refresh();
  assert.is((await on.follow()).ahead, 1);
  await on.writer.pushPending();
  assert.ok((await remote.bare.git('ls-tree', '-r', '--name-only', 'main')).includes('fresh.yaml'));
  await on.close();
});

test('a person’s rebase of pending changes does not double them', async () => {
  const { remote, on } = await opened();
  await on.writer.write(writeOf(create('fresh')));
  await remote.push({ 'README.md': 'Theirs.\n' });
  await on.clone.git('pull', '--quiet', '--rebase');
  await on.cache.refresh();
  await on.follow();
  await on.writer.pushPending();
  assert.is(await remote.bare.git('rev-list', '--count', 'main'), '3');
  assert.is(on.pending.count, 0);
  await on.close();
});

test('a person’s merge of what the remote has with what is pending is pushed as it is', async () => {
  const { remote, on } = await opened();
  const { commit } = await on.writer.write(writeOf(create('fresh')));
  await remote.push({ 'README.md': 'Theirs.\n' });
  await on.clone.git('pull', '--quiet', '--no-rebase', '--no-edit');
  await on.cache.refresh();
  const { head, ahead } = await on.follow();
  assert.is(head, await on.clone.head());
  assert.is.not(ahead, 0);
  await on.writer.pushPending();
  assert.is(await remote.head(), head);
  assert.is(on.pending.count, 0);
  assert.is(await remote.bare.git('merge-base', '--is-ancestor', commit, 'main'), '');
  assert.equal(await on.follow(), { head, ahead: 0, rewritten: undefined });
  await on.close();
});

test('what the remote answered before our last push is old news, and moves nothing back', async () => {
  const { remote, on } = await opened();
  const old = await remote.head();
  const { commit } = await on.writer.write(writeOf(create('fresh')));
  await on.writer.pushPending();
  assert.equal(await on.writer.integrate(old), { head: commit, ahead: 0, rewritten: undefined });
  await on.close();
});

test('a switch that the remote refuses works here, stays pending, and says why', async () => {
  const remote = await createRemote();
  const on = await openFollowed(remote, await remote.clone());
  await on.follow();
  remote.refuse('frozen');
  const killed = await on.writer.write(writeOf(kill('dark-mode')));
  assert.is(killed.pending, 1);
  const failure = await failureOf(on.writer.pushPending());
  assert.is(failure.code, 'REMOTE_REFUSED');
  assert.match(failure.message, 'frozen');
  await on.close();
});

test.run();

async function opened(): Promise<{ readonly remote: Remote; readonly on: Followed }> {
  const remote = await createRemote();
  const on = await openFollowed(remote, await remote.clone(), ASYNC);
  await on.follow();
  return { remote, on };
}

function dates(clone: TestRepository, commit: string): Promise<string> {
  return clone.git('log', '-1', '--format=%an %ae %aI', commit);
}
