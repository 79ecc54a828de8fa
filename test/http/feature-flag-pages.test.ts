import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FlagPages } from '../../src/http/feature-flag-pages.js';
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

/** Asks for the page of a query; true where it is made now. */
function isMade(pages: FlagPages, query: string, now = 0): boolean {
  let made = false;
  const head = 'a'.repeat(40);
  pages.find({ head, places: [], view: 'full', query: new URLSearchParams(query), now }, () => {
    made = true;
    return {};
  });
  return made;
}

test('pages of long questions without answers are let go of: nobody fills the memory with them', () => {
  const pages = new FlagPages();
  const questionOf = (number: number) => `q=${number}${'x'.repeat(15_000)}`;
  assert.equal([isMade(pages, questionOf(0)), isMade(pages, questionOf(0))], [true, false]);
  for (let number = 1; number < 600; number += 1) isMade(pages, questionOf(number));
  assert.equal([isMade(pages, questionOf(599)), isMade(pages, questionOf(0))], [false, true]);
});

test('a page lasts for a second, however often it is asked for', () => {
  const pages = new FlagPages();
  assert.is(isMade(pages, 'page=1', 0), true);
  assert.is(isMade(pages, 'page=1', 999), false);
  assert.is(isMade(pages, 'page=2', 999), true);
  assert.is(isMade(pages, 'page=1', 1_000), true);
  assert.is(isMade(pages, 'page=2', 1_000), false);
});

test('what is searched for is no longer than what there is to find', async ({ server }) => {
  for (const name of ['q', 'tag', 'owner']) {
    assert.is((await server.ask(`${FLAGS}?${name}=${'x'.repeat(200)}`)).status, 200);
    const refused = await server.ask(`${FLAGS}?${name}=${'x'.repeat(201)}`);
    assert.is(refused.status, 400);
    assert.match(refused.text, `${name}: longer than 200 characters`);
  }
});

test.run();
