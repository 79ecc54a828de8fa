import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startGitServer, type TestGitServer } from '../support/git-server.js';
import {
  DARK_MODE,
  DARK_MODE_ON,
  DARK_MODE_PATH,
  type FollowingServer,
  followHost,
  REMOTE_FILES,
} from '../support/remote.js';
import { until } from '../support/until.js';

const test = suite('remote: following');
let host: TestGitServer;
let server: FollowingServer;

test.before.each(async () => {
  host = await startGitServer({ files: REMOTE_FILES });
  server = await followHost(host);
  await server.running.ready;
  await server.follows();
});
test.after.each(async () => {
  await server.close();
  await host.close();
});

/** Starts another server on the same clone, as after a restart. */
async function restart(): Promise<void> {
  await server.close();
  server = await followHost(host, { dir: server.repository.dir });
}

async function isEnabled(): Promise<unknown> {
  const { body } = await server.ask(DARK_MODE_PATH);
  return (body as { is_enabled?: boolean }).is_enabled;
}

test('what a person pushes is served, and the clone has its files', async () => {
  const person = await host.clone();
  const commit = await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'main');
  await server.serves(commit);
  assert.is(await isEnabled(), true);
  assert.is(await server.repository.head(), commit);
  assert.is(await server.repository.git('status', '--porcelain'), '');
  const { trouble, isStale, head, url } = await server.remote();
  assert.equal(
    { trouble, isStale, head, url },
    { trouble: null, isStale: false, head: commit, url: host.url },
  );
});

test('history that was rewritten on the remote is followed, and people are told', async () => {
  const person = await host.clone();
  const gone = await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'main');
  await server.serves(gone);
  await person.git('reset', '--quiet', '--hard', 'HEAD~1');
  const instead = await person.commit({ 'flags/acme/web-app/flags/banner.yaml': null }, 'no banner');
  await person.git('push', '--quiet', '--force', 'origin', 'main');
  await server.serves(instead);
  assert.is(await isEnabled(), false);
  assert.is(await server.repository.git('status', '--porcelain'), '');
  assert.ok(server.log.some((line) => line.includes(`rewritten on ${host.url}: ${gone.slice(0, 7)}`)));
});

test('where a person has committed in the clone and the remote has moved, reads go on, writes are refused, and health says what to run', async () => {
  const base = await server.repository.head();
  const person = await host.clone();
  host.setFault({ kind: 'refuse' });
  await server.repository.commit({ 'README.md': 'ours\n' }, 'in the clone');
  await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'main');
  host.setFault(undefined);
  await until(async () => /git /.test((await server.remote()).trouble ?? ''));
  assert.is((await server.ask(DARK_MODE_PATH)).status, 200);
  const refused = await server.write(DARK_MODE_PATH, { description: 'another' });
  assert.ok(refused.status === 409 || refused.status === 503, refused.text);
  const isPart = await server.repository.git('merge-base', '--is-ancestor', base, 'HEAD').then(() => true);
  assert.ok(isPart);
  await server.repository.git('pull', '--quiet', '--rebase', `file://${host.dir}`, 'main');
  await server.follows();
  await until(async () => (await host.bare.git('rev-parse', 'main')) === (await server.repository.head()));
});

test("a person's commit in the clone is pushed along where the remote has not moved", async () => {
  const commit = await server.repository.commit({ [DARK_MODE]: DARK_MODE_ON }, 'in the clone');
  await until(async () => (await host.bare.git('rev-parse', 'main')) === commit);
  await server.serves(commit);
});

test('what is uncommitted in the clone is not overwritten: health names the file, and once it is gone the remote is followed', async () => {
  const file = join(server.repository.dir, DARK_MODE);
  writeFileSync(file, '# not committed\n');
  const person = await host.clone();
  const commit = await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'main');
  await until(async () => (await server.remote()).trouble?.includes(DARK_MODE) === true);
  await server.repository.git('checkout', '--quiet', '--', DARK_MODE);
  await server.serves(commit);
  await server.follows();
});

test('a remote that is down makes what is served stale with its age, and is followed again once it is up', async () => {
  host.setFault({ kind: 'refuse' });
  await until(async () => (await server.remote()).isStale);
  const { trouble, failuresInARow, ageSeconds } = await server.remote();
  assert.match(trouble ?? '', `the remote ${host.url} does not answer`);
  assert.ok(failuresInARow > 0);
  assert.is(typeof ageSeconds, 'number');
  const { body } = await server.ask('/health');
  assert.is((body as { status: string }).status, 'degraded');
  assert.is((await server.ask('/ready')).status, 200);
  const person = await host.clone();
  const commit = await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'main');
  host.setFault(undefined);
  await server.serves(commit);
  await server.follows();
  assert.ok(server.log.includes(`the remote ${host.url} is followed again`));
});

test('P11: after a restart without the remote the last good state is served, and said to be stale since when', async () => {
  const head = await server.repository.head();
  host.setFault({ kind: 'status', status: 500 });
  await restart();
  await server.running.ready;
  await server.serves(head);
  // The first question may still be under way when what is served is old enough.
  await until(async () => {
    const { isStale, trouble } = await server.remote();
    return isStale && trouble !== null;
  });
  const { ageSeconds, head: known } = await server.remote();
  assert.is(typeof ageSeconds, 'number');
  assert.is(known, head);
});

test('P11: a file that came broken from the remote keeps its last good version, after a restart without the remote too', async () => {
  const person = await host.clone();
  const broken = await person.commit({ [DARK_MODE]: 'environments: [\n' }, 'broken');
  await person.git('push', '--quiet', 'origin', 'main');
  await server.serves(broken);
  assert.is(await isEnabled(), false);
  host.setFault({ kind: 'refuse' });
  await restart();
  await server.running.ready;
  await server.serves(broken);
  assert.is(await isEnabled(), false);
  await until(async () => (await server.remote()).isStale);
});

test('a branch that the remote no longer has is trouble, and what was served stays', async () => {
  await host.bare.git('update-ref', '-d', 'refs/heads/main');
  await until(async () => (await server.remote()).trouble?.includes('has no branch main') === true);
  assert.is(await isEnabled(), false);
});

test.run();
