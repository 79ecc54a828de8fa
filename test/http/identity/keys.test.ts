import { hash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newKey } from '../../../src/http/identity/new-key.js';
import { openKeyUse } from '../../../src/repository/key-use.js';
import { ELSEWHERE, serveFiles, type TestServer, tokenOf } from '../../support/http.js';
import { until } from '../../support/until.js';
import { FILES } from '../sample.js';
import { entryOf, filesWithKey, KEYS, keysFile } from './sample.js';

const test = suite('http/identity: API keys');
const EVALUATE = '/ofrep/v1/evaluate/flags';
const open: TestServer[] = [];

test.after.each(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(...parameters: Parameters<typeof serveFiles>): Promise<TestServer> {
  const server = await serveFiles(...parameters);
  open.push(server);
  return server;
}

async function statusOf(server: TestServer, key: string): Promise<number> {
  return (await server.ask(EVALUATE, { body: {}, headers: { ...ELSEWHERE, 'X-API-Key': key } })).status;
}

test('a new key says its kind, is random, and leaves its hash and its first characters (DESIGN 8)', () => {
  const made = newKey('server');
  assert.match(made.key, /^fs_server_[0-9a-f]{64}$/);
  assert.equal(made.entry, {
    kind: 'server',
    hash: hash('sha256', made.key, 'hex'),
    prefix: made.key.slice(0, 16),
  });
  assert.match(newKey('client').key, /^fs_client_/);
  assert.is.not(newKey('server').key, made.key);
});

test('a key evaluates from anywhere, as X-API-Key and as Bearer (DESIGN 8)', async () => {
  const { files, made } = filesWithKey();
  const { ask } = await serve(files);
  for (const headers of [{ 'X-API-Key': made.key }, { Authorization: `Bearer ${made.key}` }]) {
    const answered = await ask(`${EVALUATE}/limit`, { body: {}, headers: { ...ELSEWHERE, ...headers } });
    assert.is(answered.status, 200);
    assert.is((answered.body as { value: unknown }).value, 20);
  }
});

test('two credentials at once are 400: nobody could say who asks', async () => {
  const { files, made } = filesWithKey();
  const { ask } = await serve(files);
  const headers = { 'X-API-Key': made.key, Authorization: `Bearer ${made.key}` };
  assert.is((await ask(EVALUATE, { body: {}, headers })).status, 400);
  assert.is((await ask('/api/v1/feature-flags', { headers })).status, 400);
});

test('what is not quite the key opens nothing', async () => {
  const { files, made } = filesWithKey();
  const server = await serve(files);
  const wrong = [
    ...[`${made.key}0`, made.key.slice(0, -1), made.key.toUpperCase(), made.entry.hash, made.entry.prefix],
    ...['', ' ', 'fs_server_', 'x'.repeat(5_000), `${made.key}, ${made.key}`],
  ];
  for (const key of wrong) assert.is(await statusOf(server, key), 401, key);
});

test('a key that was removed by a commit is refused, and one that was added opens', async () => {
  const { files, made } = filesWithKey();
  const server = await serve(files);
  const other = newKey('server');
  assert.equal([await statusOf(server, made.key), await statusOf(server, other.key)], [200, 401]);
  await server.repository.commit({ [KEYS]: keysFile(entryOf(other)) });
  await until(async () => (await statusOf(server, made.key)) === 401);
  assert.is(await statusOf(server, other.key), 200);
});

test('the keys of an organization that is gone open nothing', async () => {
  const made = newKey('server');
  const server = await serve({ ...FILES, 'flags/globex/site/keys.yaml': keysFile(entryOf(made)) });
  assert.is(await statusOf(server, made.key), 200);
  await server.repository.git('rm', '-r', '--quiet', 'flags/globex');
  await server.repository.commit({});
  await until(async () => (await statusOf(server, made.key)) === 401);
});

test('the keys of an organization that gets another name open on', async () => {
  const made = newKey('server');
  const server = await serve({ ...FILES, 'flags/globex/site/keys.yaml': keysFile(entryOf(made)) });
  assert.is(await statusOf(server, made.key), 200);
  await server.repository.git('mv', 'flags/globex', 'flags/initech');
  await server.repository.commit({});
  const token = await tokenOf({ superAdmin: true });
  const loaded = await server.ask('/api/v1/feature-flags/load/initech', { method: 'POST', token });
  assert.is(loaded.status, 200);
  assert.is(await statusOf(server, made.key), 200);
});

test('a replaced key opens until its time is over', async () => {
  const [made, old] = [newKey('server'), newKey('server')];
  let time = Date.UTC(2026, 10, 21, 12);
  const previous = { hash: old.entry.hash, prefix: old.entry.prefix, until: '2026-11-21T13:00:00Z' };
  const files = { ...FILES, [KEYS]: keysFile(entryOf(made, { previous })) };
  const server = await serve(files, { now: () => time });
  assert.equal([await statusOf(server, made.key), await statusOf(server, old.key)], [200, 200]);
  time = Date.UTC(2026, 10, 21, 13);
  assert.equal([await statusOf(server, made.key), await statusOf(server, old.key)], [200, 401]);
});

test('one key in two organizations opens neither, and the log says where it stands (P15)', async () => {
  const made = newKey('server');
  const file = keysFile(entryOf(made));
  const server = await serve({ ...FILES, [KEYS]: file, 'flags/globex/site/keys.yaml': file });
  assert.is(await statusOf(server, made.key), 401);
  assert.ok(server.log.includes('one API key stands in acme/web-app and globex/site: it opens neither'));
  await server.repository.commit({ 'flags/globex/site/keys.yaml': null });
  await until(async () => (await statusOf(server, made.key)) === 200);
});

test('when a key was used last outlives a restart, and stands nowhere in the repository', async () => {
  const { files, made } = filesWithKey();
  const time = Date.UTC(2026, 10, 21, 12);
  const server = await serveFiles(files, { now: () => time });
  const before = await server.repository.head();
  assert.is(await statusOf(server, made.key), 200);
  await server.close();
  assert.is(await server.repository.head(), before);
  assert.is(await server.repository.git('status', '--porcelain'), '');
  const repository = { stateDir: `${server.repository.dir}/.git/flagstaff` };
  const use = openKeyUse({ repository, log: () => undefined });
  assert.is(use.lastUsed('acme/web-app/key_1'), time);
  await use.close();
});

test.run();
