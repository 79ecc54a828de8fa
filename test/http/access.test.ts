import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PublicAccess } from '../../src/http/access.js';
import { ELSEWHERE, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { FILES } from './sample.js';

const test = suite('access');
const FLAGS = '/api/v1/feature-flags';
const EVALUATE = '/ofrep/v1/evaluate/flags';
const MODES: readonly (PublicAccess | undefined)[] = [undefined, 'none', 'read', 'write'];
const servers = new Map<PublicAccess | undefined, TestServer>();

test.before(async () => {
  for (const publicAccess of MODES) servers.set(publicAccess, await serveFiles(FILES, { publicAccess }));
});
test.after(async () => {
  for (const server of servers.values()) await server.close();
});

function serverOf(publicAccess: PublicAccess | undefined): TestServer {
  const server = servers.get(publicAccess);
  if (server === undefined) throw new Error('no server');
  return server;
}

/** What those get who show no credential: on this machine, and elsewhere (DESIGN 8). */
const EXPECTED = [
  { mode: undefined, local: 200, remote: 401 },
  { mode: 'none', local: 401, remote: 401 },
  { mode: 'read', local: 200, remote: 200 },
  { mode: 'write', local: 200, remote: 200 },
] as const;

for (const { mode, local, remote } of EXPECTED) {
  test(`FLAGSTAFF_PUBLIC=${mode}: reads answer ${local} on this machine and ${remote} elsewhere (DESIGN 8)`, async () => {
    const { ask } = serverOf(mode);
    for (const [path, body] of [
      [FLAGS, undefined],
      [`${FLAGS}/dark-mode`, undefined],
      [EVALUATE, {}],
      [`${EVALUATE}/dark-mode`, {}],
    ] as const) {
      assert.is((await ask(path, { body })).status, local, path);
      assert.is((await ask(path, { body, headers: ELSEWHERE })).status, remote, path);
    }
  });

  test(`FLAGSTAFF_PUBLIC=${mode}: a token reads everywhere`, async () => {
    const { ask } = serverOf(mode);
    const token = await tokenOf();
    assert.is((await ask(FLAGS, { token, headers: ELSEWHERE })).status, 200);
    assert.is((await ask(`${EVALUATE}/limit`, { token, headers: ELSEWHERE, body: {} })).status, 200);
  });

  test(`FLAGSTAFF_PUBLIC=${mode}: a write without a credential is ${mode === 'write' ? 'done' : '401'}`, async () => {
    const { ask } = serverOf(mode);
    const wanted = mode === 'write' ? 200 : 401;
    for (const headers of [{}, ELSEWHERE]) {
      const put = { method: 'PUT', body: { is_enabled: true }, headers };
      assert.is((await ask(`${FLAGS}/dark-mode`, put)).status, wanted);
    }
  });
}

test('load and invalidate need a credential, whatever is public (DESIGN 5)', async () => {
  const { ask } = serverOf('write');
  const token = await tokenOf();
  assert.is((await ask(`${FLAGS}/load/acme`, { method: 'POST' })).status, 401);
  assert.is((await ask(`${FLAGS}/load/acme`, { method: 'POST', token })).status, 200);
  assert.is((await ask(`${FLAGS}/invalidate`, { body: { org_id: 'acme' } })).status, 401);
  assert.is((await ask(`${FLAGS}/invalidate`, { body: { org_id: 'acme' }, token })).status, 200);
});

for (const name of ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Via']) {
  test(`a request with ${name} is not of this machine (DESIGN 8)`, async () => {
    const { status } = await serverOf(undefined).ask(FLAGS, { headers: { [name]: 'x' } });
    assert.is(status, 401);
  });
}

test('a bad credential is 401 even where anybody may read (DESIGN 8)', async () => {
  const { ask } = serverOf('write');
  const token = await tokenOf();
  for (const headers of [
    { Authorization: 'Bearer x' },
    { Authorization: `Bearer ${token}x` },
    { Authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
    { Authorization: '' },
    { 'X-API-Key': 'fs_server_unknown' },
  ]) {
    for (const [path, body] of [
      [FLAGS, undefined],
      [EVALUATE, {}],
      [`${EVALUATE}/dark-mode`, {}],
      ['/health', undefined],
    ] as const) {
      const answered = await ask(path, { body, headers });
      assert.is(answered.status, 401, path);
      assert.match(String(answered.headers['www-authenticate']), /^Bearer/);
    }
  }
});

test('the anonymous elsewhere see only flags for clients, and no names of rules (DESIGN 8)', async () => {
  const { ask } = serverOf('read');
  const list = await ask(FLAGS, { headers: ELSEWHERE });
  assert.equal(
    (list.body as { data: { feature_key: string }[] }).data.map((flag) => flag.feature_key),
    ['dark-mode'],
  );
  assert.is((await ask(`${FLAGS}/limit`, { headers: ELSEWHERE })).status, 404);
  const body = { context: { country: 'DE' } };
  assert.is((await ask(`${EVALUATE}/limit`, { headers: ELSEWHERE, body })).status, 404);
  const single = await ask(`${EVALUATE}/dark-mode`, { headers: ELSEWHERE, body });
  assert.equal(Object.keys((single.body as { metadata: object }).metadata), ['ticket', 'revision']);
  const bulk = await ask(EVALUATE, { headers: ELSEWHERE, body });
  assert.equal((bulk.body as { flags: unknown }).flags, [
    {
      key: 'dark-mode',
      value: true,
      reason: 'TARGETING_MATCH',
      variant: 'on',
      metadata: { ticket: 'PAY-123' },
    },
  ]);
  const here = await ask(`${EVALUATE}/dark-mode`, { body });
  assert.equal(Object.keys((here.body as { metadata: object }).metadata), ['ticket', 'rule', 'revision']);
});

test('what anybody may write is committed as anonymous (DESIGN 8)', async () => {
  const { ask, repository } = serverOf('write');
  const { status } = await ask(`${FLAGS}/banner`, { method: 'PUT', body: { is_enabled: false } });
  assert.is(status, 200);
  assert.is(
    await repository.git('log', '-1', '--format=%an <%ae>'),
    'anonymous <anonymous@flagstaff.invalid>',
  );
});

test('the cache of all organizations is for super admins', async () => {
  const { ask } = serverOf('write');
  const invalidate = { method: 'POST' };
  assert.is((await ask(`${FLAGS}/invalidate`, invalidate)).status, 401);
  assert.is((await ask(`${FLAGS}/invalidate`, { ...invalidate, token: await tokenOf() })).status, 403);
  const token = await tokenOf({ superAdmin: true });
  assert.is((await ask(`${FLAGS}/invalidate`, { ...invalidate, token })).status, 200);
});

test('a page of another origin may not write (RELIABILITY 3)', async () => {
  const server = serverOf('write');
  for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
    const put = { method: 'PUT', body: { is_enabled: true }, headers: { Origin: origin } };
    const { status, body } = await server.ask(`${FLAGS}/dark-mode`, put);
    assert.is(status, 403);
    assert.is((body as { error: { code: string } }).error.code, 'FOREIGN_ORIGIN');
  }
  const own = { method: 'PUT', body: { is_enabled: true }, headers: { Origin: server.url } };
  assert.is((await server.ask(`${FLAGS}/dark-mode`, own)).status, 200);
});

test('on this machine an unknown Host is 421, so no page can rename us (RELIABILITY 3)', async () => {
  const { ask, url } = serverOf(undefined);
  const { port } = new URL(url);
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    'localhost.evil.example',
  ]) {
    assert.is((await ask(FLAGS, { headers: { Host: host } })).status, 421, host);
    assert.is((await ask(`${EVALUATE}/limit`, { headers: { Host: host }, body: {} })).status, 421, host);
  }
  for (const host of ['localhost', `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`, '127.0.0.1']) {
    assert.is((await ask(FLAGS, { headers: { Host: host } })).status, 200, host);
  }
  const proxied = await serverOf('read').ask(FLAGS, { headers: { ...ELSEWHERE, Host: 'flags.example.com' } });
  assert.is(proxied.status, 200);
});

test.run();
