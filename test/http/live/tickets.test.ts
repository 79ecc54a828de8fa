import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnonymousCaller, Caller, KeyCaller, PersonCaller } from '../../../src/http/access.js';
import { newKey } from '../../../src/http/identity/new-key.js';
import { openTickets } from '../../../src/http/live/ticket.js';
import { withoutSecrets } from '../../../src/http/redact.js';
import { parseEnvironmentKey, parseOrgKey, parseProjectKey } from '../../../src/model/keys.js';
import { ELSEWHERE, SECRET, serveFiles, type TestServer, tokenOf } from '../../support/http.js';
import { until } from '../../support/until.js';
import { entryOf, KEYS, keysFile } from '../identity/sample.js';
import { FILES } from '../sample.js';
import { newsOf, type OpenStream, openStream } from './streams.js';

const test = suite<{ server: TestServer }>('tickets of event streams');
const BULK = '/ofrep/v1/evaluate/flags';
const DEVELOPMENT = `/orgs/acme/projects/web-app/environments/development${BULK}`;
const CLIENT = newKey('client');
const KEY = newKey('server');
const MINUTE_MS = 60_000;
const NOW = Date.UTC(2026, 0, 15);

const LOCAL: AnonymousCaller = { kind: 'anonymous', isLocal: true };
const PERSON: PersonCaller = {
  kind: 'person',
  identity: { subject: 'u-123', email: 'marc@example.com', name: 'Marc', isSuperAdmin: false },
  token: { id: 'a'.repeat(64), expiresAt: NOW + 60 * MINUTE_MS },
};

function keyCaller(keyKind: 'server' | 'client'): KeyCaller {
  const [org, project, environment] = [
    parseOrgKey('acme'),
    parseProjectKey('web-app'),
    parseEnvironmentKey('production'),
  ];
  if (org === undefined || project === undefined || environment === undefined) throw new Error('no keys');
  return { kind: 'key', keyKind, org, project, environment, id: 'key_1' };
}

test.before.each(async (place) => {
  const keys = keysFile(entryOf(KEY, { id: 'key_1' }), entryOf(CLIENT, { id: 'key_2' }));
  place.server = await serveFiles({ ...FILES, [KEYS]: keys }, { publicAccess: undefined });
});
test.after.each(({ server }) => server.close());

test('a ticket says whom it speaks for and what it is about, to nobody but who can make one', () => {
  const tickets = openTickets(SECRET, () => NOW);
  const scope = { org: 'acme', project: 'web-app', environment: 'production' };
  const text = tickets.issue({ caller: PERSON, scope });
  assert.equal(pick(tickets.read(text)), { holder: PERSON, scope });
  assert.is(openTickets('another secret', () => NOW).read(text), undefined);
  assert.not.match(Buffer.from(text.slice('fs_ticket_'.length), 'base64url').toString('latin1'), 'marc');
  for (const forged of ['', 'fs_ticket_', 'fs_ticket_AAAA', text.slice(0, -1), `${text}A`, flip(text)]) {
    assert.is(tickets.read(forged), undefined, forged);
  }
});

function pick(ticket: ReturnType<ReturnType<typeof openTickets>['read']>) {
  return { holder: ticket?.holder, scope: ticket?.scope };
}

function flip(text: string): string {
  const at = text.length - 10;
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}

test('a ticket of a secret is good for two minutes, one of a browser for a day; it is given out again for a while', () => {
  let time = NOW;
  const tickets = openTickets(SECRET, () => time);
  const audiences = [PERSON, keyCaller('server'), keyCaller('client'), LOCAL].map((caller: Caller) => ({
    caller,
    scope: undefined,
  }));
  const texts = audiences.map((audience) => tickets.issue(audience));
  const good = () => texts.map((text) => tickets.read(text) !== undefined);
  time += 20_000;
  assert.equal(
    audiences.map((audience) => tickets.issue(audience)),
    texts,
  );
  time = NOW + 2 * MINUTE_MS - 1;
  assert.equal(good(), [true, true, true, true]);
  time = NOW + 2 * MINUTE_MS;
  assert.equal(good(), [false, false, true, true]);
  assert.ok(tickets.read(tickets.issue({ caller: PERSON, scope: undefined })));
  time = NOW + 24 * 60 * MINUTE_MS;
  assert.equal(good(), [false, false, false, false]);
});

interface Named {
  readonly type: string;
  readonly url?: string;
  readonly endpoint?: { readonly requestUri: string };
  readonly inactivityDelaySec: number;
}

/** Where a bulk answer says that its caller hears of changes. */
async function streamOf(
  server: TestServer,
  headers: Readonly<Record<string, string>> = {},
  path = BULK,
): Promise<Named> {
  const { body } = await server.ask(path, { body: {}, headers });
  const { eventStreams } = body as { readonly eventStreams: readonly Named[] };
  assert.is(eventStreams.length, 1);
  return eventStreams[0] as Named;
}

async function connect(server: TestServer, headers: Readonly<Record<string, string>>, path = BULK) {
  const { url = '' } = await streamOf(server, headers, path);
  return openStream(url);
}

test('the URL of a bulk answer opens a stream of its environment and of what its caller sees', async ({
  server,
}) => {
  const streams: readonly OpenStream[] = await Promise.all([
    connect(server, {}),
    connect(server, { 'X-API-Key': CLIENT.key }),
    connect(server, {}, DEVELOPMENT),
  ]);
  assert.ok(streams.every((stream) => newsOf(stream).join() === 'message refetchEvaluation'));
  const flag = 'flags/acme/web-app/flags/killed.yaml';
  const production = await server.repository.commit({
    [flag]: 'environments:\n  production: { enabled: true }\n',
  });
  const both = 'environments:\n  production: { enabled: true }\n  development: { enabled: true }\n';
  const development = await server.repository.commit({ [flag]: both });
  const last = await server.repository.commit({ [flag]: `client: true\n${both}` });
  await until(() => streams.every(({ frames }) => frames.at(-1)?.id === last));
  const ids = streams.map(({ frames }) => frames.slice(1).map(({ id }) => id));
  assert.equal(ids, [[production, last], [last], [development, last]]);
});

test('whoever connects with the id of what is served hears nothing, with an older one at once (ADR-0008)', async ({
  server,
}) => {
  const { url = '' } = await streamOf(server);
  const head = await server.repository.head();
  const current = await openStream(url, { 'Last-Event-ID': head });
  assert.equal(newsOf(current), []);
  const old = await openStream(url, { 'Last-Event-ID': 'f'.repeat(40) });
  assert.equal(newsOf(old), ['message refetchEvaluation']);
  assert.is(old.frames[0]?.id, head);
  const data = JSON.parse(old.frames[0]?.data ?? '');
  assert.is(data.etag, head);
  assert.ok(Number.isInteger(data.lastModified));
});

test('the entity tag does not hang on the ticket, and 304 stays 304', async ({ server }) => {
  const first = await server.ask(BULK, { body: {}, headers: { 'X-API-Key': CLIENT.key } });
  const again = await server.ask(BULK, {
    body: {},
    headers: { 'X-API-Key': CLIENT.key, 'If-None-Match': String(first.headers.etag) },
  });
  assert.is(again.status, 304);
  const key = await server.ask(BULK, { body: {}, headers: { 'X-API-Key': KEY.key } });
  const token = await tokenOf();
  const person = await server.ask(BULK, { body: {}, token });
  assert.is(key.headers.etag, person.headers.etag);
  assert.is.not(key.text, person.text);
});

test('behind a proxy the stream is named by its path, for only the client knows the address', async ({
  server,
}) => {
  const headers = { ...ELSEWHERE, 'X-API-Key': KEY.key };
  const { url, endpoint } = await streamOf(server, headers);
  assert.is(url, undefined);
  const stream = await openStream(server.url + endpoint?.requestUri, ELSEWHERE);
  assert.equal(newsOf(stream), ['message refetchEvaluation']);
});

test('a ticket of the anonymous gives nobody what the anonymous may not have', async ({ server }) => {
  const { url = '' } = await streamOf(server);
  assert.is((await openStream(url, ELSEWHERE)).response.statusCode, 401);
});

test('a ticket ends with its credential: no stream is opened, and an open one ends', async ({ server }) => {
  const { url = '' } = await streamOf(server, { 'X-API-Key': KEY.key });
  const stream = await openStream(url);
  await server.repository.commit({ [KEYS]: keysFile(entryOf(CLIENT, { id: 'key_2' })) });
  await until(() => stream.isOver);
  assert.is((await openStream(url)).response.statusCode, 401);
  const token = await tokenOf();
  const ofPerson = await streamOf(server, { Authorization: `Bearer ${token}` });
  await server.ask('/api/admin/logout', { method: 'POST', token });
  assert.is((await openStream(ofPerson.url ?? '')).response.statusCode, 401);
});

test('P18: a ticket is in no log and in no error', async ({ server }) => {
  const { url = '' } = await streamOf(server);
  const ticket = new URL(url).searchParams.get('ticket') ?? '';
  assert.is(
    withoutSecrets(`at ${url}`),
    'at http://127.0.0.1:PORT/api/v1/flags/stream?ticket=[secret]'.replace('PORT', new URL(url).port),
  );
  const wrong = await server.ask(`/api/v1/feature-flags/${ticket}`);
  assert.not.match(wrong.text, ticket);
  (await openStream(url)).close();
  assert.is(server.log.join('\n').includes(ticket), false);
});

test('a ticket is given once: of two nobody could say which holds', async ({ server }) => {
  const { url = '' } = await streamOf(server, { 'X-API-Key': CLIENT.key });
  const { pathname, search } = new URL(url);
  const { status, text } = await server.ask(`${pathname}${search}&${search.slice(1)}`);
  assert.is(status, 400, text);
  assert.match(text, 'ticket: given more than once');
});

test.run();
