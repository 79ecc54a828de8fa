import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { permissionOf } from '../../src/http/permissions.js';
import { describedOperation } from '../support/described-operation.js';
import { createRepository } from '../support/git.js';
import { type Answered, type Ask, serveFiles, serveRepository } from '../support/http.js';
import { type CorpusServer, goodRequest, NO_BLOB, OPERATIONS, serveCorpus } from './corpus-requests.js';
import { apiKeyOf, MATRIX_FILES } from './matrix-files.js';

const test = suite('corpus: who is refused, and when');
let server: CorpusServer;

test.before(async () => {
  server = await serveCorpus();
});
test.after(() => server.close());

type AskServer = (path: string, ask: Ask) => Promise<Answered>;

/** Asks every operation in the same way, and gives those that did not answer as they should. */
async function askAll(
  ask: AskServer,
  headers: Readonly<Record<string, string>>,
  isGood: (answered: Answered, operation: string) => boolean,
): Promise<readonly string[]> {
  const others: string[] = [];
  for (const operation of OPERATIONS) {
    const { method, path, query, body } = goodRequest(operation, server.org);
    const sent = { method, headers: { ...NO_BLOB, ...headers }, ...(body === undefined ? {} : { body }) };
    const answered = await ask(`${path}${query}`, sent);
    if (!isGood(answered, operation)) others.push(`${operation}: ${answered.status} ${answered.text}`);
  }
  return others;
}

test('a bad credential is 401 everywhere, even where none is needed, and says how to show a good one (DESIGN 8)', async () => {
  for (const headers of [{ Authorization: 'Bearer bad.bad.bad' }, { 'X-API-Key': 'fs_server_bad' }]) {
    const others = await askAll(
      server.ask,
      headers,
      ({ status, headers: told }) => status === 401 && told['www-authenticate'] !== undefined,
    );
    assert.equal(others, []);
  }
});

test('two credentials at once are 400 everywhere: nobody could say who asks', async () => {
  const headers = { Authorization: `Bearer ${server.token}`, 'X-API-Key': 'fs_server_x' };
  assert.equal(await askAll(server.ask, headers, ({ status }) => status === 400), []);
});

test('a key is 403 wherever it cannot read (DESIGN 8)', async () => {
  const key = apiKeyOf('acme', 'server');
  const others = await askAll(server.ask, { 'X-API-Key': key }, ({ status }, operation) => {
    const { kind } = permissionOf(operation as (typeof OPERATIONS)[number]);
    if (kind === 'signature') return status === 404;
    if (kind === 'ticket') return status === 401;
    const reads = kind === 'open' || kind === 'read' || kind === 'evaluate';
    return reads ? status === 200 : status === 403;
  });
  assert.equal(others, []);
});

test('whoever shows too many bad credentials is 429 everywhere, and told when to come back (RELIABILITY 3)', async () => {
  const limited = await serveFiles(MATRIX_FILES, { credentialLimit: 1 });
  await limited.ask('/health', { headers: { 'X-API-Key': 'fs_server_first' } });
  const others = await askAll(
    limited.ask,
    { 'X-API-Key': 'fs_server_bad' },
    ({ status, headers }) => status === 429 && headers['retry-after'] !== undefined,
  );
  await limited.close();
  assert.equal(others, []);
});

test('until flags are loaded everything that needs them is 503, and told when to come back (RELIABILITY 3)', async () => {
  const empty = await serveRepository(await createRepository());
  const headers = { Authorization: `Bearer ${server.token}` };
  const others = await askAll(empty.ask, headers, ({ status, headers: told }, operation) => {
    const { kind } = permissionOf(operation as (typeof OPERATIONS)[number]);
    const needsNone = kind === 'open' || kind === 'signature' || kind === 'metrics';
    return needsNone || (status === 503 && told['retry-after'] !== undefined);
  });
  await empty.close();
  assert.equal(others, []);
});

test('every operation describes the refusals that all of them have', () => {
  for (const operation of OPERATIONS) {
    const { statuses } = describedOperation(operation);
    for (const status of ['400', '401', '405', '421', '429', '500', '503']) {
      assert.ok(statuses.includes(status), `${operation} ${status}`);
    }
  }
});

test.run();
