import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, serveRepository, type TestServer, tokenOf } from '../../support/http.js';
import { startProvider } from '../../support/provider.js';
import { until } from '../../support/until.js';
import { filesWithKey } from '../identity/sample.js';
import { ACME_ID, FILES } from '../sample.js';

interface Place {
  server: TestServer;
}

const test = suite<Place>('http/admin/session');
const ME = '/api/admin/me';
const LOGOUT = '/api/admin/logout';

test.before.each(async (place) => {
  place.server = await serveFiles(FILES);
});
test.after.each(({ server }) => server.close());

test('me is who the token says, and the organization of their role (004)', async ({ server }) => {
  const token = await tokenOf({ sub: 'u-123', email: 'Marc@Example.com', name: 'Marc' });
  const { status, body } = await server.ask(ME, { token });
  assert.is(status, 200);
  assert.equal(body, { id: 'u-123', email: 'Marc@Example.com', name: 'Marc', organizationId: ACME_ID });
});

test('people without a role are told who they are, too', async ({ server }) => {
  const { body } = await server.ask(ME, { token: await tokenOf({ sub: 'eve', email: 'eve@example.com' }) });
  assert.equal(body, { id: 'eve', email: 'eve@example.com', name: 'Marc', organizationId: null });
});

test('who logs out is refused by another server of the same clone, too, soon', async ({ server }) => {
  const other = await serveRepository(server.repository);
  await other.running.ready;
  const token = await tokenOf();
  assert.is((await other.ask(ME, { token })).status, 200);
  assert.is((await server.ask(LOGOUT, { method: 'POST', token })).status, 200);
  await until(async () => (await other.ask(ME, { token })).status === 401);
  await other.close();
});

test('nobody and keys are not people', async ({ server }) => {
  for (const path of [ME, LOGOUT]) {
    const method = path === ME ? 'GET' : 'POST';
    assert.is((await server.ask(path, { method })).status, 401);
  }
  const { files, made } = filesWithKey();
  const other = await serveFiles(files);
  assert.is((await other.ask(ME, { headers: { 'X-API-Key': made.key } })).status, 403);
  await other.close();
});

test('who logs out is logged out at once, everywhere, and after a restart; others are not (004)', async ({
  server,
}) => {
  const [token, other] = [await tokenOf(), await tokenOf()];
  for (const one of [token, other]) assert.is((await server.ask(ME, { token: one })).status, 200);
  const { status, body } = await server.ask(LOGOUT, { method: 'POST', token });
  assert.equal([status, body], [200, { success: true }]);
  for (const path of [ME, '/api/v1/feature-flags', '/health']) {
    assert.is((await server.ask(path, { token })).status, 401, path);
  }
  assert.is((await server.ask('/ofrep/v1/evaluate/flags', { token, body: {} })).status, 401);
  assert.is((await server.ask(LOGOUT, { method: 'POST', token })).status, 401);
  assert.is((await server.ask(ME, { token: other })).status, 200);
  await server.close();
  const again = await serveRepository(server.repository);
  await again.running.ready;
  assert.is((await again.ask(ME, { token })).status, 401);
  assert.is((await again.ask(ME, { token: other })).status, 200);
  await again.close();
});

test('logging out writes nothing into the repository', async ({ server }) => {
  const before = await server.repository.head();
  await server.ask(LOGOUT, { method: 'POST', token: await tokenOf() });
  assert.is(await server.repository.head(), before);
  assert.is(await server.repository.git('status', '--porcelain'), '');
});

test("a provider's people are known by their tokens, 503 while it cannot be asked, and can log out (DESIGN 8)", async () => {
  const provider = await startProvider();
  const server = await serveFiles(FILES, { trust: provider.trust });
  const known = await provider.sign();
  assert.equal((await server.ask(ME, { token: known })).body, {
    id: 'u-123',
    email: 'marc@example.com',
    name: 'Marc',
    organizationId: ACME_ID,
  });
  assert.is((await server.ask(ME, { token: await tokenOf({ superAdmin: true }) })).status, 401);
  provider.fail(true);
  const unknown = await provider.sign({ sub: 'u-2' }, { kid: 'new' });
  const unanswered = await server.ask(ME, { token: unknown });
  assert.is(unanswered.status, 503);
  assert.is(unanswered.headers['retry-after'], '5');
  assert.is((await server.ask(ME, { token: known })).status, 200);
  assert.is((await server.ask(LOGOUT, { method: 'POST', token: known })).status, 200);
  assert.is((await server.ask(ME, { token: known })).status, 401);
  await server.close();
  await provider.close();
});

test('an unverified address has no role, and is not told (DESIGN 8)', async () => {
  const provider = await startProvider();
  const server = await serveFiles(FILES, { trust: provider.trust });
  const token = await provider.sign({ email_verified: false });
  assert.equal((await server.ask(ME, { token })).body, {
    id: 'u-123',
    email: '',
    name: 'Marc',
    organizationId: null,
  });
  await server.close();
  await provider.close();
});

test.run();
