import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { CHECKOUT, errorOf, FLAGS, RICH_FILES } from './change-sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('kill');
const EVALUATE = '/ofrep/v1/evaluate/flags/checkout';
const ASKED = { body: { context: { targetingKey: 'u-1' } } };
const REASON = { reason: 'payments fail' };

test.before.each(async (context) => {
  context.server = await serveFiles(RICH_FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

const lastMessage = (server: TestServer) => server.repository.git('log', '-1', '--format=%an%n%B');
const valueNow = async (server: TestServer) =>
  ((await server.ask(EVALUATE, ASKED)).body as { value: unknown }).value;

/** Commits files as a person does, and waits until they are served. */
async function commit({ server, token }: Context, files: Record<string, string>): Promise<string> {
  const head = await server.repository.commit(files);
  assert.is((await server.ask(`${FLAGS}/load/acme`, { method: 'POST', token })).status, 200);
  return head;
}

test('kill is one call and one commit that stops everybody, overrides too, and says why (DESIGN 6)', async ({
  server,
  token,
}) => {
  assert.is(await valueNow(server), true);
  const killed = await server.ask(`${FLAGS}/checkout/kill`, { token, body: REASON });
  assert.is(killed.status, 200);
  const flag = killed.body as Record<string, unknown>;
  assert.equal(Object.keys(flag), [
    'flag_id',
    'feature_key',
    'is_enabled',
    'org_id',
    'description',
    'updated_at',
  ]);
  assert.is(flag.is_enabled, false);
  assert.is(killed.headers['flagstaff-changed'], 'true');
  assert.is(killed.headers['flagstaff-commit'], await server.repository.head());
  assert.is(killed.headers.etag, `"${await server.repository.git('rev-parse', `HEAD:${CHECKOUT}`)}"`);
  assert.match(await lastMessage(server), /^Marc\nacme\/web-app: kill checkout in production\n/);
  assert.match(await lastMessage(server), /\nFlagstaff-Reason: payments fail(\n|$)/);
  assert.is(await valueNow(server), false);
  assert.equal((await server.ask(`${FLAGS}/checkout`)).body, flag);
});

test('unkill is the way back, to the file as it was', async ({ server, token }) => {
  await server.ask(`${FLAGS}/checkout/kill`, { token, body: REASON });
  const { status, body } = await server.ask(`${FLAGS}/checkout/unkill`, {
    token,
    body: { reason: 'mended' },
  });
  assert.is(status, 200);
  assert.is((body as { is_enabled: boolean }).is_enabled, true);
  assert.is(await valueNow(server), true);
  assert.is(await server.repository.git('rev-list', '--count', 'HEAD'), '3');
});

test('killing what is killed makes no commit', async ({ server, token }) => {
  const head = await server.repository.head();
  const { status, headers } = await server.ask(`${FLAGS}/killed/kill`, { token, body: REASON });
  assert.is(status, 200);
  assert.is(headers['flagstaff-changed'], 'false');
  assert.is(headers['flagstaff-commit'], head);
  assert.is(await server.repository.head(), head);
});

test('another environment can be killed, one that is not there is 404', async ({ server, token }) => {
  const ask = (environment: string) =>
    server.ask(`${FLAGS}/checkout/kill`, { token, body: { ...REASON, environment } });
  const killed = await ask('development');
  assert.is(killed.status, 200);
  assert.is((killed.body as { is_enabled: boolean }).is_enabled, false);
  const shown = (await server.ask(`${FLAGS}/checkout`)).body as { is_enabled: boolean };
  assert.is(shown.is_enabled, true);
  assert.match(await lastMessage(server), /kill checkout in development/);
  const nowhere = await ask('staging');
  assert.equal([nowhere.status, errorOf(nowhere).code], [404, 'ENVIRONMENT_NOT_FOUND']);
});

test('a file that is broken at the head is killed as it was served (DESIGN 6)', async (context) => {
  const { server, token } = context;
  await commit(context, { [CHECKOUT]: `${RICH_FILES[CHECKOUT]}oops: [\n` });
  assert.is(await valueNow(server), true);
  const blob = await server.repository.git('rev-parse', `HEAD:${CHECKOUT}`);
  const { status, headers, text } = await server.ask(`${FLAGS}/checkout/kill`, {
    token,
    body: REASON,
    headers: { 'If-Match': `"${blob}"` },
  });
  assert.is(status, 200, text);
  assert.is(headers['flagstaff-changed'], 'true');
  const now = readFileSync(join(server.repository.dir, CHECKOUT), 'utf8');
  const before = RICH_FILES[CHECKOUT].split('\n');
  assert.equal(
    now.split('\n').filter((line) => !before.includes(line)),
    ['    killed: true'],
  );
  assert.is(await valueNow(server), false);
});

test('a file that was never good cannot be killed: 409 with the places', async (context) => {
  const { server, token } = context;
  const path = 'flags/acme/web-app/flags/never.yaml';
  await commit(context, { [path]: 'environments: 7\n' });
  const answered = await server.ask(`${FLAGS}/never/kill?org_id=acme`, { token, body: REASON });
  assert.equal([answered.status, errorOf(answered).code], [409, 'FILE_BROKEN']);
});

test('no test case stops a kill, and none stops its end', async (context) => {
  const { server, token } = context;
  await commit(context, {
    'flags/acme/web-app/tests/checkout.yaml':
      '- { name: never killed, environment: production, context: { targetingKey: u-1 }, expect: { variant: on } }\n',
  });
  for (const turn of ['kill', 'unkill']) {
    assert.is((await server.ask(`${FLAGS}/checkout/${turn}`, { token, body: REASON })).status, 200);
  }
});

test('If-Match of another version is 412, and nobody is stopped (P12)', async ({ server, token }) => {
  const head = await server.repository.head();
  for (const turn of ['kill', 'unkill']) {
    const answered = await server.ask(`${FLAGS}/checkout/${turn}`, {
      token,
      body: REASON,
      headers: { 'If-Match': `"${'0'.repeat(40)}"` },
    });
    assert.is(answered.status, 412);
    const { changedBy, commit, current } = errorOf(answered).details;
    assert.equal(changedBy, { name: 'Marc', email: 'marc@example.com' });
    assert.is(commit, head);
    assert.is(current, await server.repository.git('rev-parse', `HEAD:${CHECKOUT}`));
  }
  assert.is(await server.repository.head(), head);
});

test.run();
