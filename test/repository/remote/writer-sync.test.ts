import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CHECKOUT, create, DARK_MODE, describeFlag, enable, failureOf, writeOf } from '../writable.js';
import { createRemote, type Followed, kill, openFollowed, type Remote, TRACKING } from './followed-clone.js';

test('a write is in the remote before it is in the clone, and its commit is the same', async () => {
  const { remote, on } = await opened();
  const before = await on.clone.head();
  on.transport.beforePush = async () =>
    assert.is(await on.clone.head(), before, 'nothing is kept that is not there');
  const { commit, pending } = await on.writer.write(writeOf(enable('new-checkout')));
  assert.is(await remote.head(), commit);
  assert.is(await on.clone.head(), commit);
  assert.is(pending, 0);
  assert.is(on.cache.revision, commit);
  assert.is(await on.clone.git('status', '--porcelain'), '');
  await on.close();
});

test('writes that wait together are one push', async () => {
  const { remote, on } = await opened();
  const first = on.writer.write(writeOf(create('first')));
  const more = ['second', 'third', 'fourth'].map((flag) => on.writer.write(writeOf(create(flag))));
  await Promise.all([first, ...more]);
  assert.is(on.transport.pushes, 2);
  assert.is(await remote.bare.git('rev-list', '--count', 'main'), '5');
  await on.close();
});

test('where somebody else was first, the write is made again on top of theirs; nothing is merged', async () => {
  const { remote, on } = await opened();
  const theirs = await remote.push({ [DARK_MODE]: 'environments:\n  production: { enabled: false }\n' });
  const { commit } = await on.writer.write(writeOf(enable('new-checkout')));
  assert.is(await remote.head(), commit);
  assert.is(await on.clone.git('rev-parse', 'HEAD^'), theirs);
  assert.is(await on.clone.git('rev-list', '--merges', '--count', 'HEAD'), '0');
  assert.is(await on.clone.git('status', '--porcelain'), '');
  await on.close();
});

test('three writers on clones of one remote: each write is there once, and nothing is merged (P1, P2)', async () => {
  const remote = await createRemote();
  const all = await Promise.all(
    [1, 2, 3].map(async () => openFollowed(remote, await remote.clone(), { groupSize: 4 })),
  );
  const names = Array.from({ length: 24 }, (_, number) => `flag-${number}`);
  const results = await Promise.all(
    names.map((name, at) => all[at % 3]?.writer.write(writeOf(create(name)))),
  );
  const history = (await remote.bare.git('rev-list', 'main')).split('\n');
  assert.is(history.length, 1 + names.length);
  for (const result of results) assert.ok(history.includes(result?.commit ?? ''));
  for (const on of all) {
    await on.follow();
    assert.is(await on.clone.head(), await remote.head());
    await on.close();
  }
});

test('a push whose answer is lost is found in the remote, and is not made twice', async () => {
  const { remote, on } = await opened();
  on.transport.pushFault = 'cut-after';
  const { commit } = await on.writer.write(writeOf(create('fresh')));
  assert.is(await remote.head(), commit);
  assert.is(await on.clone.head(), commit);
  assert.is(await remote.bare.git('rev-list', '--count', 'main'), '2');
  await on.close();
});

test('a remote that is down refuses a write with 503, and nothing has changed', async () => {
  const { remote, on } = await opened();
  const [here, there] = [await on.clone.head(), await remote.head()];
  on.transport.both = 'down';
  const failure = await failureOf(on.writer.write(writeOf(create('fresh'))));
  assert.is(failure.kind, 'busy');
  assert.is(failure.code, 'REMOTE_UNREACHABLE');
  assert.match(failure.message, 'may still have arrived');
  assert.equal([await on.clone.head(), await remote.head()], [here, there]);
  assert.is(await on.clone.git('status', '--porcelain'), '');
  on.transport.both = undefined;
  assert.is((await on.writer.write(writeOf(create('fresh')))).commit, await remote.head());
  await on.close();
});

test('a write that arrived although nobody could tell is served once the remote answers', async () => {
  const { remote, on } = await opened();
  on.transport.pushFault = 'cut-after';
  on.transport.fetchFault = 'down';
  assert.is((await failureOf(on.writer.write(writeOf(create('fresh'))))).code, 'REMOTE_UNREACHABLE');
  on.transport.both = undefined;
  assert.equal(await on.follow(), { head: await remote.head(), ahead: 0, rewritten: undefined });
  assert.ok((await on.clone.git('ls-files')).includes('fresh.yaml'));
  await on.close();
});

test('what a hook of the remote does not take is 409 with its reason', async () => {
  const { remote, on } = await opened();
  remote.refuse('not on a Sunday');
  const failure = await failureOf(on.writer.write(writeOf(create('fresh'))));
  assert.is(failure.code, 'REMOTE_REFUSED');
  assert.is(failure.kind, 'conflict');
  assert.match(failure.message, 'not on a Sunday');
  assert.is(on.pending.count, 0);
  await on.close();
});

test('an older commit that the remote was set back to is not pushed over', async () => {
  const { remote, on } = await opened();
  const dropped = await on.writer.write(writeOf(create('dropped')));
  await remote.bare.git('update-ref', 'refs/heads/main', `${dropped.commit}^`);
  const { commit } = await on.writer.write(writeOf(create('fresh')));
  assert.is(await remote.head(), commit);
  assert.is(await remote.bare.git('rev-list', '--count', 'main'), '2');
  assert.not((await on.clone.git('ls-files')).includes('dropped.yaml'));
  await on.close();
});

test('kills are acknowledged within their time while the remote is down, and pushed once it is back', async () => {
  const { remote, on } = await opened();
  on.transport.both = 'down';
  const killed = await on.writer.write(writeOf(kill('dark-mode')));
  assert.is(killed.pending, 1);
  assert.is(await on.clone.head(), killed.commit);
  assert.is.not(await remote.head(), killed.commit);
  assert.is(on.told(), 1);
  const { pushes } = on.transport;
  assert.is((await on.writer.write(writeOf(kill('new-checkout')))).pending, 2);
  assert.is(on.transport.pushes, pushes, 'it is known to be down');
  on.transport.both = undefined;
  assert.equal(await on.writer.pushPending(), { hasMoved: false });
  assert.is(await remote.bare.git('rev-parse', 'main^'), killed.commit);
  assert.is(on.pending.count, 0);
  await on.close();
});

test('a kill whose push arrives late is there once', async () => {
  const { remote, on } = await opened();
  on.transport.pushFault = 'hanging';
  const killed = await on.writer.write(writeOf(kill('dark-mode')));
  assert.is(killed.pending, 1);
  on.transport.both = undefined;
  assert.is(await remote.head(), killed.commit, 'it arrived after nobody waited for it');
  await on.follow();
  assert.is(on.pending.count, 0);
  assert.is(await remote.bare.git('rev-list', '--count', 'main'), '2');
  await on.close();
});

test('a kill does not wait for the push of others; that write is done once, before or after', async () => {
  const { remote, on } = await opened();
  on.transport.pushFault = 'hanging';
  const other = on.writer.write(writeOf(create('fresh')));
  const killing = on.writer.write(writeOf(kill('dark-mode'))).then((result) => {
    on.transport.both = undefined;
    return result;
  });
  const killed = await killing;
  assert.ok(killed.changed);
  assert.is(on.transport.endings[0], 'AbortError');
  await other;
  await on.follow();
  await on.writer.pushPending();
  assert.is(await remote.bare.git('rev-list', '--count', 'main'), '3');
  assert.is(await remote.head(), await on.clone.head());
  assert.is(on.pending.count, 0);
  await on.close();
});

test('a person’s commit in the clone goes along with the next write', async () => {
  const { remote, on } = await opened();
  const theirs = await on.clone.commit({ 'README.md': 'By hand.\n' }, 'by hand');
  await on.cache.refresh();
  const { commit } = await on.writer.write(writeOf(create('fresh')));
  assert.is(await remote.head(), commit);
  assert.is(await remote.bare.git('rev-parse', 'main^'), theirs);
  await on.close();
});

test('where a person’s commit and the remote both moved, writes are refused with what to do, and reads go on', async () => {
  const { remote, on } = await opened();
  const theirs = await on.clone.commit({ 'README.md': 'By hand.\n' }, 'by hand');
  await remote.push({ [CHECKOUT]: 'environments: {}\n' });
  const failure = await failureOf(on.writer.write(writeOf(create('fresh'))));
  assert.is(failure.code, 'BRANCH_DIVERGED');
  assert.match(failure.message, /by hand.*git pull --rebase/);
  assert.is(await on.clone.head(), theirs);
  assert.ok(on.cache.orgs.has('acme'));
  await on.clone.git('pull', '--quiet', '--rebase');
  await on.cache.refresh();
  assert.is((await on.writer.write(writeOf(create('fresh')))).commit, await remote.head());
  await on.close();
});

test('uncommitted work that is in the way stops the branch there, names the file, and goes on once it is away', async () => {
  const { remote, on } = await opened();
  const tip = await remote.push({ [CHECKOUT]: 'environments: {}\n' });
  on.clone.write({ [CHECKOUT]: '# mine\n' });
  const failure = await failureOf(on.follow());
  assert.is(failure.code, 'WORKTREE_DIRTY');
  assert.match(failure.message, CHECKOUT);
  assert.is(
    (await failureOf(on.writer.write(writeOf(describeFlag('dark-mode', 'x'))))).code,
    'WORKTREE_DIRTY',
  );
  await on.clone.git('checkout', '--', CHECKOUT);
  assert.is((await on.follow()).head, tip);
  assert.is(await on.clone.git('status', '--porcelain'), '');
  assert.is(await on.clone.git('rev-parse', TRACKING), tip);
  await on.close();
});

test.run();

async function opened(): Promise<{ readonly remote: Remote; readonly on: Followed }> {
  const remote = await createRemote();
  const on = await openFollowed(remote, await remote.clone());
  await on.follow();
  return { remote, on };
}
