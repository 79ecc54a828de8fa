import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository } from '../support/git.js';
import { serveFiles, serveRepository, tokenOf } from '../support/http.js';
import { CHANGES, errorOf } from './change-sample.js';
import { FILES } from './sample.js';

interface Row {
  readonly commit: string;
  readonly files: readonly object[];
  readonly differences: readonly object[];
  readonly isCut: boolean;
  readonly diff: string;
}

test('a commit of very many files is shown in part, and says so', async () => {
  const server = await serveFiles(FILES);
  const many = Array.from({ length: 1_100 }, (_, number) => [
    `flags/acme/web-app/flags/many-${number}.yaml`,
    'environments: {}\n',
  ]);
  const commit = await server.repository.commit(Object.fromEntries(many));
  const token = await tokenOf();
  assert.is((await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token })).status, 200);
  const list = (await server.ask(`${CHANGES}?org_id=acme`, { token })).body as { data: readonly Row[] };
  const [row] = list.data;
  assert.equal(
    [row?.commit, row?.files.length, row?.differences.length, row?.isCut],
    [commit, 100, 100, true],
  );
  const one = (await server.ask(`${CHANGES}/${commit}?org_id=acme`, { token })).body as Row;
  assert.equal([one.files.length, one.differences.length, one.isCut], [1_000, 1_000, true]);
  assert.is(one.diff.split('\n').filter((line) => line.startsWith('diff --git')).length, 1_000);
  for (const body of [{ dryRun: true }, {}]) {
    const reverted = await server.ask(`${CHANGES}/${commit}/revert`, { token, body });
    const told = reverted.body as Row & { readonly sentences: readonly string[] };
    assert.equal([told.differences.length, told.sentences.length, told.isCut], [1_000, 1_000, true]);
  }
  await server.close();
});

test('of a flag with very many overrides history and blame are shown in part, and say so', async () => {
  const server = await serveFiles(FILES);
  const token = await tokenOf();
  const users = Array.from({ length: 1_100 }, (_, number) => `- { users: [u-${number}] }\n`).join('');
  const commit = await server.repository.commit({ 'flags/acme/web-app/overrides/limit.yaml': users });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token });
  const history = await server.ask('/api/v1/feature-flags/limit/history', { token });
  const { data } = history.body as { data: readonly Record<string, unknown>[] };
  assert.equal(
    data.map((row) => [row.commit === commit, (row.changes as readonly object[]).length, row.is_cut]),
    [
      [true, 100, true],
      [false, 1, false],
    ],
  );
  const blame = await server.ask('/api/v1/feature-flags/limit/blame', { token });
  const told = blame.body as { data: readonly object[]; total: number; is_cut: boolean };
  assert.equal([told.data.length, told.is_cut], [1_000, true]);
  assert.ok(told.total > 1_100);
  await server.close();
});

test('of a file that is too long to be compared a diff says how long it is, and that it is cut (P13)', async () => {
  const server = await serveFiles(FILES);
  const token = await tokenOf();
  const note = `# ${'n'.repeat(300)}\n`.repeat(1_000);
  const long = { 'flags/acme/web-app/overrides/limit.yaml': `${note}- { users: [u-1] }\n` };
  await server.repository.commit(long);
  const commit = await server.repository.commit({
    'flags/acme/web-app/overrides/limit.yaml': `${note}- { users: [u-2] }\n`,
  });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token });
  const one = (await server.ask(`${CHANGES}/${commit}?org_id=acme`, { token })).body as Row;
  assert.match(
    one.diff,
    /^# flags\/acme\/web-app\/overrides\/limit\.yaml: 303019 characters before, 303019 after: too long to be compared here$/m,
  );
  assert.not.match(one.diff, /^@@/m);
  assert.is(one.isCut, true);
  await server.close();
});

test('a shallow clone says where its history is cut off, and takes nothing back there', async () => {
  const source = await createRepository(FILES);
  const flag = 'flags/acme/web-app/flags/limit.yaml';
  await source.commit({ [flag]: `owner: team-web\n${FILES[flag]}` });
  const clone = await createRepository();
  await clone.git('fetch', '--quiet', '--depth=1', `file://${source.dir}`, 'main');
  await clone.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
  const server = await serveRepository(clone);
  await server.running.ready;
  const token = await tokenOf();
  const rowsOf = async (path: string) =>
    ((await server.ask(path, { token })).body as { data: readonly Record<string, unknown>[] }).data;
  const [change] = await rowsOf(`${CHANGES}?org_id=acme`);
  assert.is(change?.isCutOff, true);
  for (const what of ['history', 'blame']) {
    const rows = await rowsOf(`/api/v1/feature-flags/limit/${what}`);
    assert.ok(rows.length > 0 && rows.every((row) => row.is_cut_off === true), what);
  }
  const head = await clone.head();
  for (const dryRun of [false, true]) {
    const body = { org_id: 'acme', dryRun };
    const refused = await server.ask(`${CHANGES}/${head}/revert`, { token, body });
    assert.equal([refused.status, errorOf(refused).code], [409, 'SHALLOW_HISTORY']);
  }
  assert.is(await clone.head(), head);
  await server.close();
});

test.run();
