import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answered, type Ask, SECRET, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { filesWithKey } from './identity/sample.js';

interface Place {
  server: TestServer;
  key: string;
  /** All that was answered. */
  answers: string[];
}

const test = suite<Place>('http: secrets');
const FLAGS = '/api/v1/feature-flags';
const EVALUATE = '/ofrep/v1/evaluate/flags';

test.before.each(async (place) => {
  const { files, made } = filesWithKey();
  place.server = await serveFiles(files);
  place.key = made.key;
  place.answers = [];
});
test.after.each(({ server }) => server.close());

async function ask({ server, answers }: Place, path: string, question: Ask): Promise<Answered> {
  const answered = await server.ask(path, question);
  answers.push(answered.text, JSON.stringify(answered.headers));
  return answered;
}

/** Shows a credential in every way and to every kind of operation, good requests and bad ones. */
async function showEverywhere(place: Place, headers: Readonly<Record<string, string>>): Promise<void> {
  const description = { method: 'PUT', body: { description: 'a change' } };
  for (const [path, question] of [
    [FLAGS, {}],
    [`${FLAGS}/dark-mode`, description],
    [`${FLAGS}/dark-mode`, { method: 'PUT', body: { nonsense: 1 } }],
    [`${FLAGS}/dark-mode/kill`, { body: { reason: 'orders are lost' } }],
    [`${FLAGS}/nobody`, {}],
    ['/api/v1/changes', {}],
    ['/api/admin/me', {}],
    ['/nowhere', {}],
    ['/health', {}],
    [EVALUATE, { body: {} }],
    [`${EVALUATE}/nobody`, { body: {} }],
    [`${EVALUATE}/limit`, { body: 'no JSON' }],
  ] as const) {
    await ask(place, path, { ...question, headers });
  }
}

/** What of the place holds the text: answers, the log, git's history and objects, the files that the server keeps. */
async function whereIs({ server, answers }: Place, planted: string): Promise<readonly string[]> {
  const { repository, log } = server;
  const history = await repository.git('log', '--all', '--patch', '--format=raw');
  const kept = filesBelow(join(repository.dir, '.git', 'flagstaff')).map((path) =>
    readFileSync(path, 'latin1'),
  );
  const places = { answers: answers.join('\n'), log: log.join('\n'), history, kept: kept.join('\n') };
  return Object.entries(places).flatMap(([place, text]) => (text.includes(planted) ? [place] : []));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

test('a good token and a good key are found nowhere afterwards: 0 (P18)', async (place) => {
  const token = await tokenOf();
  await showEverywhere(place, { Authorization: `Bearer ${token}` });
  await showEverywhere(place, { 'X-API-Key': place.key });
  await showEverywhere(place, { Authorization: `Bearer ${place.key}` });
  await ask(place, '/api/admin/logout', { method: 'POST', token });
  const signature = token.split('.')[2] ?? '';
  for (const planted of [token, signature, place.key, SECRET])
    assert.equal(await whereIs(place, planted), []);
  assert.ok((await whereIs(place, 'a change')).includes('history'));
});

test('a bad credential is not repeated to whoever showed it, nor told to the log: 0 (P18)', async (place) => {
  const planted = 'planted-0123456789abcdef';
  for (const headers of [
    { Authorization: `Bearer ${planted}` },
    { Authorization: `Bearer ${planted}.${planted}.${planted}` },
    { Authorization: `Basic ${Buffer.from(`marc:${planted}`).toString('base64')}` },
    { Authorization: `Bearer fs_server_${planted}` },
    { 'X-API-Key': `fs_client_${planted}` },
    { 'X-API-Key': planted, Authorization: `Bearer ${planted}` },
  ]) {
    await showEverywhere(place, headers);
  }
  assert.equal(await whereIs(place, planted), []);
  assert.equal(await whereIs(place, Buffer.from(`marc:${planted}`).toString('base64')), []);
});

test('a secret in the query, where none belongs, is not repeated (P18)', async (place) => {
  const planted = 'planted-0123456789abcdef';
  for (const path of [
    `${FLAGS}?token=${planted}`,
    `${FLAGS}?${planted}=1`,
    `/api/admin/me?access_token=${planted}`,
  ]) {
    await ask(place, path, { token: await tokenOf() });
  }
  assert.equal(await whereIs(place, planted), []);
});

test('git history has the hash of a key, never the key (P18)', async (place) => {
  assert.equal(await whereIs(place, place.key), []);
  assert.equal(await whereIs(place, place.key.slice(0, 16)), ['history']);
});

test.run();
