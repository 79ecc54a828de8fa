import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answered, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { ACME_ID, FILES } from './sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('feature-flags writes on broken files');
const FLAGS = '/api/v1/feature-flags';
const DARK_MODE = 'flags/acme/web-app/flags/dark-mode.yaml';
const FRESH = 'flags/acme/web-app/flags/fresh.yaml';

test.before.each(async (context) => {
  context.server = await serveFiles(FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly details: { readonly problems: readonly { path: string; line: number; code: string }[] };
  };
}

function errorOf(answered: Answered): ErrorBody['error'] {
  return (answered.body as ErrorBody).error;
}

/** Commits files as a person does, and waits until they are served. */
async function commit({ server, token }: Context, files: Record<string, string>): Promise<string> {
  const head = await server.repository.commit(files);
  assert.is((await server.ask(`${FLAGS}/load/acme`, { method: 'POST', token })).status, 200);
  return head;
}

test('PUT on a flag that is broken at the head is 409 with the places, and writes nothing', async (context) => {
  const { server, token } = context;
  const head = await commit(context, { [DARK_MODE]: `oops: 1\n${FILES[DARK_MODE]}` });
  for (const body of [{ is_enabled: false }, { is_enabled: true }, { description: 'New' }]) {
    const answered = await server.ask(`${FLAGS}/dark-mode`, { method: 'PUT', token, body });
    assert.is(answered.status, 409);
    const { code, details } = errorOf(answered);
    assert.is(code, 'FILE_BROKEN');
    assert.equal(
      details.problems.map(({ path, line, code }) => ({ path, line, code })),
      [{ path: DARK_MODE, line: 1, code: 'UNKNOWN_FIELD' }],
    );
  }
  assert.is(await server.repository.head(), head);
});

test('the ETag of a broken flag is of the file at the head, so that If-Match can mend or delete it', async (context) => {
  const { server, token } = context;
  await commit(context, { [DARK_MODE]: `oops: 1\n${FILES[DARK_MODE]}` });
  const { headers } = await server.ask(`${FLAGS}/dark-mode`);
  assert.is(headers.etag, `"${await server.repository.git('rev-parse', `HEAD:${DARK_MODE}`)}"`);
  const known = { 'If-Match': String(headers.etag) };
  const deleted = await server.ask(`${FLAGS}/dark-mode`, { method: 'DELETE', token, headers: known });
  assert.is(deleted.status, 200);
});

test('anchors and duplicate keys are 409, not a bug of the server', async (context) => {
  const { server, token } = context;
  for (const broken of ['name: &a Dark\n', 'owner: team-look\n']) {
    await commit(context, { [DARK_MODE]: broken + FILES[DARK_MODE] });
    const body = { is_enabled: false };
    const answered = await server.ask(`${FLAGS}/dark-mode`, { method: 'PUT', token, body });
    assert.equal([answered.status, errorOf(answered).code], [409, 'FILE_BROKEN']);
  }
});

test('a broken flag is not created again, and can be deleted', async (context) => {
  const { server, token } = context;
  await commit(context, { [DARK_MODE]: 'environments: [\n' });
  const again = await server.ask(FLAGS, { token, body: { feature_key: 'dark-mode', org_id: ACME_ID } });
  assert.equal([again.status, errorOf(again).code], [409, 'FLAG_EXISTS']);
  const deleted = await server.ask(`${FLAGS}/dark-mode`, { method: 'DELETE', token });
  assert.is(deleted.status, 200);
  assert.is(await server.repository.git('ls-tree', 'HEAD', DARK_MODE), '');
  assert.is((await server.ask(`${FLAGS}/dark-mode`)).status, 404);
});

test('a flag that was never good is 404 to readers, 409 to PUT and POST, and can be deleted', async (context) => {
  const { server, token } = context;
  await commit(context, { [FRESH]: 'environments: 7\n' });
  const blob = await server.repository.git('rev-parse', `HEAD:${FRESH}`);
  assert.is((await server.ask(`${FLAGS}/fresh`)).status, 404);
  const put = await server.ask(`${FLAGS}/fresh`, { method: 'PUT', token, body: { is_enabled: true } });
  assert.equal([put.status, errorOf(put).code], [409, 'FILE_BROKEN']);
  assert.equal(
    errorOf(put).details.problems.map(({ path, line }) => ({ path, line })),
    [{ path: FRESH, line: 1 }],
  );
  const again = await server.ask(FLAGS, { token, body: { feature_key: 'fresh', org_id: ACME_ID } });
  assert.is(again.status, 409);
  const remove = (tag: string): Promise<Answered> =>
    server.ask(`${FLAGS}/fresh?org_id=acme`, {
      method: 'DELETE',
      token,
      headers: { 'If-Match': `"${tag}"` },
    });
  assert.is((await remove('0'.repeat(40))).status, 412);
  assert.is((await remove(blob)).status, 200);
  assert.is(await server.repository.git('ls-tree', 'HEAD', FRESH), '');
  assert.is((await server.ask(`${FLAGS}/fresh`, { method: 'DELETE', token })).status, 404);
});

test('is_enabled: true is judged by the head, not by what is served yet: 409 FLAG_KILLED (DESIGN 6)', async ({
  server,
  token,
}) => {
  const flags = ['dark-mode', 'shared'];
  const enabled = 'environments:\n  production: { enabled: true, killed: true }\n';
  const paths = flags.map((key) => `flags/acme/web-app/flags/${key}.yaml`);
  const head = await server.repository.commit(Object.fromEntries(paths.map((path) => [path, enabled])));
  for (const key of flags) {
    const body = { is_enabled: true };
    const answered = await server.ask(`${FLAGS}/${key}?org_id=acme`, { method: 'PUT', token, body });
    assert.equal([answered.status, errorOf(answered).code], [409, 'FLAG_KILLED']);
  }
  assert.is(await server.repository.head(), head);
});

test('what is shown can be sent back: a description that is not there stays so, in no commit', async ({
  server,
  token,
}) => {
  const path = `${FLAGS}/limit`;
  const { body } = await server.ask(path);
  assert.is((body as { description: string }).description, '');
  const { headers } = await server.ask(path, { method: 'PUT', token, body });
  assert.is(headers['flagstaff-changed'], 'false');
});

test('the subject of a commit is what was asked for, without the time of the change', async ({
  server,
  token,
}) => {
  await server.ask(`${FLAGS}/dark-mode`, { method: 'PUT', token, body: { is_enabled: false } });
  const subject = await server.repository.git('log', '-1', '--format=%s');
  assert.is(subject, 'acme/web-app: disable dark-mode in production');
});

test.run();
