import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startGitServer, type TestGitServer } from '../support/git-server.js';
import { tokenOf } from '../support/http.js';
import {
  DARK_MODE,
  DARK_MODE_PATH,
  type FollowingServer,
  followHost,
  REMOTE_FILES,
} from '../support/remote.js';
import { until } from '../support/until.js';

const test = suite('remote: writes');
const KILL = '/api/v1/feature-flags/banner/kill?org_id=acme';
let host: TestGitServer;
let server: FollowingServer;

test.before.each(async () => {
  host = await startGitServer({ files: REMOTE_FILES });
});
test.after.each(async () => {
  await server.close();
  await host.close();
});

async function start(mode: 'sync' | 'async'): Promise<void> {
  server = await followHost(host, { remote: { mode } });
  await server.running.ready;
}

async function kill() {
  return server.ask(KILL, { token: await tokenOf(), body: { reason: 'it burns' } });
}

const remoteHead = () => host.bare.git('rev-parse', 'main');

test('a write is answered once the remote has it, and then nothing is pending', async () => {
  await start('sync');
  const written = await server.write(DARK_MODE_PATH, { description: 'Dark colours' });
  assert.is(written.status, 200);
  assert.is(written.headers['flagstaff-commit'], await remoteHead());
  assert.is(written.headers['flagstaff-pending'], undefined);
  assert.is((await server.remote()).pending, 0);
});

test('a write that the remote cannot take is refused, and nothing of it is kept or served', async () => {
  await start('sync');
  const before = await server.repository.head();
  host.setFault({ kind: 'refuse' });
  const refused = await server.write(DARK_MODE_PATH, { description: 'Dark colours' });
  assert.equal([refused.status, codeOf(refused.body)], [503, 'REMOTE_UNREACHABLE']);
  host.setFault(undefined);
  host.refusePushes('ask the platform team');
  await until(async () => (await server.remote()).failuresInARow === 0);
  const denied = await server.write(DARK_MODE_PATH, { description: 'Dark colours' });
  assert.equal([denied.status, codeOf(denied.body)], [409, 'REMOTE_REFUSED']);
  assert.match(denied.text, 'ask the platform team');
  assert.is(await server.repository.head(), before);
  assert.is(await server.repository.git('status', '--porcelain'), '');
});

test('a kill switch works without the remote: the answer says that it is pending, and it is pushed once the remote is there', async () => {
  await start('sync');
  host.setFault({ kind: 'refuse' });
  const killed = await kill();
  assert.equal([killed.status, killed.headers['flagstaff-pending']], [200, '1']);
  assert.is((await server.remote()).pending, 1);
  const { body } = await server.ask('/api/v1/changes/pending', { token: await tokenOf() });
  const { pending, lost } = (body as { data: { pending: { commit: string; subject: string }[]; lost: [] } })
    .data;
  assert.is(pending.length, 1);
  assert.is(pending[0]?.commit, killed.headers['flagstaff-commit']);
  assert.match(pending[0]?.subject ?? '', 'kill banner');
  assert.equal(lost, []);
  host.setFault(undefined);
  await until(async () => (await server.remote()).pending === 0);
  assert.is(await remoteHead(), killed.headers['flagstaff-commit']);
});

test('with FLAGSTAFF_PUSH=async writes are answered at once, and pushed in the background', async () => {
  await start('async');
  const written = await server.write(DARK_MODE_PATH, { description: 'Dark colours' });
  assert.equal([written.status, written.headers['flagstaff-pending']], [200, '1']);
  await until(async () => (await remoteHead()) === written.headers['flagstaff-commit']);
  await until(async () => (await server.remote()).pending === 0);
});

test('what is pending survives a restart, and is made again on what others pushed meanwhile', async () => {
  await start('async');
  host.setFault({ kind: 'refuse' });
  const written = await server.write(DARK_MODE_PATH, { description: 'Dark colours' });
  assert.is(written.headers['flagstaff-pending'], '1');
  await server.close();
  const person = await host.clone();
  const theirs = await person.commit({ 'README.md': 'theirs\n' }, 'theirs');
  await person.git('push', '--quiet', 'origin', 'main');
  server = await followHost(host, { dir: server.repository.dir, remote: { mode: 'async' } });
  await server.running.ready;
  assert.is((await server.remote()).pending, 1);
  host.setFault(undefined);
  await until(async () => (await server.remote()).pending === 0 && (await remoteHead()) !== theirs);
  assert.is(await host.bare.git('rev-parse', 'main^'), theirs);
  assert.is(await host.bare.git('log', '-1', '--format=%an', 'main'), 'Marc');
  assert.is(await server.repository.head(), await remoteHead());
});

test('a change that cannot be made again is lost: its author, and who may see its project, are told why', async () => {
  await start('async');
  host.setFault({ kind: 'refuse' });
  await server.write(DARK_MODE_PATH, { description: 'Dark colours' });
  const person = await host.clone();
  await person.commit({ [DARK_MODE]: null }, 'no dark mode');
  await person.git('push', '--quiet', 'origin', 'main');
  host.setFault(undefined);
  await until(async () => (await server.remote()).lost === 1);
  const seenBy = async (email: string) => {
    const { body } = await server.ask('/api/v1/changes/pending', { token: await tokenOf({ email }) });
    return (body as { data: { lost: { id: string; code: string; org: string }[] } }).data.lost;
  };
  const [lost] = await seenBy('marc@example.com');
  assert.equal({ code: lost?.code, org: lost?.org }, { code: 'FLAG_NOT_FOUND', org: 'acme' });
  assert.is((await seenBy('ada@example.com')).length, 1);
  assert.equal(await seenBy('grace@example.com'), []);
  assert.equal(await seenBy('linus@example.com'), []);
  const { status } = (await server.ask('/health')).body as { status: string };
  assert.is(status, 'degraded');
  await forgetIt(lost?.id ?? '');
});

/** By those who may not, then by who may. */
async function forgetIt(id: string): Promise<void> {
  const forget = async (email: string) => {
    const token = await tokenOf({ email });
    return (await server.ask(`/api/v1/changes/pending/${id}`, { method: 'DELETE', token })).status;
  };
  assert.is(await forget('linus@example.com'), 404);
  assert.is(await forget('grace@example.com'), 404);
  assert.is(await forget('ada@example.com'), 403);
  assert.is((await server.remote()).lost, 1);
  assert.is(await forget('marc@example.com'), 200);
  assert.is(await forget('marc@example.com'), 404);
  assert.is((await server.remote()).lost, 0);
}

test('a change that is pending cannot be taken off the list', async () => {
  await start('sync');
  host.setFault({ kind: 'refuse' });
  await kill();
  const token = await tokenOf();
  const { body } = await server.ask('/api/v1/changes/pending', { token });
  const [{ id } = { id: '' }] = (body as { data: { pending: { id: string }[] } }).data.pending;
  const refused = await server.ask(`/api/v1/changes/pending/${id}`, { method: 'DELETE', token });
  assert.equal([refused.status, codeOf(refused.body)], [409, 'CHANGE_PENDING']);
});

test('a pending kill that the remote refuses stops later writes, says how to go on, and is undone by who may kill', async () => {
  await start('sync');
  host.refusePushes('no kills today');
  const killed = await kill();
  assert.is(killed.headers['flagstaff-pending'], '1');
  await until(async () => /no kills today/.test((await server.remote()).trouble ?? ''));
  const refused = await server.write(DARK_MODE_PATH, { description: 'Dark colours' });
  assert.equal([refused.status, codeOf(refused.body)], [409, 'REMOTE_REFUSED']);
  const [, path = ''] = /DELETE (\S+)/.exec(refused.text) ?? [];
  const take = async (email: string) =>
    server.ask(path.replace(/".*/, ''), { method: 'DELETE', token: await tokenOf({ email }) });
  assert.is((await take('grace@example.com')).status, 404);
  const { status, body } = await take('marc@example.com');
  assert.equal([status, body], [200, { success: true, undone: 'acme/web-app: kill banner in production' }]);
  assert.is(await server.repository.head(), await remoteHead());
  await until(async () => (await server.remote()).trouble === null);
  assert.equal([(await server.remote()).pending, (await server.remote()).lost], [0, 0]);
});

test('P20: a write that waits for a remote that hangs is answered when the server ends, and nothing of it is kept', async () => {
  await start('sync');
  const ending = await followHost(host);
  await ending.running.ready;
  await ending.follows();
  const before = await ending.repository.head();
  const asked = host.requests.length;
  host.setFault({ kind: 'hang', only: 'push' });
  const writing = ending.write(DARK_MODE_PATH, { description: 'Dark colours' });
  await until(() => host.requests.slice(asked).some(({ service }) => service === 'push'));
  await ending.running.close();
  const answered = await writing;
  assert.equal([answered.status, codeOf(answered.body)], [503, 'REMOTE_UNREACHABLE']);
  assert.is(await ending.repository.head(), before);
});

test('what another replica writes is served, and the next write stands on it', async () => {
  await start('sync');
  const replica = await followHost(host);
  await replica.running.ready;
  const first = await replica.write(DARK_MODE_PATH, { description: 'Dark colours' });
  const second = await server.write(DARK_MODE_PATH, { description: 'Darker colours' });
  assert.equal([first.status, second.status], [200, 200]);
  const commit = String(second.headers['flagstaff-commit']);
  assert.is(await host.bare.git('rev-parse', `${commit}^`), first.headers['flagstaff-commit']);
  await replica.serves(commit);
  await replica.close();
});

function codeOf(body: unknown): string {
  return (body as { error: { code: string } }).error.code;
}

test.run();
