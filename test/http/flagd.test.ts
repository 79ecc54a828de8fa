import { FlagdCore } from '@openfeature/flagd-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ELSEWHERE, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { apiKeyOf, MATRIX_FILES } from './matrix-files.js';

const test = suite('flagd');
let server: TestServer;

const OWN = '/flagd/flags.json';
const scoped = (environment: string, project = 'web-app') =>
  `/orgs/acme/projects/${project}/environments/${environment}/flagd/flags.json`;
const SERVER_KEY = { 'X-API-Key': apiKeyOf('acme', 'server') };

test.before(async () => {
  server = await serveFiles({
    ...MATRIX_FILES,
    'flags/acme/web-app/flags/versions.yaml': [
      'environments:',
      '  development:',
      '    enabled: true',
      '    rules:',
      '      - { id: newest, when: [{ attribute: version, semverGte: 2.4.0 }] }',
      '      - { id: named, when: [{ attribute: name, matches: "^a" }] }',
      '    serve: off',
      '  production: { enabled: true }',
      '',
    ].join('\n'),
  });
});
test.after(() => server.close());

interface Definitions {
  readonly flags: Readonly<Record<string, { readonly state: string }>>;
  readonly skipped?: readonly object[];
}

test("flagd's core reads the definitions and answers as the server does", async () => {
  const { status, headers, text } = await server.ask(OWN, { headers: SERVER_KEY });
  assert.is(status, 200);
  assert.is(headers['flagstaff-revision'], await server.repository.head());
  const core = new FlagdCore();
  core.setConfigurations(text);
  for (const context of [{}, { country: 'DE' }, { targetingKey: 'u-1' }, { country: ['FR', 'DE'] }]) {
    const answer = await server.ask('/ofrep/v1/evaluate/flags/banner', {
      headers: SERVER_KEY,
      body: { context },
    });
    const ours = answer.body as { readonly value: boolean; readonly variant: string };
    const { value, variant } = core.resolveBooleanEvaluation('banner', false, context);
    assert.equal({ value, variant }, { value: ours.value, variant: ours.variant });
  }
});

test('the path of an environment and the key of it read the same, with the same tag', async () => {
  const short = await server.ask(OWN, { headers: SERVER_KEY });
  const long = await server.ask(scoped('production'), { headers: SERVER_KEY });
  assert.is(long.text, short.text);
  assert.is(long.headers.etag, short.headers.etag);
  assert.equal(Object.keys((long.body as Definitions).flags), ['banner', 'versions']);
});

test('a server key is taken as flagd sends it, as a bearer', async () => {
  const headers = { Authorization: `Bearer ${apiKeyOf('acme', 'server')}` };
  assert.is((await server.ask(OWN, { headers })).status, 200);
});

test('who has the definitions gets 304; HEAD tells the tag without them', async () => {
  const { headers } = await server.ask(OWN);
  const tag = headers.etag ?? '';
  const known = await server.ask(OWN, { headers: { 'If-None-Match': tag } });
  assert.is(known.status, 304);
  assert.is(known.text, '');
  assert.is(known.headers.etag, tag);
  const head = await server.ask(OWN, { method: 'HEAD' });
  assert.is(head.status, 200);
  assert.is(head.text, '');
  assert.is(head.headers.etag, tag);
});

test('what flagd cannot express is refused by name, and never approximated', async () => {
  const { status, body } = await server.ask(scoped('development'));
  assert.is(status, 422);
  const { code, details } = (body as { error: { code: string; details: { inexpressible: object[] } } }).error;
  assert.is(code, 'FLAGD_INEXPRESSIBLE');
  const places = details.inexpressible.map((place) => ({ ...place, sentence: '' }));
  const at = { flag: 'versions', environment: 'development', step: 'rule', sentence: '' };
  assert.equal(places, [
    { ...at, rule: 'newest', construct: 'semverGte' },
    { ...at, rule: 'named', construct: 'matches' },
  ]);
});

test('skip=inexpressible leaves such flags out, and names them', async () => {
  const { status, headers, body } = await server.ask(`${scoped('development')}?skip=inexpressible`);
  assert.is(status, 200);
  assert.is(headers['flagstaff-skipped'], '1');
  const { flags, skipped } = body as Definitions;
  assert.equal(Object.keys(flags), ['banner']);
  assert.is(skipped?.length, 2);
  const whole = await server.ask(`${OWN}?skip=inexpressible`);
  assert.is(whole.headers['flagstaff-skipped'], undefined);
  assert.is((whole.body as Definitions).skipped, undefined);
});

test('another word than inexpressible is no way to skip', async () => {
  const { status } = await server.ask(`${OWN}?skip=all`);
  assert.is(status, 400);
});

test('a client key and callers elsewhere without a credential get no definitions: they show rules', async () => {
  const key = await server.ask(OWN, { headers: { 'X-API-Key': apiKeyOf('acme', 'client') } });
  assert.is(key.status, 403);
  const open = await serveFiles(MATRIX_FILES, { publicAccess: 'read' });
  const anonymous = await open.ask(OWN, { headers: ELSEWHERE });
  await open.close();
  assert.is(anonymous.status, 401);
});

test('a key reads its own environment alone, and what is not there is 404', async () => {
  assert.is((await server.ask(scoped('development'), { headers: SERVER_KEY })).status, 403);
  assert.is((await server.ask(scoped('nowhere'))).status, 404);
  assert.is((await server.ask(scoped('production', 'nothing'))).status, 404);
});

test('the tag changes with what the environment says, and with nothing else', async () => {
  const token = await tokenOf({ superAdmin: true });
  const before = await server.ask(OWN);
  await server.repository.commit({ 'README.md': 'words\n' });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token });
  const same = await server.ask(OWN);
  assert.is(same.headers.etag, before.headers.etag);
  assert.is.not(same.headers['flagstaff-revision'], before.headers['flagstaff-revision']);
  await server.repository.commit({
    'flags/acme/web-app/segments/beta.yaml': 'include: { users: [u-1, u-2] }\n',
  });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token });
  const changed = await server.ask(OWN);
  assert.is.not(changed.headers.etag, before.headers.etag);
  assert.match(changed.text, 'u-2');
});

test.run();
