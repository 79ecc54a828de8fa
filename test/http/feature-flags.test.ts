import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { ACME_ID, FILES } from './sample.js';

const test = suite('feature-flags');
const FLAGS = '/api/v1/feature-flags';
let server: TestServer;

test.before(async () => {
  server = await serveFiles(FILES);
});
test.after(() => server.close());

interface Row {
  readonly feature_key: string;
  readonly org_id: string;
  readonly is_enabled: boolean;
  readonly updated_at: string;
}
interface Page {
  readonly data: readonly Row[];
  readonly pagination: { readonly page: number; readonly limit: number; readonly total: number };
}

async function list(query = ''): Promise<Page> {
  const { status, body } = await server.ask(`${FLAGS}${query}`);
  assert.is(status, 200);
  return body as Page;
}

async function keys(query: string): Promise<readonly string[]> {
  return (await list(query)).data.map((flag) => flag.feature_key);
}

test('one flag has exactly the fields of the API (000, GET /:key)', async () => {
  const { status, headers, body } = await server.ask(`${FLAGS}/dark-mode`);
  assert.is(status, 200);
  assert.equal(body, {
    flag_id: 'flg_01J4K8M2N3P5Q7F1',
    feature_key: 'dark-mode',
    is_enabled: true,
    org_id: ACME_ID,
    description: 'Dark colours',
    updated_at: '2026-01-15T10:00:00Z',
  });
  const blob = await server.repository.git('rev-parse', 'HEAD:flags/acme/web-app/flags/dark-mode.yaml');
  assert.is(headers.etag, `"${blob}"`);
  assert.is(headers['flagstaff-revision'], await server.repository.head());
});

test('the list is sorted by organization, then key, each with its default project (000, DESIGN 7)', async () => {
  const { data, pagination } = await list();
  assert.equal(
    data.map((flag) => `${flag.org_id === ACME_ID ? 'acme' : 'globex'}/${flag.feature_key}`),
    [
      'acme/dark-mode',
      'acme/killed',
      'acme/limit',
      'acme/no-value',
      'acme/shared',
      'globex/banner',
      'globex/shared',
    ],
  );
  assert.equal(pagination, { page: 1, limit: 20, total: 7 });
  assert.equal(data[0], (await server.ask(`${FLAGS}/dark-mode`)).body as Row);
});

test('is_enabled is enabled and not killed, in the default environment (DESIGN 7)', async () => {
  const { data } = await list('?org_id=acme');
  assert.equal(
    data.map((flag) => [flag.feature_key, flag.is_enabled]),
    [
      ['dark-mode', true],
      ['killed', false],
      ['limit', true],
      ['no-value', true],
      ['shared', false],
    ],
  );
});

test('org_id filters by id or key (000)', async () => {
  assert.equal(await keys('?org_id=globex'), ['banner', 'shared']);
  assert.equal(await keys(`?org_id=${ACME_ID}`), await keys('?org_id=acme'));
});

test('tag, owner, status and q filter, together (DESIGN 7)', async () => {
  assert.equal(await keys('?tag=look'), ['dark-mode']);
  assert.equal(await keys('?owner=team-web'), ['dark-mode']);
  assert.equal(await keys('?status=active'), ['limit']);
  assert.equal(await keys('?q=BANNER'), ['banner']);
  assert.equal(await keys('?q=colours'), ['dark-mode']);
  assert.equal(await keys('?q=colours&status=active'), []);
});

test('pages cut the list, and the total stays (000)', async () => {
  assert.equal(await keys('?limit=3&page=2'), ['no-value', 'shared', 'banner']);
  assert.equal((await list('?limit=3&page=3')).pagination, { page: 3, limit: 3, total: 7 });
  assert.equal(await keys('?page=9'), []);
});

test('times that the file does not say come from git history (DESIGN 3)', async () => {
  const seconds = await server.repository.git('log', '-1', '--format=%ct');
  const { body } = await server.ask(`${FLAGS}/limit`);
  assert.is((body as Row).updated_at, `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`);
});

test('a key that several organizations have needs one: 409 names them (DESIGN 7)', async () => {
  const { status, body } = await server.ask(`${FLAGS}/shared`);
  assert.is(status, 409);
  const { code, details } = (body as { error: { code: string; details: { organizations: string[] } } }).error;
  assert.is(code, 'AMBIGUOUS_KEY');
  assert.equal(details.organizations.length, 2);
  assert.is(details.organizations[0], ACME_ID);
  const named = await server.ask(`${FLAGS}/shared?org_id=globex`);
  assert.is((named.body as Row).is_enabled, true);
});

test("without org_id it is the caller's own organization (DESIGN 7)", async () => {
  const { body } = await server.ask(`${FLAGS}/shared`, { token: await tokenOf() });
  assert.is((body as Row).org_id, ACME_ID);
  const elsewhere = await server.ask(`${FLAGS}/banner`, { token: await tokenOf() });
  assert.is(elsewhere.status, 404);
});

test('a flag is always told whole: its tag is the file’s, and the answer depends on more', async () => {
  const { headers } = await server.ask(`${FLAGS}/limit`);
  const again = await server.ask(`${FLAGS}/limit`, { headers: { 'If-None-Match': String(headers.etag) } });
  assert.is(again.status, 200);
});

test('HEAD is GET without the body', async () => {
  for (const path of [FLAGS, `${FLAGS}/limit`, '/health', '/ready']) {
    const { status, text, headers } = await server.ask(path, { method: 'HEAD' });
    assert.is(status, 200);
    assert.is(text, '');
    assert.ok(Number(headers['content-length']) > 0);
  }
});

test('load reads the head now, and answers when it is served (000, DESIGN 5)', async () => {
  const commit = await server.repository.commit({
    'flags/globex/site/flags/fresh.yaml': 'environments:\n  production: { enabled: true }\n',
  });
  const { status, headers, body } = await server.ask(`${FLAGS}/load/globex`, {
    method: 'POST',
    token: await tokenOf({ superAdmin: true }),
  });
  assert.is(status, 200);
  const loaded = body as { org_id: string; flags_loaded: number; loaded_at: string };
  assert.equal(Object.keys(loaded), ['org_id', 'flags_loaded', 'loaded_at']);
  assert.is(loaded.flags_loaded, 3);
  assert.is(headers['flagstaff-revision'], commit);
  assert.equal(await keys('?org_id=globex'), ['banner', 'fresh', 'shared']);
});

test('invalidate rebuilds in the background while the old flags are served (000, DESIGN 5)', async () => {
  const { status, body } = await server.ask(`${FLAGS}/invalidate`, {
    body: { org_id: ACME_ID },
    token: await tokenOf(),
  });
  assert.is(status, 200);
  assert.equal(Object.keys(body as object), ['success', 'invalidated_at']);
  assert.is((await server.ask(`${FLAGS}/dark-mode`)).status, 200);
});

test.run();
