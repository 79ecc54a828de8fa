import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answered, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { CHANGES, CHECKOUT, changeSet, errorOf, FLAGS, RICH_FILES, written } from './change-sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('revert');
const CANARY = { kind: 'rule.update', flag: 'checkout', rule: 'canary', patch: { percentage: 20 } };

test.before.each(async (context) => {
  context.server = await serveFiles(RICH_FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

const fileOf = (server: TestServer, path = CHECKOUT) =>
  readFileSync(join(server.repository.dir, path), 'utf8');
const count = ({ repository }: TestServer) => repository.git('rev-list', '--count', 'HEAD');

function revertCommit({ server, token }: Context, commit: string, more: object = {}): Promise<Answered> {
  return server.ask(`${CHANGES}/${commit}/revert`, { token, body: { org_id: 'acme', ...more } });
}

function revertFlag({ server, token }: Context, body: object, key = 'checkout'): Promise<Answered> {
  return server.ask(`${FLAGS}/${key}/revert?org_id=acme`, { token, body });
}

test('a commit is taken back as a new commit that names it, and the files are as before', async (context) => {
  const { server, token } = context;
  const { commit } = written(await changeSet(server, token, { changes: [CANARY] }));
  const other = { kind: 'flag.update', flag: 'checkout', patch: { description: 'Later' } };
  await changeSet(server, token, { changes: [other] });
  const answered = await revertCommit(context, commit, { reason: 'too early' });
  assert.is(answered.status, 201, answered.text);
  assert.equal(written(answered).sentences, ['production: rollout of canary 20 % → 5 %']);
  assert.is(fileOf(server), RICH_FILES[CHECKOUT].replace('New checkout', 'Later'));
  const message = await server.repository.git('log', '-1', '--format=%B');
  assert.match(message, new RegExp(`\nFlagstaff-Reverts: ${commit}(\n|$)`));
  assert.match(message, /\nFlagstaff-Reason: too early(\n|$)/);
});

test('what was taken back already changes nothing', async (context) => {
  const { server, token } = context;
  const { commit } = written(await changeSet(server, token, { changes: [CANARY] }));
  await revertCommit(context, commit.slice(0, 8));
  const again = await revertCommit(context, commit);
  assert.is(again.status, 200, again.text);
  assert.is(written(again).changed, false);
  assert.is(await count(server), '3');
});

test('later changes that conflict refuse it, and are named with their path', async (context) => {
  const { server, token } = context;
  const { commit } = written(await changeSet(server, token, { changes: [CANARY] }));
  const later = written(
    await changeSet(server, token, { changes: [{ ...CANARY, patch: { percentage: 40 } }] }),
  );
  const answered = await revertCommit(context, commit);
  assert.equal([answered.status, errorOf(answered).code], [409, 'REVERT_CONFLICT']);
  const { conflicts } = errorOf(answered).details as {
    conflicts: readonly { path: string; commits: readonly Record<string, unknown>[] }[];
  };
  assert.equal(
    conflicts.map(({ path, commits }) => [path, commits.map((one) => one.commit)]),
    [[CHECKOUT, [later.commit]]],
  );
  assert.equal(conflicts[0]?.commits[0]?.author, { name: 'Marc', email: 'marc@example.com' });
  assert.is(
    conflicts[0]?.commits[0]?.subject,
    await server.repository.git('log', '-1', '--format=%s', later.commit),
  );
  assert.is(await count(server), '3');
});

test('a dry run of it tells what it would do', async (context) => {
  const { server, token } = context;
  const { commit } = written(await changeSet(server, token, { changes: [CANARY] }));
  const { status, body } = await revertCommit(context, commit, { dryRun: true });
  assert.is(status, 200);
  assert.match((body as { diff: string }).diff, /^\+.*percentage: 5 \}$/m);
  assert.is(await count(server), '2');
});

test('of a commit of several organizations only the own part is taken back (P15)', async (context) => {
  const { server, token } = context;
  const banner = 'flags/globex/site/flags/banner.yaml';
  const commit = await server.repository.commit({
    [CHECKOUT]: RICH_FILES[CHECKOUT].replace('New checkout', 'Both'),
    [banner]: 'description: Both\nenvironments: {}\n',
  });
  await server.ask(`${FLAGS}/load/acme`, { method: 'POST', token });
  assert.is((await revertCommit(context, commit)).status, 201);
  assert.is(fileOf(server), RICH_FILES[CHECKOUT]);
  assert.match(fileOf(server, banner), /Both/);
});

test('a flag goes back to a commit, with its overrides and tests', async (context) => {
  const { server, token } = context;
  const start = await server.repository.head();
  const changes = [CANARY, { kind: 'override.delete', flag: 'checkout', names: [{ user: 'u-1' }] }];
  await changeSet(server, token, { changes });
  const answered = await revertFlag(context, { to: start, reason: 'it was better' });
  assert.is(answered.status, 200, answered.text);
  const body = answered.body as {
    changed: boolean;
    sentences: string[];
    feature_flag: { is_enabled: boolean };
  };
  assert.is(body.changed, true);
  assert.ok(body.sentences.length >= 2);
  assert.is(body.feature_flag.is_enabled, true);
  assert.is(await server.repository.git('diff', '--stat', start, 'HEAD'), '');
  assert.is(answered.headers.etag, `"${await server.repository.git('rev-parse', `HEAD:${CHECKOUT}`)}"`);
  const again = await revertFlag(context, { to: 'HEAD~2' });
  assert.is((again.body as { changed: boolean }).changed, false, again.text);
});

test('a flag that was deleted comes back', async (context) => {
  const { server, token } = context;
  const start = await server.repository.head();
  await server.ask(`${FLAGS}/checkout`, { method: 'DELETE', token });
  const preview = await revertFlag(context, { to: start, dry_run: true });
  assert.is((preview.body as { dry_run: boolean }).dry_run, true);
  assert.is((await server.ask(`${FLAGS}/checkout`)).status, 404);
  const answered = await revertFlag(context, { to: start });
  assert.is(answered.status, 200, answered.text);
  assert.is(fileOf(server), RICH_FILES[CHECKOUT]);
  assert.is((await server.ask(`${FLAGS}/checkout`)).status, 200);
});

test('a flag goes back to before it was there: it is gone again', async (context) => {
  const { server, token } = context;
  const start = await server.repository.head();
  const fresh = { kind: 'flag.create', flag: 'fresh', file: { environments: {} } };
  await changeSet(server, token, { changes: [fresh] });
  const answered = await revertFlag(context, { to: start }, 'fresh');
  assert.is(answered.status, 200, answered.text);
  assert.is((answered.body as { feature_flag: unknown }).feature_flag, null);
});

test('nobody revives by it what is killed now: 409 FLAG_KILLED', async (context) => {
  const { server, token } = context;
  const start = await server.repository.head();
  await server.ask(`${FLAGS}/checkout/kill`, { token, body: { reason: 'payments fail' } });
  const answered = await revertFlag(context, { to: start });
  assert.equal([answered.status, errorOf(answered).code], [409, 'FLAG_KILLED']);
});

test('If-Match of another version is 412, and nothing goes back (P12)', async (context) => {
  const { server, token } = context;
  const start = await server.repository.head();
  await changeSet(server, token, { changes: [CANARY] });
  const answered = await server.ask(`${FLAGS}/checkout/revert`, {
    token,
    body: { to: start },
    headers: { 'If-Match': `"${'0'.repeat(40)}"` },
  });
  assert.is(answered.status, 412);
  const commit = await server.repository.head();
  const one = { token, body: { org_id: 'acme' }, headers: { 'If-Match': `"${'0'.repeat(40)}"` } };
  assert.is((await server.ask(`${CHANGES}/${commit}/revert`, one)).status, 412);
  assert.is((await server.ask(`${CHANGES}/${start}/revert`, one)).status, 400);
  assert.is(await count(server), '2');
});

test('a version that is not there is 404, one that cannot be is 400', async (context) => {
  const nobody = await revertFlag(context, { to: 'no-such-branch' });
  assert.equal([nobody.status, errorOf(nobody).code], [404, 'REVISION_NOT_FOUND']);
  const nothing = await revertFlag(context, { to: '--all' });
  assert.equal([nothing.status, errorOf(nothing).code], [400, 'INVALID_REVISION']);
});

test.run();
