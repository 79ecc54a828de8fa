import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Operation } from '../../src/http/permissions.js';
import { type Ask, tokenOf } from '../support/http.js';
import {
  type CorpusServer,
  exampleBody,
  goodRequest,
  OPERATIONS,
  pathParametersOf,
  queryParametersOf,
  serveCorpus,
  withParameter,
} from './corpus-requests.js';

const test = suite('corpus: secrets');
let server: CorpusServer;
let secrets: readonly string[];

test.before(async () => {
  server = await serveCorpus();
  const random = '0123456789abcdef0123456789abcdef';
  secrets = [`fs_server_${random}`, `fs_client_${random}`, await tokenOf({ sub: 'planted' })];
});
test.after(() => server.close());

/** Everywhere in a request where somebody may paste a credential that belongs in a header of its own. */
function places(operation: Operation, secret: string): readonly (Ask & { readonly path: string })[] {
  const request = goodRequest(operation, server.org);
  const { method, path, query } = request;
  const body = (exampleBody(operation) ?? {}) as object;
  const whole = `${path}${query}`;
  const names = [...queryParametersOf(operation), 'token', secret];
  const fields = [...Object.keys(body), 'key', 'name', secret];
  const inBody = fields.map((name) => ({ method, path: whole, body: { ...body, [name]: secret } }));
  return [
    ...pathParametersOf(operation).map((name) => ({
      method,
      path: `${withParameter(request, name, secret)}${query}`,
      ...(request.body === undefined ? {} : { body: request.body }),
    })),
    ...names.map((name) => ({ method, path: `${path}?${name}=${secret}` })),
    ...(exampleBody(operation) === undefined ? [] : inBody),
    ...['If-Match', 'If-None-Match', 'Flagstaff-At', 'Origin', 'Content-Type', 'X-API-Key'].map((name) => ({
      method,
      path: whole,
      headers: { [name]: secret },
    })),
    { method: `PATCH`, path: whole, body: secret },
  ];
}

for (const operation of OPERATIONS) {
  test(`${operation}: no error repeats a credential, wherever it was put (P18)`, async () => {
    for (const secret of secrets) {
      for (const { path, ...ask } of places(operation, secret)) {
        const { status, text, headers } = await server.asAdmin(path, ask);
        if (status < 400) continue;
        const told = `${text}${JSON.stringify(headers)}`;
        assert.not.ok(told.includes(secret), `${path}: ${told}`);
      }
    }
  });
}

test('neither does the log, and nothing of it was written (P18)', async () => {
  const log = server.log.join('\n');
  for (const secret of secrets) assert.not.ok(log.includes(secret));
  assert.ok(await server.isUntouched());
});

test.run();
