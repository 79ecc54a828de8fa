import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Operation, permissionOf } from '../../src/http/permissions.js';
import { describedOperation } from '../support/described-operation.js';
import type { Answered, Ask } from '../support/http.js';
import {
  type CorpusServer,
  exampleBody,
  goodRequest,
  OPERATIONS,
  serveCorpus,
  takesBody,
} from './corpus-requests.js';

const test = suite('corpus: bodies');
let server: CorpusServer;

test.before(async () => {
  server = await serveCorpus();
});
test.after(() => server.close());

const MIB = 1024 * 1024;
const LONG = `{"context":{"a":"${'x'.repeat(MIB)}"}}`;
const type = (name: string): Ask => ({ body: '{}', headers: { 'Content-Type': name } });

/** What is no body at all, whatever an operation wants, by the status that it gets. */
const UNREADABLE: readonly { readonly what: string; readonly ask: Ask; readonly status: number }[] = [
  { what: 'text', ask: type('text/plain'), status: 415 },
  { what: 'a form', ask: { ...type('application/x-www-form-urlencoded'), body: 'a=1' }, status: 415 },
  { what: 'a file of a form', ask: type('multipart/form-data; boundary=x'), status: 415 },
  { what: 'another charset', ask: type('application/json; charset=utf-16'), status: 415 },
  { what: 'JSON and something', ask: type('application/json, text/plain'), status: 415 },
  { what: 'YAML', ask: type('application/yaml'), status: 415 },
  { what: 'a packed body', ask: { body: '{}', headers: { 'Content-Encoding': 'gzip' } }, status: 415 },
  { what: 'half an object', ask: { body: '{"a":' }, status: 400 },
  { what: 'two values', ask: { body: '{}{}' }, status: 400 },
  { what: 'a comment', ask: { body: '{} // fine' }, status: 400 },
  { what: 'a byte order mark', ask: { body: '\ufeff{}' }, status: 400 },
  { what: 'no UTF-8', ask: { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, status: 400 },
  { what: 'blanks alone', ask: { body: ' \n' }, status: 400 },
  { what: 'more than 1 MiB', ask: { body: LONG }, status: 413 },
  {
    what: 'more than 1 MiB in chunks',
    ask: { body: LONG, headers: { 'Transfer-Encoding': 'chunked' } },
    status: 413,
  },
  { what: 'more than 1 MiB of what is no JSON', ask: { body: 'x'.repeat(MIB + 1) }, status: 413 },
  { what: 'objects too deep', ask: { body: `{"a":${'{"a":'.repeat(32)}1${'}'.repeat(33)}` }, status: 400 },
  {
    what: 'lists without end',
    ask: { body: `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}` },
    status: 400,
  },
  { what: '__proto__', ask: { body: '{"__proto__":{"isAdmin":true}}' }, status: 400 },
  { what: '__proto__ written otherwise', ask: { body: '{"a":[{"\\u005f_proto__":{}}]}' }, status: 400 },
  { what: 'constructor', ask: { body: '{"a":{"constructor":{"prototype":{"a":1}}}}' }, status: 400 },
  { what: 'a list', ask: { body: '[]' }, status: 400 },
  { what: 'a text', ask: { body: '"text"' }, status: 400 },
  { what: 'a number', ask: { body: '7' }, status: 400 },
  { what: 'true', ask: { body: 'true' }, status: 400 },
  { what: 'null', ask: { body: 'null' }, status: 400 },
];

/** The body of a hook is the git host's own. */
const isOurs = (operation: Operation): boolean => permissionOf(operation).kind !== 'signature';
const READING = OPERATIONS.filter((one) => isOurs(one) && describedOperation(one).statuses.includes('415'));

for (const operation of READING) {
  test(`${operation}: what is no body is refused, and says why (RELIABILITY 3)`, async () => {
    for (const { what, ask, status } of UNREADABLE) {
      const answered = await send(operation, ask);
      assert.is(answered.status, status, `${what}: ${answered.text.slice(0, 300)}`);
    }
  });
}

const STRICT = OPERATIONS.filter((one) => takesBody(one) && permissionOf(one).kind !== 'evaluate');

for (const operation of STRICT) {
  test(`${operation}: a field that it has not is 400, with its name (RELIABILITY 3)`, async () => {
    const body = exampleBody(operation) as object;
    for (const name of ['colour', 'is enabled?', 'toString', 'prototype', 'x'.repeat(5_000)]) {
      const { method, path, query } = goodRequest(operation, server.org);
      const ask = { method, token: server.token, body: { ...body, [name]: 1 } };
      const { status, text } = await server.ask(`${path}${query}`, ask);
      assert.is(status, 400, text);
      assert.ok(text.includes(name.slice(0, 50)), text);
      assert.ok(text.length < 2_000, text);
    }
  });
}

test('a body is described wherever one is read, and nowhere else', () => {
  assert.equal(
    READING,
    OPERATIONS.filter((one) => takesBody(one)),
  );
});

test('none of them wrote, and the server has nothing to complain of (P14)', async () => {
  assert.ok(await server.isUntouched());
  assert.equal(server.log, []);
});

function send(operation: Operation, ask: Ask): Promise<Answered> {
  const { method, path, query } = goodRequest(operation, server.org);
  return server.asAdmin(`${path}${query}`, { method, ...ask });
}

test.run();
