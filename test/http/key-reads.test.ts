import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Files } from '../support/git.js';
import { ELSEWHERE, serveFiles, type TestServer } from '../support/http.js';
import { apiKeyOf, MATRIX_FILES } from './matrix-files.js';

const test = suite('reads with an API key');
const FLAGS = '/api/v1/feature-flags';
const EVALUATE = '/ofrep/v1/evaluate/flags';

const { 'flags/acme/web-app/keys.yaml': KEYS, ...OTHERS } = MATRIX_FILES;

/** The keys are for `mobile` in `staging`: neither is the default one. */
const FILES: Files = {
  ...OTHERS,
  'flags/acme/mobile/project.yaml': 'environments: [staging, production]\n',
  'flags/acme/mobile/keys.yaml': String(KEYS).replaceAll('environment: production', 'environment: staging'),
  'flags/acme/mobile/flags/banner.yaml':
    'environments:\n  staging: { enabled: true }\n  production: { enabled: false }\n',
  'flags/acme/mobile/flags/open.yaml': [
    'name: Project Titan',
    'description: For all',
    'owner: team-secret',
    'tags: [confidential]',
    'client: true',
    'environments:',
    '  staging:',
    '    enabled: true',
    '    rules:',
    '      - { id: secret-rule, when: [{ attribute: country, equals: DE }] }',
    '    serve: off',
    '',
  ].join('\n'),
};

let server: TestServer;
test.before(async () => {
  server = await serveFiles(FILES);
});
test.after(() => server.close());

function withKey(kind: 'server' | 'client', org = 'acme'): { readonly headers: Record<string, string> } {
  return { headers: { ...ELSEWHERE, 'X-API-Key': apiKeyOf(org, kind) } };
}

function shownIn(body: unknown): readonly unknown[] {
  const { data } = body as { data: { feature_key: string; is_enabled: boolean }[] };
  return data.map(({ feature_key, is_enabled }) => [feature_key, is_enabled]);
}

test('the key chooses organization, project and environment of the list and of one flag', async () => {
  const list = await server.ask(FLAGS, withKey('server'));
  assert.equal(shownIn(list.body), [
    ['banner', true],
    ['open', true],
  ]);
  const one = await server.ask(`${FLAGS}/banner`, withKey('server'));
  assert.is((one.body as { is_enabled: boolean }).is_enabled, true);
  assert.is((await server.ask(`${FLAGS}/inner`, withKey('server'))).status, 404);
});

test('no filter tells a client key what it is not shown (P15)', async () => {
  const total = async (kind: 'server' | 'client', query: string) => {
    const { body } = await server.ask(`${FLAGS}?${query}`, withKey(kind));
    return (body as { pagination: { total: number } }).pagination.total;
  };
  for (const query of ['owner=team-secret', 'owner=nobody', 'tag=confidential', 'tag=nothing']) {
    assert.is(await total('client', query), 1, query);
  }
  assert.is(await total('client', 'q=titan'), 0);
  assert.equal([await total('client', 'q=OPEN'), await total('client', 'q=for%20all')], [1, 1]);
  for (const query of ['owner=team-secret', 'tag=confidential', 'q=titan']) {
    assert.is(await total('server', query), 1, query);
  }
  assert.is(await total('server', 'owner=nobody'), 0);
});

test('a Bearer of a key is as good as the header of keys', async () => {
  const headers = { Authorization: `Bearer ${apiKeyOf('acme', 'server')}` };
  assert.is((await server.ask(`${FLAGS}/open`, { headers })).status, 200);
  assert.is((await server.ask(`${EVALUATE}/open`, { headers, body: {} })).status, 200);
});

test('a client key sees only flags for clients, and no names of rules', async () => {
  const list = await server.ask(FLAGS, withKey('client'));
  assert.equal(shownIn(list.body), [['open', true]]);
  assert.is((await server.ask(`${FLAGS}/banner`, withKey('client'))).status, 404);
  assert.is((await server.ask(`${EVALUATE}/banner`, { ...withKey('client'), body: {} })).status, 404);
  const body = { context: { country: 'DE' } };
  for (const path of [EVALUATE, `${EVALUATE}/open`]) {
    const seen = await server.ask(path, { ...withKey('client'), body });
    assert.is(seen.status, 200);
    assert.not.match(seen.text, /secret-rule|banner/);
    assert.match((await server.ask(path, { ...withKey('server'), body })).text, /secret-rule/);
  }
});

test('a key names its own organization, or none', async () => {
  assert.is((await server.ask(`${FLAGS}?org_id=org_acme`, withKey('server'))).status, 200);
  for (const org of ['globex', 'org_globex', 'initech']) {
    assert.is((await server.ask(`${FLAGS}?org_id=${org}`, withKey('server'))).status, 404);
    assert.is((await server.ask(`${FLAGS}/banner?org_id=${org}`, withKey('server'))).status, 404);
  }
});

test('a key evaluates its own environment, whichever path says so', async () => {
  const evaluate = async (place: string) =>
    (await server.ask(`/orgs/${place}${EVALUATE}/open`, { ...withKey('server'), body: {} })).status;
  assert.is(await evaluate('acme/projects/mobile/environments/staging'), 200);
  assert.is(await evaluate('org_acme/projects/mobile/environments/staging'), 200);
  assert.is(await evaluate('acme/projects/mobile/environments/production'), 403);
  assert.is(await evaluate('acme/projects/web-app/environments/production'), 403);
  assert.is(await evaluate('globex/projects/web-app/environments/production'), 404);
  assert.is(await evaluate('initech/projects/web-app/environments/production'), 404);
});

test('no key reads the past', async () => {
  const head = await server.repository.head();
  for (const path of [
    `${FLAGS}?at=${head}`,
    `${FLAGS}/open?at=${head}`,
    `${FLAGS}/open/history`,
    `${FLAGS}/open/blame`,
    '/api/v1/changes',
    `/api/v1/changes/${head}`,
  ]) {
    assert.is((await server.ask(path, withKey('server'))).status, 403, path);
  }
  const { headers } = withKey('server');
  const asked = { body: {}, headers: { ...headers, 'Flagstaff-At': head } };
  assert.is((await server.ask(EVALUATE, asked)).status, 403);
});

test('a key learns of the server’s health no more than anybody does', async () => {
  assert.equal((await server.ask('/health', withKey('server'))).body, { status: 'ok' });
});

test.run();
