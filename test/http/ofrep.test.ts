import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { ACME_ID, FILES } from './sample.js';

const test = suite('ofrep');
let server: TestServer;
let revision: string;

test.before(async () => {
  server = await serveFiles(FILES);
  revision = await server.repository.head();
});
test.after(() => server.close());

const ONE = '/ofrep/v1/evaluate/flags';
const scoped = (org: string, project: string, environment: string) =>
  `/orgs/${org}/projects/${project}/environments/${environment}/ofrep/v1/evaluate/flags`;

test('a single answer says value, variant, reason and what decided, and the commit (DESIGN 4, 7)', async () => {
  const { status, headers, body } = await server.ask(`${ONE}/dark-mode`, {
    body: { context: { country: 'DE' } },
  });
  assert.is(status, 200);
  assert.equal(body, {
    key: 'dark-mode',
    value: true,
    reason: 'TARGETING_MATCH',
    variant: 'on',
    metadata: { ticket: 'PAY-123', rule: 'germans', revision },
  });
  assert.is(headers['flagstaff-revision'], revision);
});

test('metadata is there even where there is nothing to say (DESIGN 7)', async () => {
  const { body } = await server.ask(`${ONE}/limit`, { body: { context: {} } });
  assert.equal(body, { key: 'limit', value: 20, reason: 'STATIC', variant: 'high', metadata: { revision } });
});

test('no value is 200 without a value: the caller has a default (DESIGN 4)', async () => {
  const { status, body } = await server.ask(`${ONE}/no-value`, { body: {} });
  assert.is(status, 200);
  assert.equal(body, { key: 'no-value', reason: 'STATIC', metadata: { revision } });
});

for (const [what, body] of [
  ['an empty context', { context: {} }],
  ['a context that is left out', {}],
] as const) {
  test(`${what} is answered (DESIGN 7)`, async () => {
    const answered = await server.ask(`${ONE}/dark-mode`, { body });
    assert.is(answered.status, 200);
    assert.is((answered.body as { variant: string }).variant, 'off');
  });
}

test('a body that is left out is an empty context', async () => {
  const { status } = await server.ask(`${ONE}/dark-mode`, { method: 'POST' });
  assert.is(status, 200);
});

test('an unknown flag is 404 with key, code and details (OFREP 0.3.0)', async () => {
  const { status, body } = await server.ask(`${ONE}/nobody`, { body: {} });
  assert.is(status, 404);
  assert.equal(body, { key: 'nobody', errorCode: 'FLAG_NOT_FOUND', errorDetails: 'there is no such flag' });
});

test('a key that cannot exist is 404 FLAG_NOT_FOUND, decoded once (DESIGN 7)', async () => {
  const keys = [
    ['..%2f..%2f.git%2fconfig', '../../.git/config'],
    ['%252e%252e', '%2e%2e'],
    ['a%00b', 'a\0b'],
    ['a%0d%0ab', 'a\r\nb'],
    ['a/b', 'a/b'],
    ['%zz', '%zz'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['', ''],
    ['x'.repeat(500), 'x'.repeat(500)],
  ];
  for (const [sent, key] of keys) {
    const { status, body } = await server.ask(`${ONE}/${sent}`, { body: {} });
    assert.is(status, 404);
    assert.equal(body, { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: 'there is no such flag' });
  }
});

test('a path names organization (by key or id), project and environment (DESIGN 7)', async () => {
  for (const org of ['acme', ACME_ID]) {
    const { body } = await server.ask(`${scoped(org, 'web-app', 'development')}/dark-mode`, { body: {} });
    assert.is((body as { reason: string }).reason, 'STATIC');
  }
  const other = await server.ask(`${scoped('globex', 'site', 'production')}/banner`, { body: {} });
  assert.is(other.status, 200);
  const list = await server.ask(scoped('acme', 'api', 'production'), { body: {} });
  assert.equal(
    (list.body as { flags: { key: string }[] }).flags.map((flag) => flag.key),
    ['elsewhere'],
  );
});

for (const [org, project, environment] of [
  ['nobody', 'web-app', 'production'],
  ['acme', 'nothing', 'production'],
  ['acme', 'web-app', 'nowhere'],
  ['globex', 'web-app', 'production'],
  ['__proto__', 'constructor', 'toString'],
  ['..', '..', '..'],
] as const) {
  test(`${org}/${project}/${environment} is not there: 404 in OFREP's shape`, async () => {
    const single = await server.ask(`${scoped(org, project, environment)}/dark-mode`, { body: {} });
    assert.is(single.status, 404);
    assert.is((single.body as { errorCode: string }).errorCode, 'FLAG_NOT_FOUND');
    assert.is((single.body as { key: string }).key, 'dark-mode');
    const bulk = await server.ask(scoped(org, project, environment), { body: {} });
    assert.is(bulk.status, 404);
    assert.is((bulk.body as { errorCode: string }).errorCode, 'GENERAL');
  });
}

test('bulk answers every flag in order of the keys, without the revision in the body (DESIGN 4)', async () => {
  const { status, headers, body } = await server.ask(ONE, { body: { context: { country: 'DE' } } });
  assert.is(status, 200);
  assert.is(headers['flagstaff-revision'], revision);
  const { eventStreams: _, ...answer } = body as { readonly eventStreams: unknown };
  assert.equal(answer, {
    flags: [
      {
        key: 'dark-mode',
        value: true,
        reason: 'TARGETING_MATCH',
        variant: 'on',
        metadata: { ticket: 'PAY-123', rule: 'germans' },
      },
      { key: 'killed', value: false, reason: 'DISABLED', variant: 'off', metadata: {} },
      { key: 'limit', value: 20, reason: 'STATIC', variant: 'high', metadata: {} },
      { key: 'no-value', reason: 'STATIC', metadata: {} },
      { key: 'shared', value: false, reason: 'DISABLED', variant: 'off', metadata: {} },
    ],
    metadata: {},
  });
});

test('answers that are no ASCII arrive whole', async () => {
  const path = scoped('acme', 'api', 'production');
  const single = await server.ask(`${path}/elsewhere`, { body: {} });
  assert.is((single.body as { metadata: { note: string } }).metadata.note, 'für alle ☂');
  const bulk = await server.ask(path, { body: {} });
  assert.match(bulk.text, 'für alle ☂');
});

test('the bulk ETag is of the body: the same answer has the same, another answer another (DESIGN 7)', async () => {
  const first = await server.ask(ONE, { body: { context: { targetingKey: 'u-1' } } });
  const same = await server.ask(ONE, { body: { context: { targetingKey: 'u-2' } } });
  const other = await server.ask(ONE, { body: { context: { country: 'DE' } } });
  assert.is(same.headers.etag, first.headers.etag);
  assert.is.not(other.headers.etag, first.headers.etag);
});

test('If-None-Match is compared by hand: lists, weak tags and * give 304 without a body (RFC 9110, 13.1.2)', async () => {
  const { headers } = await server.ask(ONE, { body: {} });
  const tag = String(headers.etag);
  assert.match(tag, /^"[\w-]+"$/);
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const answered = await server.ask(ONE, { body: {}, headers: { 'If-None-Match': known } });
    assert.is(answered.status, 304, known);
    assert.is(answered.text, '');
    assert.is(answered.headers.etag, tag);
    assert.is(answered.headers['content-length'], undefined);
  }
  for (const known of ['"other"', tag.slice(1, -1), 'W/"other"', '']) {
    const answered = await server.ask(ONE, { body: {}, headers: { 'If-None-Match': known } });
    assert.is(answered.status, 200, known);
  }
});

test('evaluation is a POST: other methods are 405 with Allow', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    for (const path of [ONE, `${ONE}/dark-mode`]) {
      const { status, headers } = await server.ask(path, { method });
      assert.is(status, 405, method);
      assert.is(headers.allow, 'POST');
    }
  }
});

test('a path that only starts like one of ours is 404', async () => {
  for (const path of [
    '/ofrep/v1/evaluate/flagsx',
    '/ofrep/v1/evaluate',
    '/OFREP/v1/evaluate/flags',
    '/orgs/acme',
  ]) {
    const { status } = await server.ask(path, { body: {} });
    assert.is(status, 404, path);
  }
});

test('the query of a path is no part of the key', async () => {
  const { status } = await server.ask(`${ONE}/limit?flagConfigEtag=abc`, { body: {} });
  assert.is(status, 200);
});

test('a commit changes the answer, its revision and the bulk ETag', async () => {
  const before = await server.ask(ONE, { body: {} });
  const commit = await server.repository.commit({
    'flags/acme/web-app/flags/limit.yaml':
      'type: number\nvariants: { low: 10 }\noffVariant: low\nenvironments: {}\n',
  });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token: await tokenOf() });
  const { body } = await server.ask(`${ONE}/limit`, { body: {} });
  assert.equal(body, {
    key: 'limit',
    value: 10,
    reason: 'DISABLED',
    variant: 'low',
    metadata: { revision: commit },
  });
  const after = await server.ask(ONE, { body: {} });
  assert.is.not(after.headers.etag, before.headers.etag);
});

test.run();
