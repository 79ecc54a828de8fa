import { SignJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FailedCredentials } from '../../../src/http/identity/failed-credentials.js';
import type { Failure } from '../../../src/model/failure.js';
import type { ServerOptions } from '../../../src/server.js';
import {
  type Answered,
  ELSEWHERE,
  SECRET,
  serveFiles,
  type TestServer,
  tokenOf,
} from '../../support/http.js';
import { filesWithKey } from './sample.js';

const test = suite('http/identity: limits');
const FLAGS = '/api/v1/feature-flags';
const EVALUATE = '/ofrep/v1/evaluate/flags';
const open: TestServer[] = [];

test.after.each(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(options: Partial<ServerOptions>): Promise<TestServer & { readonly key: string }> {
  const { files, made } = filesWithKey();
  const server = await serveFiles(files, options);
  open.push(server);
  return { ...server, key: made.key };
}

function assertLimited(answered: Answered): void {
  assert.is(answered.status, 429);
  assert.match(String(answered.headers['retry-after']), /^(?:[1-9]|[1-5]\d|60)$/);
}

test('who shows too many bad credentials is refused, with when to come again (RELIABILITY 3)', async () => {
  const { ask } = await serve({ credentialLimit: 3 });
  const bad = [
    { token: 'x.y.z' },
    { headers: { 'X-API-Key': 'fs_server_0' } },
    { headers: { Authorization: 'Basic x' } },
  ];
  for (const shown of bad) assert.is((await ask(FLAGS, shown)).status, 401);
  for (const shown of bad) assertLimited(await ask(FLAGS, shown));
  const refused = await ask(`${EVALUATE}/limit`, { body: {}, token: 'x.y.z' });
  assertLimited(refused);
  assert.is((refused.body as { key: string }).key, 'limit');
  assertLimited(await ask('/api/admin/me', { token: 'x.y.z' }));
});

test('good credentials pass whoever else fails from the same address, new ones and kills too (RELIABILITY 3)', async () => {
  const { ask, key } = await serve({ credentialLimit: 3 });
  const known = await tokenOf();
  assert.is((await ask(FLAGS, { token: known })).status, 200);
  for (let count = 0; count < 5; count += 1) await ask(FLAGS, { token: 'x.y.z', headers: ELSEWHERE });
  assertLimited(await ask(FLAGS, { token: 'x.y.z' }));
  assert.is((await ask(FLAGS, { token: known })).status, 200);
  assert.is((await ask(FLAGS, { token: await tokenOf() })).status, 200);
  assert.is((await ask(EVALUATE, { body: {}, headers: { 'X-API-Key': key } })).status, 200);
  assert.is((await ask(FLAGS)).status, 200);
  const kill = { token: await tokenOf(), body: { reason: 'orders are lost' } };
  assert.is((await ask(`${FLAGS}/dark-mode/kill`, kill)).status, 200);
});

test('addresses of one network count together, those of two do not, and an IPv4 address is one in both spellings', async () => {
  const failures = new FailedCredentials(1);
  const isRefused = (address: string) =>
    failures.note(address).then(
      () => false,
      ({ kind }: Failure) => kind === 'limited',
    );
  const seen: readonly (readonly [address: string, isRefused: boolean])[] = [
    ['2001:db8:0:1::1', false],
    ['2001:db8:0:1:ffff::2', true],
    ['2001:db8:0:2::1', false],
    ['2001:db8::3', false],
    ['2001:db8:0:0:9:8:7:6', true],
    ['203.0.113.9', false],
    ['::ffff:203.0.113.9', true],
    ['203.0.113.10', false],
  ];
  for (const [address, wanted] of seen) assert.is(await isRefused(address), wanted, address);
});

test('good credentials are not counted', async () => {
  const { ask, key } = await serve({ credentialLimit: 2 });
  for (let count = 0; count < 6; count += 1) {
    assert.is((await ask(FLAGS, { token: await tokenOf() })).status, 200);
    assert.is((await ask(EVALUATE, { body: {}, headers: { 'X-API-Key': key } })).status, 200);
  }
});

test('a token under a stranger signature is not the known one that it copies', async () => {
  const { ask } = await serve({});
  const token = await tokenOf();
  assert.is((await ask('/api/admin/me', { token })).status, 200);
  const [head = '', , signature = ''] = token.split('.');
  const claims = { sub: 'eve', super_admin: true, exp: 9_999_999_999 };
  const forged = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  assert.is((await ask('/api/admin/me', { token: forged })).status, 401);
});

test('a known token is refused once it has ended', async () => {
  let time = Date.now();
  const { ask } = await serve({ now: () => time });
  const exp = Math.floor(time / 1_000) + 60;
  const token = await new SignJWT({ sub: 'u-1', exp })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
  assert.is((await ask('/api/admin/me', { token })).status, 200);
  time += 80_000;
  assert.is((await ask('/api/admin/me', { token })).status, 200);
  time += 11_000;
  assert.is((await ask('/api/admin/me', { token })).status, 401);
});

test('who writes too often is refused, others are not, and a kill never is (RELIABILITY 3)', async () => {
  const { ask, repository } = await serve({ writeLimit: 6 });
  const [token, other] = [
    await tokenOf(),
    await tokenOf({ sub: 'ada', email: 'ada@example.com', superAdmin: true }),
  ];
  const write = (description: string, by: string) =>
    ask(`${FLAGS}/dark-mode`, { method: 'PUT', token: by, body: { description } });
  assert.is((await write('first', token)).status, 200);
  assert.is((await write('second', token)).status, 200);
  const refused = await write('third', token);
  assertLimited(refused);
  assert.is((refused.body as { error: { code: string } }).error.code, 'RATE_LIMITED');
  assert.is((await write('of another', other)).status, 200);
  assert.is(await repository.git('rev-list', '--count', 'HEAD'), '4');
  for (const turn of ['kill', 'unkill', 'kill']) {
    const body = { reason: 'orders are lost' };
    assert.is((await ask(`${FLAGS}/dark-mode/${turn}`, { token, body })).status, 200);
  }
  assertLimited(await write('fourth', token));
});

test.run();
