import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mintToken } from '../../src/http/auth.js';
import { type Answered, SECRET, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { ACME_ID, FILES } from './sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('feature-flags writes');
const FLAGS = '/api/v1/feature-flags';
const DARK_MODE = 'flags/acme/web-app/flags/dark-mode.yaml';

test.before.each(async (context) => {
  context.server = await serveFiles(FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

const lastCommit = (server: TestServer, format: string) =>
  server.repository.git('log', '-1', `--format=${format}`);
const codeOf = (answered: Answered) => (answered.body as { error: { code: string } }).error.code;
const fileOf = (server: TestServer, path: string) => readFileSync(join(server.repository.dir, path), 'utf8');

test('POST creates a flag as one commit by the caller, with a file of three lines (000, DESIGN 6)', async ({
  server,
  token,
}) => {
  const { status, headers, body } = await server.ask(FLAGS, {
    token,
    body: {
      feature_key: 'ai_feedback_assistant',
      is_enabled: false,
      org_id: ACME_ID,
      description: 'AI-powered feedback assistant for facilitators',
    },
  });
  assert.is(status, 201);
  const created = body as Record<string, unknown>;
  assert.equal(Object.keys(created), [
    'flag_id',
    'feature_key',
    'is_enabled',
    'org_id',
    'description',
    'updated_at',
    'created_at',
  ]);
  assert.is(created.is_enabled, false);
  assert.is(created.org_id, ACME_ID);
  assert.match(String(created.created_at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.is(created.updated_at, created.created_at);
  const path = 'flags/acme/web-app/flags/ai_feedback_assistant.yaml';
  assert.is(
    await server.repository.git('show', `HEAD:${path}`),
    'description: AI-powered feedback assistant for facilitators\nenvironments:\n  production: { enabled: false }',
  );
  assert.is(fileOf(server, path), `${await server.repository.git('show', `HEAD:${path}`)}\n`);
  assert.is(await lastCommit(server, '%an <%ae>'), 'Marc <marc@example.com>');
  assert.is(headers['flagstaff-commit'], await server.repository.head());
  assert.is(headers['flagstaff-revision'], await server.repository.head());
  assert.is(headers['flagstaff-changed'], 'true');
  assert.is(headers.etag, `"${await server.repository.git('rev-parse', `HEAD:${path}`)}"`);
  assert.is(headers.location, `${FLAGS}/ai_feedback_assistant?org_id=${ACME_ID}`);
  assert.is(await server.repository.git('status', '--porcelain'), '');
  const { created_at: _, ...rest } = created;
  assert.equal((await server.ask(`${FLAGS}/ai_feedback_assistant`)).body, rest);
});

test("POST without org_id goes to the caller's own organization (DESIGN 7)", async ({ server, token }) => {
  const { status, body } = await server.ask(FLAGS, { token, body: { feature_key: 'mine' } });
  assert.is(status, 201);
  assert.is((body as { org_id: string }).org_id, ACME_ID);
});

test('PUT changes only the lines that are meant: comments and order stay (000, DESIGN 6)', async ({
  server,
  token,
}) => {
  const before = fileOf(server, DARK_MODE);
  const { status, headers, body } = await server.ask(`${FLAGS}/dark-mode`, {
    method: 'PUT',
    token,
    body: { is_enabled: false, description: 'Dark colours — now GA' },
  });
  assert.is(status, 200);
  const updated = body as Record<string, unknown>;
  assert.equal(Object.keys(updated), [
    'flag_id',
    'feature_key',
    'is_enabled',
    'org_id',
    'description',
    'updated_at',
  ]);
  assert.is(updated.is_enabled, false);
  assert.is(updated.description, 'Dark colours — now GA');
  assert.is(
    fileOf(server, DARK_MODE),
    before
      .replace('description: Dark colours\n', 'description: Dark colours — now GA\n')
      .replace('    enabled: true\n    rules', '    enabled: false\n    rules')
      .replace('2026-01-15T10:00:00Z', String(updated.updated_at)),
  );
  assert.is(headers['flagstaff-commit'], await server.repository.head());
});

test('a PUT that changes nothing makes no commit (DESIGN 6)', async ({ server, token }) => {
  const head = await server.repository.head();
  const shown = (await server.ask(`${FLAGS}/dark-mode`)).body;
  for (const body of [{}, { is_enabled: true }, shown]) {
    const { status, headers } = await server.ask(`${FLAGS}/dark-mode`, { method: 'PUT', token, body });
    assert.is(status, 200);
    assert.is(headers['flagstaff-changed'], 'false');
    assert.is(headers['flagstaff-commit'], head);
    assert.is(await server.repository.head(), head);
  }
});

test('null removes a description (DESIGN 6)', async ({ server, token }) => {
  const { body } = await server.ask(`${FLAGS}/dark-mode`, {
    method: 'PUT',
    token,
    body: { description: null },
  });
  assert.is((body as { description: string }).description, '');
  assert.not.match(fileOf(server, DARK_MODE), /description/);
});

test('PUT writes the block of an environment that the file does not name', async ({ server, token }) => {
  await server.repository.commit({
    'flags/acme/web-app/flags/bare.yaml': 'environments:\n  development: { enabled: true }\n',
  });
  await server.ask(`${FLAGS}/load/acme`, { method: 'POST', token });
  const { body } = await server.ask(`${FLAGS}/bare`, { method: 'PUT', token, body: { is_enabled: true } });
  assert.is((body as { is_enabled: boolean }).is_enabled, true);
  assert.match(fileOf(server, 'flags/acme/web-app/flags/bare.yaml'), /production: \{ enabled: true \}/);
});

test('a PUT is seen by the next evaluation', async ({ server, token }) => {
  await server.ask(`${FLAGS}/shared?org_id=acme`, { method: 'PUT', token, body: { is_enabled: true } });
  const { body } = await server.ask('/ofrep/v1/evaluate/flags/shared', { body: {} });
  assert.is((body as { value: boolean }).value, true);
});

test('DELETE takes the flag, its overrides and its tests in one commit (000, DESIGN 6)', async ({
  server,
  token,
}) => {
  await server.repository.commit({
    'flags/acme/web-app/overrides/dark-mode.yaml': '- { users: [u-1] }\n',
    'flags/acme/web-app/tests/dark-mode.yaml':
      '- { name: it is on, context: { country: DE }, expect: { variant: on } }\n',
  });
  await server.ask(`${FLAGS}/load/acme`, { method: 'POST', token });
  const { status, headers, body } = await server.ask(`${FLAGS}/dark-mode`, { method: 'DELETE', token });
  assert.is(status, 200);
  assert.equal(Object.keys(body as object), ['success', 'deleted_at']);
  assert.is(headers['flagstaff-commit'], await server.repository.head());
  assert.is((await server.repository.git('show', '--format=', '--name-only', 'HEAD')).split('\n').length, 3);
  assert.is((await server.ask(`${FLAGS}/dark-mode`)).status, 404);
});

test('If-Match that fails is 412 before anything else, and names what is there (P12)', async ({
  server,
  token,
}) => {
  const head = await server.repository.head();
  const headers = { 'If-Match': '"0000000000000000000000000000000000000000"' };
  const put = await server.ask(`${FLAGS}/killed`, {
    method: 'PUT',
    token,
    headers,
    body: { is_enabled: true },
  });
  assert.is(put.status, 412);
  const remove = await server.ask(`${FLAGS}/killed`, { method: 'DELETE', token, headers });
  assert.is(remove.status, 412);
  assert.is(await server.repository.head(), head);
  const tag = String((await server.ask(`${FLAGS}/dark-mode`)).headers.etag);
  const good = await server.ask(`${FLAGS}/dark-mode`, {
    method: 'PUT',
    token,
    headers: { 'If-Match': tag },
    body: { is_enabled: false },
  });
  assert.is(good.status, 200);
  const again = await server.ask(`${FLAGS}/dark-mode`, {
    method: 'PUT',
    token,
    headers: { 'If-Match': tag },
    body: { is_enabled: true },
  });
  assert.is(again.status, 412);
});

test('of racing writes with one If-Match one wins (P12)', async ({ server, token }) => {
  const tag = String((await server.ask(`${FLAGS}/dark-mode`)).headers.etag);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, number) =>
      server.ask(`${FLAGS}/dark-mode`, {
        method: 'PUT',
        token,
        headers: { 'If-Match': tag },
        body: { description: `number ${number}` },
      }),
    ),
  );
  assert.equal(answers.map((one) => one.status).sort(), [200, ...Array(9).fill(412)]);
  assert.is(await server.repository.git('rev-list', '--count', 'HEAD'), '2');
});

test('create with If-None-Match: * is 412 where the flag is there', async ({ server, token }) => {
  const body = { feature_key: 'dark-mode', org_id: ACME_ID };
  const answered = await server.ask(FLAGS, { token, body, headers: { 'If-None-Match': '*' } });
  assert.is(answered.status, 412);
});

test('what the files would become is judged: 422 with path, line and column (DESIGN 6)', async ({
  server,
  token,
}) => {
  const answered = await server.ask(`${FLAGS}/dark-mode`, {
    method: 'PUT',
    token,
    body: { description: 'x'.repeat(2001) },
  });
  assert.is(answered.status, 422);
  const { problems } = (
    answered.body as { error: { details: { problems: { path: string; line: number }[] } } }
  ).error.details;
  assert.is(problems[0]?.path, DARK_MODE);
  assert.is(problems[0]?.line, 2);
});

test('uncommitted edits of that file are not overwritten: 409 (P6)', async ({ server, token }) => {
  server.repository.write({ [DARK_MODE]: `${FILES[DARK_MODE]}# mine\n` });
  const answered = await server.ask(`${FLAGS}/dark-mode`, {
    method: 'PUT',
    token,
    body: { is_enabled: false },
  });
  assert.is(answered.status, 409);
  assert.is(codeOf(answered), 'WORKTREE_DIRTY');
});

test('a caller without an e-mail writes under an address that leads nowhere (DESIGN 6)', async ({
  server,
}) => {
  const token = await mintToken({ secret: SECRET, sub: 'ci bot/7', superAdmin: true });
  await server.ask(`${FLAGS}/dark-mode?org_id=acme`, { method: 'PUT', token, body: { is_enabled: false } });
  assert.is(await lastCommit(server, '%an <%ae>'), 'ci bot/7 <ci-bot-7@flagstaff.invalid>');
});

test.run();
