import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { CHANGES, CHECKOUT, errorOf, FLAGS, RICH_FILES } from './change-sample.js';

interface Named {
  readonly commit: string;
  readonly author: { readonly name: string };
  readonly subject: string;
}
interface Row extends Named {
  readonly merged: readonly Named[];
  readonly mergedBy: Named | null;
  readonly merged_by: Named | null;
  readonly diff: string;
}
interface Context {
  server: TestServer;
  token: string;
  /** Of the branch: it killed the flag. */
  killed: string;
  merge: string;
}
const test = suite<Context>('merges');
const ANA = { GIT_AUTHOR_NAME: 'Ana', GIT_AUTHOR_EMAIL: 'ana@example.com' };

/** A pull request of two commits, one of which is about another organization. */
test.before.each(async (context) => {
  context.server = await serveFiles(RICH_FILES);
  context.token = await tokenOf();
  const { repository } = context.server;
  await repository.git('checkout', '--quiet', '-b', 'branch');
  const text = RICH_FILES[CHECKOUT] ?? '';
  context.killed = await repository.commit(
    { [CHECKOUT]: text.replace('enabled: true #', 'enabled: true\n    killed: true #') },
    'kill checkout',
    ANA,
  );
  await repository.commit(
    { 'flags/globex/site/flags/banner.yaml': 'environments: {}\n' },
    'not of acme',
    ANA,
  );
  await repository.git('checkout', '--quiet', 'main');
  await repository.git('merge', '--quiet', '--no-ff', '--message', 'Merge pull request 12', 'branch');
  context.merge = await repository.head();
  await load(context);
});
test.after.each(({ server }) => server.close());

const load = ({ server, token }: Context) => server.ask(`${FLAGS}/load/acme`, { method: 'POST', token });

async function rows({ server, token }: Context, path: string): Promise<readonly Row[]> {
  const { status, body } = await server.ask(path, { token });
  assert.is(status, 200);
  return (body as { data: readonly Row[] }).data;
}

test('a merge names the commits that came in by it, of this organization, in the log and the history of a flag', async (context) => {
  for (const path of [CHANGES, `${FLAGS}/checkout/history`]) {
    const [first, ...others] = await rows(context, path);
    assert.is(first?.commit, context.merge);
    assert.equal(
      first?.merged.map(({ commit, author, subject }) => [commit, author.name, subject]),
      [[context.killed, 'Ana', 'kill checkout']],
    );
    assert.ok(others.every(({ merged }) => merged.length === 0));
  }
});

test('blame names the commit of the branch, and the merge', async (context) => {
  const lines = await rows(context, `${FLAGS}/checkout/blame`);
  const [line, ...more] = lines.filter(({ commit }) => commit === context.killed);
  assert.equal([line?.author.name, line?.merged_by?.commit, more.length], ['Ana', context.merge, 0]);
  assert.ok(lines.some(({ merged_by }) => merged_by === null));
});

test('a commit behind a merge is shown with what it did and the merge by which it came', async (context) => {
  const { server, token, killed, merge } = context;
  const shown = (await server.ask(`${CHANGES}/${killed.slice(0, 10)}`, { token })).body as Row;
  assert.equal([shown.commit, shown.mergedBy?.commit, shown.merged], [killed, merge, []]);
  assert.match(shown.diff, /^\+ +killed: true #/m);
  assert.is(((await server.ask(`${CHANGES}/${merge}`, { token })).body as Row).mergedBy, null);
  const other = await server.ask(`${CHANGES}/branch`, { token });
  assert.equal([other.status, errorOf(other).code], [404, 'REVISION_NOT_FOUND']);
});

test('a commit behind a merge is taken back as any other', async ({ server, token, killed }) => {
  const { status } = await server.ask(`${CHANGES}/${killed}/revert`, {
    token,
    body: { reason: 'live again' },
  });
  assert.is(status, 201);
  const { body } = await server.ask(`${FLAGS}/checkout`, { token });
  assert.ok((body as { is_enabled: boolean }).is_enabled);
});

test('a kill that was set again after the merge is another one, and stays', async (context) => {
  const { server, token, killed } = context;
  for (const act of ['unkill', 'kill'])
    assert.is((await server.ask(`${FLAGS}/checkout/${act}`, { token, body: { reason: act } })).status, 200);
  const answer = await server.ask(`${CHANGES}/${killed}/revert`, { token, body: { reason: 'live again' } });
  assert.equal([answer.status, errorOf(answer).code], [409, 'FLAG_KILLED']);
});

test.run();
