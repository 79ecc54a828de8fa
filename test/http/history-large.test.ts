import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, tokenOf } from '../support/http.js';
import { CHANGES } from './change-sample.js';
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
  await server.close();
});

test.run();
