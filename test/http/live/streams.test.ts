import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newKey } from '../../../src/http/identity/new-key.js';
import { ELSEWHERE, serveFiles, type TestServer, tokenOf } from '../../support/http.js';
import { until } from '../../support/until.js';
import { entryOf, KEYS, keysFile } from '../identity/sample.js';
import { FILES } from '../sample.js';
import { newsOf, type OpenStream, openStream } from './streams.js';

interface Place {
  server: TestServer;
  open: (path?: string, headers?: Readonly<Record<string, string>>) => Promise<OpenStream>;
}

const EVENTS = '/api/v1/flags/events';
const FLAGS = 'flags/acme/web-app/flags';
const SERVER_KEY = newKey('server');
const CLIENT_KEY = newKey('client');
const OTHER_KEY = newKey('server');
const OF_DEVELOPMENT = { id: 'key_3', environment: 'development' };

const test = suite<Place>('live streams');

test.before.each(async (place) => {
  const keys = keysFile(
    entryOf(SERVER_KEY, { id: 'key_1' }),
    entryOf(CLIENT_KEY, { id: 'key_2' }),
    entryOf(OTHER_KEY, OF_DEVELOPMENT),
  );
  place.server = await serveFiles({ ...FILES, [KEYS]: keys });
  place.open = (path = EVENTS, headers = {}) => openStream(place.server.url + path, headers);
});
test.after.each(({ server }) => server.close());

function on(more = ''): string {
  return `environments:\n  production: { enabled: true${more} }\n`;
}

/** Fulfils when the stream has told so many things. */
function told(stream: OpenStream, count: number): Promise<void> {
  return until(() => newsOf(stream).length >= count);
}

test('a stream says what it is: never kept, never packed, passed on at once', async ({ open }) => {
  const { response } = await open(EVENTS, { 'Accept-Encoding': 'gzip, br' });
  assert.is(response.statusCode, 200);
  assert.is(response.headers['content-type'], 'text/event-stream');
  assert.is(response.headers['cache-control'], 'no-store, no-transform');
  assert.is(response.headers['x-accel-buffering'], 'no');
  assert.is(response.headers['content-encoding'], undefined);
  assert.is(response.headers['x-content-type-options'], 'nosniff');
});

test('a connection hears config-updated at once, then each flag that changed, one write a frame (004)', async ({
  open,
  server,
}) => {
  const stream = await open();
  assert.equal(newsOf(stream), ['config-updated connected']);
  assert.ok(Number(stream.frames[0]?.retry) >= 1_000);
  const commit = await server.repository.commit({
    [`${FLAGS}/killed.yaml`]: on(),
    [`${FLAGS}/shared.yaml`]: on(),
  });
  await told(stream, 3);
  assert.equal(newsOf(stream).slice(1), ['flag-updated killed', 'flag-updated shared']);
  assert.is(stream.frames[1]?.id, commit);
  assert.ok(Number.isFinite(Date.parse(JSON.parse(stream.frames[1]?.data ?? '').timestamp)));
  assert.is(stream.chunks.length, 3);
  assert.not.match(stream.chunks.join(''), '\r');
});

test('of many flags at once it is told that there are many (004)', async ({ open, server }) => {
  const stream = await open();
  const files = Array.from({ length: 11 }, (_, number) => [`${FLAGS}/many-${number}.yaml`, on()]);
  await server.repository.commit(Object.fromEntries(files));
  await told(stream, 2);
  assert.equal(newsOf(stream), ['config-updated connected', 'config-updated many-flags']);
});

test('what is told serves by then', async ({ open, server }) => {
  const stream = await open();
  await server.repository.commit({ [`${FLAGS}/killed.yaml`]: on() });
  await told(stream, 2);
  const { body } = await server.ask('/ofrep/v1/evaluate/flags/killed', { body: {} });
  assert.is((body as { readonly value: unknown }).value, true);
});

test('a key hears of its own environment alone, and a client key of client flags alone (P15)', async ({
  open,
  server,
}) => {
  const streams = await Promise.all(
    [SERVER_KEY, CLIENT_KEY, OTHER_KEY].map(({ key }) => open(EVENTS, { 'X-API-Key': key })),
  );
  const development = (text: string) => `${text}  development: { enabled: true }\n`;
  await server.repository.commit({ [`${FLAGS}/killed.yaml`]: on() });
  await server.repository.commit({
    [`${FLAGS}/shared.yaml`]: development('environments:\n  production: { enabled: false }\n'),
  });
  await server.repository.commit({ 'flags/globex/site/flags/banner.yaml': on() });
  await server.repository.commit({ [`${FLAGS}/dark-mode.yaml`]: `client: true\n${development(on())}` });
  await until(() => streams.every((stream) => newsOf(stream).at(-1) === 'flag-updated dark-mode'));
  assert.equal(
    streams.map((stream) => newsOf(stream).slice(1)),
    [
      ['flag-updated killed', 'flag-updated dark-mode'],
      ['flag-updated dark-mode'],
      ['flag-updated shared', 'flag-updated dark-mode'],
    ],
  );
});

test('who may not evaluate gets no stream, and learns why', async ({ open, server }) => {
  assert.is((await open(EVENTS, ELSEWHERE)).response.statusCode, 401);
  assert.is((await open(EVENTS, { 'X-API-Key': 'fs_server_none' })).response.statusCode, 401);
  const token = await tokenOf({ email: 'nobody@example.com' });
  assert.is((await open(EVENTS, { Authorization: `Bearer ${token}` })).response.statusCode, 404);
  const refused = await server.ask(EVENTS, { method: 'POST', body: {} });
  assert.is(refused.status, 405);
  assert.is((await server.ask(`${EVENTS}?environment=production`)).status, 400);
  const head = await server.ask(EVENTS, { method: 'HEAD' });
  assert.is(head.status, 200);
  assert.is(head.headers['content-type'], 'text/event-stream');
});

test('a stream ends when its key goes, when the bearer logs out, and when the role goes', async ({
  open,
  server,
}) => {
  const token = await tokenOf();
  const member = await tokenOf({ sub: 'u-2', email: 'eve@example.com' });
  const org = String(FILES['flags/acme/org.yaml']);
  const withMember = `${org.trim().slice(0, -1)}, { email: eve@example.com, permissions: [project:web-app:member] }]\n`;
  await server.repository.commit({ 'flags/acme/org.yaml': withMember });
  const root = await tokenOf({ superAdmin: true });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token: root });
  const [ofKey, ofPerson, ofMember] = await Promise.all([
    open(EVENTS, { 'X-API-Key': SERVER_KEY.key }),
    open(EVENTS, { Authorization: `Bearer ${token}` }),
    open(EVENTS, { Authorization: `Bearer ${member}` }),
  ]);
  assert.equal(
    [ofKey, ofPerson, ofMember].map(({ response }) => response.statusCode),
    [200, 200, 200],
  );
  await server.ask('/api/admin/logout', { method: 'POST', token });
  await until(() => ofPerson.isOver);
  assert.not.ok(ofKey.isOver || ofMember.isOver);
  await server.repository.commit({ [KEYS]: keysFile(entryOf(CLIENT_KEY, { id: 'key_2' })) });
  await until(() => ofKey.isOver);
  assert.not.ok(ofMember.isOver);
  await server.repository.commit({ 'flags/acme/org.yaml': org });
  await until(() => ofMember.isOver);
});

test('another default environment is told, and followed from then on', async ({ open, server }) => {
  const stream = await open();
  const project = `${FILES['flags/acme/web-app/project.yaml']}defaultEnvironment: development\n`;
  await server.repository.commit({ 'flags/acme/web-app/project.yaml': project });
  await told(stream, 2);
  assert.is(newsOf(stream)[1], 'config-updated environment-changed');
  await server.repository.commit({ [`${FLAGS}/killed.yaml`]: `${on()}  development: { enabled: true }\n` });
  await told(stream, 3);
  assert.is(newsOf(stream)[2], 'flag-updated killed');
});

test('an organization that goes takes its streams along', async ({ open, server }) => {
  const stream = await open();
  await server.repository.commit({ 'flags/acme': null });
  await until(() => newsOf(stream).length > 1 || stream.isOver);
  // The default organization is another one now, and so is the environment.
  assert.is(newsOf(stream)[1], 'config-updated environment-changed');
  await server.repository.commit({ 'flags/globex': null });
  await until(() => stream.isOver);
});

test('a server that ends ends its streams whole, at once (P20)', async ({ open, server }) => {
  const streams = await Promise.all([open(), open()]);
  await server.running.close();
  await until(() => streams.every(({ isOver }) => isOver));
  assert.ok(streams.every(({ response }) => response.complete));
});

test.run();
