import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ELSEWHERE, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { until } from '../support/until.js';
import { FILES } from './sample.js';

interface Place {
  server: TestServer;
}

const test = suite<Place>('http/feature-flag-pages');
const FLAGS = '/api/v1/feature-flags';
const MANY = {
  ...FILES,
  'flags/globex/org.yaml': 'members: [{ email: gil@example.com, permissions: [org:admin] }]\n',
};

test.before.each(async (place) => {
  place.server = await serveFiles(MANY, { publicAccess: 'read' });
});
test.after.each(({ server }) => server.close());

async function keysOf(
  { ask }: TestServer,
  question: Parameters<TestServer['ask']>[1] = {},
  query = '',
): Promise<string[]> {
  const { body } = await ask(`${FLAGS}${query}`, question);
  return (body as { data: { feature_key: string }[] }).data.map((flag) => flag.feature_key);
}

test('a page that is kept for one caller is not shown to another who sees less (P15)', async ({ server }) => {
  const marc = { token: await tokenOf({ email: 'marc@example.com' }) };
  const gil = { token: await tokenOf({ email: 'gil@example.com' }) };
  const acme = ['dark-mode', 'killed', 'limit', 'no-value', 'shared'];
  for (let count = 0; count < 2; count += 1) {
    assert.equal(await keysOf(server), [...acme, 'banner', 'shared']);
    assert.equal(await keysOf(server, { headers: ELSEWHERE }), ['dark-mode']);
    assert.equal(await keysOf(server, marc), acme);
    assert.equal(await keysOf(server, gil), ['banner', 'shared']);
  }
});

test('pages of different questions are different pages', async ({ server }) => {
  for (let count = 0; count < 2; count += 1) {
    assert.equal(await keysOf(server, {}, '?limit=2'), ['dark-mode', 'killed']);
    assert.equal(await keysOf(server, {}, '?limit=2&page=2'), ['limit', 'no-value']);
    assert.equal(await keysOf(server, {}, '?tag=web'), ['dark-mode']);
  }
});

test('a page that is kept is that of the version that is served, with its times (P10)', async ({
  server,
}) => {
  const token = await tokenOf();
  const before = (await server.ask(FLAGS)).text;
  assert.is((await server.ask(FLAGS)).text, before);
  await server.ask(`${FLAGS}/limit`, { method: 'PUT', token, body: { description: 'changed over REST' } });
  assert.match((await server.ask(FLAGS)).text, 'changed over REST');
  await server.repository.commit(
    { 'flags/acme/web-app/flags/new.yaml': 'environments:\n  production: { enabled: true }\n' },
    'one more',
    { GIT_COMMITTER_DATE: '2030-01-02T03:04:05Z', GIT_AUTHOR_DATE: '2030-01-02T03:04:05Z' },
  );
  await until(async () => (await server.ask(FLAGS)).text.includes('2030-01-02T03:04:05Z'));
  assert.ok((await keysOf(server)).includes('new'));
});

test.run();
