import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ask, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { ACME_ID, FILES } from './sample.js';

const test = suite('bad input');
let server: TestServer;
let head: string;
let token: string;

test.before(async () => {
  server = await serveFiles(FILES);
  head = await server.repository.head();
  token = await tokenOf({ email: 'ana@example.com', superAdmin: true });
});
test.after(() => server.close());

const FLAGS = '/api/v1/feature-flags';
const EVALUATE = '/ofrep/v1/evaluate/flags';
const DEEP = `{"context":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`;
const DEEP_LIST = `{"context":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
const LONG = `{"context":{"a":"${'x'.repeat(1024 * 1024)}"}}`;
const json = { 'Content-Type': 'application/json' };

interface Bad {
  readonly what: string;
  readonly path: string;
  readonly ask: Ask;
  readonly status: number;
  readonly code: string;
}

/** RELIABILITY 3: each gets its status and a code, and changes nothing. */
const CORPUS: readonly Bad[] = [
  ...[EVALUATE, `${EVALUATE}/dark-mode`].flatMap((path): Bad[] => [
    { what: 'broken JSON', path, ask: { body: '{"context":' }, status: 400, code: 'PARSE_ERROR' },
    { what: 'a byte order mark', path, ask: { body: '\ufeff{}' }, status: 400, code: 'PARSE_ERROR' },
    {
      what: 'no UTF-8',
      path,
      ask: { body: Buffer.from([0x7b, 0xff, 0x7d]) },
      status: 400,
      code: 'PARSE_ERROR',
    },
    { what: 'a list as body', path, ask: { body: [] }, status: 400, code: 'INVALID_CONTEXT' },
    {
      what: 'a context that is a list',
      path,
      ask: { body: { context: [] } },
      status: 400,
      code: 'INVALID_CONTEXT',
    },
    {
      what: 'a context that is text',
      path,
      ask: { body: { context: 'u-1' } },
      status: 400,
      code: 'INVALID_CONTEXT',
    },
    {
      what: 'a context that is null',
      path,
      ask: { body: { context: null } },
      status: 400,
      code: 'INVALID_CONTEXT',
    },
    { what: 'a context too deep', path, ask: { body: DEEP }, status: 400, code: 'INVALID_CONTEXT' },
    { what: 'lists without end', path, ask: { body: DEEP_LIST }, status: 400, code: 'INVALID_CONTEXT' },
    {
      what: '__proto__',
      path,
      ask: { body: '{"context":{"__proto__":{"a":1}}}' },
      status: 400,
      code: 'INVALID_CONTEXT',
    },
    {
      what: 'constructor',
      path,
      ask: { body: '{"context":{"constructor":1}}' },
      status: 400,
      code: 'INVALID_CONTEXT',
    },
    { what: 'over 1 MiB', path, ask: { body: LONG }, status: 413, code: 'GENERAL' },
    {
      what: 'over 1 MiB in chunks',
      path,
      ask: { body: LONG, headers: { 'Transfer-Encoding': 'chunked' } },
      status: 413,
      code: 'GENERAL',
    },
    {
      what: 'a form',
      path,
      ask: { body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      status: 415,
      code: 'GENERAL',
    },
    {
      what: 'another charset',
      path,
      ask: { body: '{}', headers: { 'Content-Type': 'application/json; charset=utf-16' } },
      status: 415,
      code: 'GENERAL',
    },
    {
      what: 'a packed body',
      path,
      ask: { body: '{}', headers: { 'Content-Encoding': 'gzip' } },
      status: 415,
      code: 'GENERAL',
    },
  ]),
  ...[
    'page=0',
    'page=-1',
    'page=1.5',
    'page=x',
    'page=',
    'page=1&page=2',
    'page=99999999',
    'limit=0',
    'limit=101',
  ].map(
    (query): Bad => ({ what: query, path: `${FLAGS}?${query}`, ask: {}, status: 400, code: 'INVALID_QUERY' }),
  ),
  {
    what: 'a status that is none',
    path: `${FLAGS}?status=alive`,
    ask: {},
    status: 400,
    code: 'INVALID_QUERY',
  },
  {
    what: 'an organization that cannot be',
    path: `${FLAGS}?org_id=../x`,
    ask: {},
    status: 400,
    code: 'INVALID_ORG',
  },
  {
    what: 'an organization that is not there',
    path: `${FLAGS}?org_id=nobody`,
    ask: {},
    status: 404,
    code: 'ORG_NOT_FOUND',
  },
  ...[
    '..%2f..%2f.git%2fconfig',
    '%2e%2e%2fx',
    'a%00b',
    'a%0d%0ab',
    'a%5cb',
    '__proto__',
    'constructor',
    '.git',
    'con',
    '%zz',
    '123',
    'x'.repeat(101),
  ].flatMap((key): Bad[] =>
    ['GET', 'PUT', 'DELETE'].map((method) => ({
      what: `${method} of the key ${key}`,
      path: `${FLAGS}/${key}`,
      ask: method === 'PUT' ? { method, body: {} } : { method },
      status: 400,
      code: 'INVALID_KEY',
    })),
  ),
  { what: 'a flag that is not there', path: `${FLAGS}/nobody`, ask: {}, status: 404, code: 'FLAG_NOT_FOUND' },
  {
    what: 'PUT of a flag that is not there',
    path: `${FLAGS}/nobody`,
    ask: { method: 'PUT', body: {} },
    status: 404,
    code: 'FLAG_NOT_FOUND',
  },
  {
    what: 'DELETE of a flag that is not there',
    path: `${FLAGS}/nobody`,
    ask: { method: 'DELETE' },
    status: 404,
    code: 'FLAG_NOT_FOUND',
  },
  ...(
    [
      ['no key', {}, 'INVALID_KEY'],
      ['a key out of its grammar', { feature_key: '../../x' }, 'INVALID_KEY'],
      ['a key that is a number', { feature_key: 1 }, 'INVALID_REQUEST'],
      ['an unknown field', { feature_key: 'new', color: 'red' }, 'INVALID_REQUEST'],
      ['a read-only field', { feature_key: 'new', flag_id: 'flg_1' }, 'INVALID_REQUEST'],
      ['a switch that is text', { feature_key: 'new', is_enabled: 'yes' }, 'INVALID_REQUEST'],
      ['half a character', { feature_key: 'new', description: '\ud800' }, 'INVALID_REQUEST'],
      ['no organization among several', { feature_key: 'new' }, 'INVALID_REQUEST'],
    ] as const
  ).map(
    ([what, body, code]): Bad => ({
      what: `POST with ${what}`,
      path: FLAGS,
      ask: { body },
      status: 400,
      code,
    }),
  ),
  ...['?bogus=1', '?org_id[]=acme', '?page[$gt]=1', '?Page=2'].map(
    (query): Bad => ({
      what: `a list with ${query}`,
      path: `${FLAGS}${query}`,
      ask: {},
      status: 400,
      code: 'INVALID_REQUEST',
    }),
  ),
  {
    what: 'PUT of nothing',
    path: `${FLAGS}/dark-mode`,
    ask: { method: 'PUT', body: '' },
    status: 400,
    code: 'INVALID_REQUEST',
  },
  {
    what: 'PUT of a description that makes the file too large',
    path: `${FLAGS}/dark-mode`,
    ask: { method: 'PUT', body: { description: 'x'.repeat(70_000) } },
    status: 413,
    code: 'INVALID_FLAG_FILES',
  },
  {
    what: 'load of a text that is no organization',
    path: `${FLAGS}/load/..%2f..`,
    ask: { method: 'POST' },
    status: 400,
    code: 'INVALID_ORG',
  },
  {
    what: 'POST to nobody',
    path: FLAGS,
    ask: { body: { feature_key: 'new', org_id: 'nobody' } },
    status: 404,
    code: 'ORG_NOT_FOUND',
  },
  { what: 'POST of a list', path: FLAGS, ask: { body: [] }, status: 400, code: 'INVALID_REQUEST' },
  { what: 'POST of broken JSON', path: FLAGS, ask: { body: '{' }, status: 400, code: 'INVALID_JSON' },
  {
    what: 'POST of __proto__',
    path: FLAGS,
    ask: { body: '{"__proto__":{}}' },
    status: 400,
    code: 'INVALID_REQUEST',
  },
  { what: 'POST over 1 MiB', path: FLAGS, ask: { body: LONG }, status: 413, code: 'BODY_TOO_LARGE' },
  {
    what: 'POST of text',
    path: FLAGS,
    ask: { body: 'x', headers: { 'Content-Type': 'text/plain' } },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    what: 'POST of a flag that is there',
    path: FLAGS,
    ask: { body: { feature_key: 'dark-mode', org_id: 'acme' } },
    status: 409,
    code: 'FLAG_EXISTS',
  },
  ...(
    [
      ['an unknown field', { color: 'red' }],
      ['another id', { flag_id: 'flg_other' }],
      ['another key', { feature_key: 'other' }],
      ['another organization', { org_id: 'globex' }],
      ['another time', { updated_at: '2020-01-01T00:00:00Z' }],
      ['no switch', { is_enabled: null }],
      ['a description that is a list', { description: [] }],
    ] as const
  ).map(
    ([what, body]): Bad => ({
      what: `PUT with ${what}`,
      path: `${FLAGS}/dark-mode`,
      ask: { method: 'PUT', body },
      status: 400,
      code: 'INVALID_REQUEST',
    }),
  ),
  {
    what: 'PUT of a description too long',
    path: `${FLAGS}/dark-mode`,
    ask: { method: 'PUT', body: { description: 'x'.repeat(2001) } },
    status: 422,
    code: 'INVALID_FLAG_FILES',
  },
  {
    what: 'switching on what is killed',
    path: `${FLAGS}/killed`,
    ask: { method: 'PUT', body: { is_enabled: true } },
    status: 409,
    code: 'FLAG_KILLED',
  },
  {
    what: 'a key that two organizations have',
    path: `${FLAGS}/shared`,
    ask: {},
    status: 409,
    code: 'AMBIGUOUS_KEY',
  },
  {
    what: 'load of nobody',
    path: `${FLAGS}/load/nobody`,
    ask: { method: 'POST' },
    status: 404,
    code: 'ORG_NOT_FOUND',
  },
  {
    what: 'load of what cannot be',
    path: `${FLAGS}/load/..%2f..`,
    ask: { method: 'POST' },
    status: 400,
    code: 'INVALID_ORG',
  },
  {
    what: 'invalidate of nobody',
    path: `${FLAGS}/invalidate`,
    ask: { body: { org_id: 'nobody' } },
    status: 404,
    code: 'ORG_NOT_FOUND',
  },
  {
    what: 'invalidate of a number',
    path: `${FLAGS}/invalidate`,
    ask: { body: { org_id: 1 } },
    status: 400,
    code: 'INVALID_REQUEST',
  },
  {
    what: 'invalidate with more',
    path: `${FLAGS}/invalidate`,
    ask: { body: { org_id: ACME_ID, all: true } },
    status: 400,
    code: 'INVALID_REQUEST',
  },
  { what: 'a slash at the end', path: `${FLAGS}/`, ask: {}, status: 404, code: 'NOT_FOUND' },
  { what: 'another case', path: '/API/v1/feature-flags', ask: {}, status: 404, code: 'NOT_FOUND' },
  { what: 'nothing', path: '/', ask: {}, status: 404, code: 'NOT_FOUND' },
  {
    what: 'a method that is not there',
    path: FLAGS,
    ask: { method: 'PATCH', headers: json },
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
  },
];

for (const { what, path, ask, status, code } of CORPUS) {
  test(`${what} at ${path.slice(0, 60)} is ${status} ${code} (RELIABILITY 3)`, async () => {
    const answered = await server.ask(path, { token, ...ask });
    assert.is(answered.status, status);
    const body = answered.body as { errorCode?: string; error?: { code: string } };
    assert.is(body.errorCode ?? body.error?.code, code);
    assert.is(await server.repository.head(), head);
    assert.is(await server.repository.git('status', '--porcelain'), '');
  });
}

test.run();
