import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { FLAGS } from './change-sample.js';
import { FILES } from './sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('writes of one group');
const DARK_MODE = 'flags/acme/web-app/flags/dark-mode.yaml';
/** The first is written alone; those that come meanwhile are one group. */
const WORDS = ['first', 'A', 'B', 'C', 'D'];

test.before.each(async (context) => {
  context.server = await serveFiles(FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

test('each write answers what its own commit holds, whoever wrote after it (P8, P12)', async ({
  server,
  token,
}) => {
  const { git } = server.repository;
  const answers = await Promise.all(
    WORDS.map((description) =>
      server.ask(`${FLAGS}/dark-mode`, { method: 'PUT', token, body: { description } }),
    ),
  );
  const newest = await server.repository.head();
  for (const [index, { status, headers, body }] of answers.entries()) {
    assert.is(status, 200);
    assert.is((body as { description: string }).description, WORDS[index]);
    const commit = String(headers['flagstaff-commit']);
    assert.is(headers['flagstaff-revision'], commit);
    assert.is(headers.etag, `"${await git('rev-parse', `${commit}:${DARK_MODE}`)}"`);
    if (commit === newest) continue;
    const next = await server.ask(`${FLAGS}/dark-mode`, {
      method: 'PUT',
      token,
      body: { description: 'knows only its own' },
      headers: { 'If-Match': String(headers.etag) },
    });
    assert.is(next.status, 412);
  }
});

test('a flag that is written and then removed in one group was written', async ({ server, token }) => {
  const path = `${FLAGS}/dark-mode`;
  const answers = await Promise.all([
    ...WORDS.map((description) => server.ask(path, { method: 'PUT', token, body: { description } })),
    server.ask(`${path}/kill`, { token, body: { reason: 'too dark' } }),
    server.ask(path, { method: 'DELETE', token }),
  ]);
  for (const { status, headers, text } of answers) {
    assert.is(status === 200 || headers['flagstaff-commit'] === undefined, true, text);
    if (status !== 200) assert.match(text, /FLAG_NOT_FOUND/);
  }
});

test.run();
