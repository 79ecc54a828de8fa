import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { machineDisk } from '../../../src/repository/disk.js';
import { openRepository } from '../../../src/repository/git.js';
import { IntegratedTips } from '../../../src/repository/remote/integrated-tips.js';
import type { TestRepository } from '../../support/git.js';
import { create, DARK_MODE, describeFlag, FILES, failureOf, writeOf } from '../writable.js';
import { createRemote, type Followed, kill, openFollowed, REF, type Remote } from './followed-clone.js';

const ASYNC = { mode: 'async' } as const;
const KILL = 'acme/web-app: kill dark-mode in production';

/** A clone that somebody put back to before what a person pushed. */
async function setBack(): Promise<{ readonly remote: Remote; readonly on: Followed }> {
  const remote = await createRemote();
  await remote.push({ 'README.md': 'Theirs.\n' });
  const on = await openFollowed(remote, await remote.clone());
  await on.follow();
  await on.clone.git('reset', '--quiet', '--hard', 'HEAD^');
  await on.cache.refresh();
  return { remote, on };
}

test('a switch works in a clone that somebody set back while the remote is down; other writes wait', async () => {
  const { remote, on } = await setBack();
  on.transport.both = 'down';
  assert.is((await on.writer.write(writeOf(kill('dark-mode')))).pending, 1);
  assert.is((await failureOf(on.writer.write(writeOf(create('one'))))).code, 'REMOTE_UNREACHABLE');
  const push = await failureOf(on.writer.pushPending());
  assert.equal([push.kind, push.code], ['busy', 'BRANCH_MOVING']);
  on.transport.both = undefined;
  await cameTogether(on, remote, [KILL, 'by a person', 'start']);
  await on.close();
});

test('a write into a clone that somebody set back follows the remote first', async () => {
  const { remote, on } = await setBack();
  await on.writer.write(writeOf(create('one')));
  await cameTogether(on, remote, ['acme/web-app: create one', 'by a person', 'start']);
  await on.close();
});

test('a switch works after a crash between the note of a commit and the move to it, while the remote is down', async () => {
  const remote = await createRemote();
  const on = await openFollowed(remote, await remote.clone());
  await on.follow();
  await on.close();
  const theirs = await remote.push({ 'README.md': 'Theirs.\n' });
  await on.clone.git('fetch', '--quiet');
  await (await tipsOf(on.clone, remote)).prepare(theirs);
  const again = await openFollowed(remote, on.clone);
  again.transport.both = 'down';
  assert.is((await again.writer.write(writeOf(kill('dark-mode')))).pending, 1);
  assert.is((await failureOf(again.writer.write(writeOf(create('one'))))).code, 'REMOTE_UNREACHABLE');
  again.transport.both = undefined;
  await cameTogether(again, remote, [KILL, 'by a person', 'start']);
  await again.close();
});

test('the commit that the branch stands on is noted however many moves from it fail', async () => {
  const remote = await createRemote();
  const clone = await remote.clone();
  const tips = await tipsOf(clone, remote);
  const head = await clone.head();
  await tips.prepare(head);
  await tips.locate(head);
  for (let number = 0; number < 20; number += 1) await tips.prepare(number.toString(16).padStart(40, '0'));
  const read = await tipsOf(clone, remote);
  await read.locate(head);
  assert.is(read.current, head);
  assert.is(read.all.size, 8);
});

test('a foreign lock that stays for many polls costs a pending change nothing, also after a restart', async () => {
  const remote = await createRemote();
  let now = Date.now();
  const on = await openFollowed(remote, await remote.clone(), { ...ASYNC, now: () => now });
  await on.follow();
  await on.writer.write(writeOf(describeFlag('dark-mode', 'Night')));
  await on.writer.write(writeOf(create('fresh')));
  const { records } = on.pending;
  await remote.push({ [DARK_MODE]: null });
  const lock = join(on.clone.dir, '.git/index.lock');
  writeFileSync(lock, '');
  for (let poll = 0; poll < 2; poll += 1) {
    now += 7_000;
    assert.is((await failureOf(on.follow())).code, 'GIT_LOCKED');
    assert.equal(on.pending.records, records, 'what was not done is not noted');
    assert.equal(on.pending.lost, []);
  }
  rmSync(lock);
  await on.close();
  const again = await openFollowed(remote, on.clone, ASYNC);
  assert.is((await again.follow()).ahead, 1);
  assert.equal([again.pending.count, again.pending.lost.length], [1, 1]);
  await again.close();
});

test('a server that takes over makes again what the one before it left, and nothing that has arrived', async () => {
  const remote = await createRemote();
  const clone = await remote.clone();
  const first = await openFollowed(remote, clone, ASYNC);
  await first.follow();
  const second = await openFollowed(remote, clone);
  await first.writer.write(writeOf(kill('dark-mode')));
  await first.close();
  assert.is(second.pending.count, 0, 'it was opened before');
  await remote.push({ 'README.md': 'Theirs.\n' });
  await second.cache.refresh();
  await second.follow();
  assert.is(second.pending.count, 1);
  // Goes along with it.
  await second.writer.write(writeOf(create('one')));
  assert.is(second.pending.count, 0);
  await second.close();
  const third = await openFollowed(remote, clone);
  assert.equal(await third.follow(), { head: await remote.head(), ahead: 0, rewritten: undefined });
  assert.is(third.pending.count, 0);
  await cameTogether(third, remote, ['acme/web-app: create one', KILL, 'by a person', 'start']);
  await third.close();
});

test('a former commit of a pending change that arrives late ends it', async () => {
  const { remote, on } = await opened();
  const { commit } = await on.writer.write(writeOf(create('fresh')));
  await remote.push({ 'README.md': 'Theirs.\n' });
  await on.follow();
  assert.is.not(on.pending.pending[0]?.commit, commit, 'it was made again');
  await on.clone.git('push', '--quiet', remote.person.dir, `${commit}:refs/heads/late`);
  await remote.person.git('merge', '--quiet', '--no-edit', commit);
  await remote.person.git('push', '--quiet');
  assert.equal(await on.follow(), { head: await remote.head(), ahead: 0, rewritten: undefined });
  assert.equal([on.pending.count, on.pending.lost], [0, []]);
  await on.close();
});

test('a push that ends after the branch was made to follow other history settles nothing', async () => {
  const { remote, on } = await opened();
  await on.writer.write(writeOf(create('fresh')));
  on.transport.afterPush = async () => {
    on.transport.afterPush = async () => undefined;
    await remote.person.commit({ 'README.md': 'Instead.\n' }, 'by a person');
    await remote.person.git('push', '--quiet', '--force');
    await on.follow();
  };
  await on.writer.pushPending();
  assert.is(on.pending.count, 1);
  await cameTogether(on, remote, ['acme/web-app: create fresh', 'by a person', 'start']);
  await on.close();
});

test('a remote that has nothing in common with the clone is not followed, and gets nothing that was made for another', async () => {
  const { remote, on } = await opened();
  await remote.push({ 'README.md': 'Theirs.\n' });
  await on.follow();
  const { commit } = await on.writer.write(writeOf(kill('dark-mode')));
  await on.close();
  const other = await createRemote({ ...FILES, 'OTHER.md': 'Another one.\n' });
  const there = await openFollowed(other, on.clone, ASYNC);
  const failure = await failureOf(there.follow());
  assert.is(failure.code, 'BRANCH_DIVERGED');
  assert.match(failure.message, 'no commit in common');
  assert.is((await failureOf(there.writer.write(writeOf(create('one'))))).code, 'BRANCH_DIVERGED');
  assert.is(there.pending.count, 0);
  assert.equal(
    there.pending.lost.map((change) => [change.commit, change.code]),
    [[commit, 'REMOTE_CHANGED']],
  );
  await there.writer.pushPending();
  assert.equal(await subjects(other), ['start']);
  assert.is(await on.clone.head(), commit);
  await there.close();
  const back = await openFollowed(remote, on.clone, ASYNC);
  assert.equal([back.pending.count, back.pending.lost.length], [1, 0]);
  await cameTogether(back, remote, [KILL, 'by a person', 'start']);
  await back.close();
});

test.run();

async function opened(): Promise<{ readonly remote: Remote; readonly on: Followed }> {
  const remote = await createRemote();
  const on = await openFollowed(remote, await remote.clone(), ASYNC);
  await on.follow();
  return { remote, on };
}

async function tipsOf(clone: TestRepository, { bare }: Remote): Promise<IntegratedTips> {
  const repository = await openRepository(clone.dir);
  return new IntegratedTips({ repository, disk: machineDisk, remote: { url: bare.dir, ref: REF } });
}

/** Both have the same, each change once: the newest first. */
async function cameTogether(on: Followed, remote: Remote, history: readonly string[]): Promise<void> {
  await on.follow();
  await on.writer.pushPending();
  assert.equal(await subjects(remote), history);
  assert.is(await on.clone.head(), await remote.head());
  assert.is(on.pending.count, 0);
}

async function subjects({ bare }: Remote): Promise<readonly string[]> {
  return (await bare.git('log', '--first-parent', '--format=%s', 'main')).split('\n');
}
