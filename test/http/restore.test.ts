import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { changeSet, errorOf, RICH_FILES, written } from './change-sample.js';
import { FILES } from './sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('flag.restore');
const ELSEWHERE = 'flags/acme/api/flags/elsewhere.yaml';
const FLAG = { project: 'api', flag: 'elsewhere' };
const RESTORE = { kind: 'flag.restore', ...FLAG };

test.before.each(async (context) => {
  context.server = await serveFiles(RICH_FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

test('a flag of any project becomes what it was, in a change set with others (002)', async ({
  server,
  token,
}) => {
  const patch = { description: 'Another one' };
  const { commit } = written(
    await changeSet(server, token, { changes: [{ kind: 'flag.update', ...FLAG, patch }] }),
  );
  const other = { kind: 'flag.update', flag: 'limit', patch: { owner: 'team-web' } };
  const answered = await changeSet(server, token, { changes: [{ ...RESTORE, to: `${commit}~1` }, other] });
  assert.is(answered.status, 201, answered.text);
  assert.is(`${await server.repository.git('show', `HEAD:${ELSEWHERE}`)}\n`, FILES[ELSEWHERE]);
  assert.equal(
    written(answered)
      .files.map(({ path }) => path)
      .slice(0, 1),
    [ELSEWHERE],
  );
  const again = await changeSet(server, token, { changes: [{ ...RESTORE, to: `${commit}~1` }] });
  assert.equal([again.status, written(again).changed], [200, false]);
});

test('a flag that was deleted comes back, as a dry run tells beforehand', async ({ server, token }) => {
  const to = await server.repository.head();
  await changeSet(server, token, { changes: [{ kind: 'flag.delete', ...FLAG }] });
  const changes = [{ ...RESTORE, to }];
  const { body } = await changeSet(server, token, { changes, more: { dryRun: true } });
  assert.match((body as { diff: string }).diff, /\+\+\+ b\/flags\/acme\/api\/flags\/elsewhere\.yaml/);
  assert.is((await changeSet(server, token, { changes })).status, 201);
  assert.is(`${await server.repository.git('show', `HEAD:${ELSEWHERE}`)}\n`, FILES[ELSEWHERE]);
});

test('nobody lets go by it what is killed now, and a version that is not there is 404', async ({
  server,
  token,
}) => {
  const to = await server.repository.head();
  await changeSet(server, token, { changes: [{ kind: 'flag.kill', ...FLAG }] });
  const killed = await changeSet(server, token, { changes: [{ ...RESTORE, to }] });
  assert.equal([killed.status, errorOf(killed).code], [409, 'FLAG_KILLED']);
  const nowhere = await changeSet(server, token, { changes: [{ ...RESTORE, to: 'no-such-branch' }] });
  assert.equal([nowhere.status, errorOf(nowhere).code], [404, 'REVISION_NOT_FOUND']);
  const nothing = await changeSet(server, token, { changes: [{ ...RESTORE, to: '--all' }] });
  assert.equal([nothing.status, errorOf(nothing).code], [400, 'INVALID_REVISION']);
  const missing = await changeSet(server, token, { changes: [RESTORE] });
  assert.is(errorOf(missing).message, 'changes[0].to: is missing');
});

test.run();
