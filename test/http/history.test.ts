import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ELSEWHERE, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { until } from '../support/until.js';
import { CHANGES, CHECKOUT, changeSet, errorOf, FLAGS, RICH_FILES } from './change-sample.js';

const test = suite('history');
let server: TestServer;
let token: string;

interface Row {
  readonly commit: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly committed_at: string;
  readonly committedAt: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly force: string | null;
  readonly message: string;
  readonly sentences: readonly string[];
  readonly changes: readonly {
    sentence: string;
    before?: unknown;
    after?: unknown;
    environment: string | null;
  }[];
  readonly differences: readonly { path: string; sentence: string }[];
  readonly files: readonly { path: string; before: string | null; after: string | null }[];
  readonly diff: string;
}
interface Page {
  readonly data: readonly Row[];
  readonly pagination: { readonly limit: number; readonly offset: number; readonly total: number };
}

const ANA = { GIT_AUTHOR_NAME: 'Ana', GIT_AUTHOR_EMAIL: 'ana@example.com' };
const pageOf = async (path: string) => (await server.ask(path, { token })).body as Page;
const load = () => server.ask(`${FLAGS}/load/acme`, { method: 'POST', token });

/** Writes over REST, pushes of people, and a commit that is nobody's business here. */
test.before(async () => {
  server = await serveFiles(RICH_FILES);
  // Commits by hand touch both organizations here, and only who sees both reads their messages.
  token = await tokenOf({ superAdmin: true });
  const canary = { kind: 'rule.update', flag: 'checkout', rule: 'canary', patch: { percentage: 20 } };
  await changeSet(server, token, { changes: [canary], more: { message: 'More of it', reason: 'it works' } });
  await server.ask(`${FLAGS}/checkout/kill`, { token, body: { reason: 'payments fail' } });
  const { repository } = server;
  await repository.commit(
    { 'flags/globex/site/flags/banner.yaml': 'environments: {}\n' },
    'not of acme',
    ANA,
  );
  await repository.commit({ 'README.md': 'Hello\n' }, 'of nobody', ANA);
  await repository.commit(
    {
      'flags/acme/web-app/overrides/checkout.yaml': '- { users: [u-1, u-2], reason: dogfooding }\n',
      'flags/globex/site/flags/shared.yaml': 'environments: {}\n',
    },
    'end the contract of company-9\n\nIt ran out.',
    ANA,
  );
  await load();
  await server.ask(`${FLAGS}/limit`, { method: 'DELETE', token });
});
test.after(() => server.close());

test("a flag's history has who, when, why, sentences, and before and after, newest first", async () => {
  const { data, pagination } = await pageOf(`${FLAGS}/checkout/history`);
  assert.equal(pagination, { limit: 20, offset: 0, total: 4 });
  assert.equal(
    data.map(({ author, subject }) => [author.name, subject]),
    [
      ['Ana', 'end the contract of company-9'],
      ['Marc', 'acme/web-app: kill checkout in production'],
      ['Marc', data[2]?.subject],
      ['Marc', 'start'],
    ],
  );
  const [contract, kill, canary, start] = data;
  assert.is(contract?.message, 'It ran out.');
  assert.match(String(contract?.sentences), /company-9/);
  assert.is(kill?.reason, 'payments fail');
  assert.match(String(kill?.sentences), /production: killed/);
  assert.is(kill?.changes[0]?.environment, 'production');
  assert.is(canary?.message, 'More of it');
  assert.equal(canary?.sentences, ['production: rollout of canary 5 % → 20 %']);
  assert.equal([canary?.changes[0]?.before, canary?.changes[0]?.after], [5, 20]);
  assert.match(String(start?.committed_at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const [file] = canary?.files ?? [];
  assert.is(file?.after, await server.repository.git('rev-parse', `${canary?.commit}:${CHECKOUT}`));
});

test('limit and offset take a part of it', async () => {
  const whole = await pageOf(`${FLAGS}/checkout/history`);
  const part = await pageOf(`${FLAGS}/checkout/history?limit=2&offset=1`);
  assert.equal(part.data, whole.data.slice(1, 3));
  assert.equal(part.pagination, { limit: 2, offset: 1, total: 4 });
  assert.equal((await pageOf(`${FLAGS}/checkout/history?offset=99`)).data, []);
});

test('a flag that was deleted keeps its history, one that never was has none', async () => {
  const { data } = await pageOf(`${FLAGS}/limit/history`);
  assert.is(data.length, 2);
  assert.match(String(data[0]?.subject), /delete limit/);
  const nobody = await server.ask(`${FLAGS}/nobody/history`, { token });
  assert.equal([nobody.status, errorOf(nobody).code], [404, 'FLAG_NOT_FOUND']);
  assert.is((await server.ask(`${FLAGS}/nobody/blame`, { token })).status, 404);
});

test('each row of the audit log is a commit that git shows, of pushes as of writes over REST (P21)', async () => {
  const { data, pagination } = await pageOf(`${CHANGES}?org_id=acme`);
  const known = await server.repository.git('log', '--first-parent', '--format=%H', '--', 'flags/acme');
  assert.equal(
    data.map(({ commit }) => commit),
    known.split('\n'),
  );
  assert.is(pagination.total, data.length);
  for (const row of data) {
    const format = ['--format=%an%x00%ae%x00%s%x00%cI', '--name-only', '--no-renames'];
    const shown = await server.repository.git('show', ...format, row.commit, '--', 'flags/acme');
    const [head = '', , ...paths] = shown.split('\n');
    const [name, email, subject, time] = head.split('\0');
    assert.equal([row.author.name, row.author.email, row.subject], [name, email, subject]);
    assert.is(Date.parse(row.committedAt), Date.parse(String(time)));
    assert.equal(row.files.map(({ path }) => path).sort(), paths.sort());
    assert.ok(row.sentences.length > 0);
  }
});

test('the log narrows by project, flag and author', async () => {
  const subjects = async (query: string) =>
    (await pageOf(`${CHANGES}?org_id=acme&${query}`)).data.map(({ subject }) => subject);
  assert.equal(await subjects('author=ana@example.com'), ['end the contract of company-9']);
  assert.equal(await subjects('project=api'), ['start']);
  assert.equal((await subjects('flag=limit')).length, 2);
  assert.equal(await subjects('project=web-app&flag=killed'), ['start']);
  assert.equal((await subjects('limit=1&offset=1')).length, 1);
});

test('one change has its files and its diff as git prints it, by the beginning of its id too', async () => {
  const [row] = (await pageOf(`${CHANGES}?org_id=acme&author=ana@example.com`)).data;
  const commit = String(row?.commit);
  const change = (await server.ask(`${CHANGES}/${commit.slice(0, 9)}?org_id=acme`, { token })).body as Row;
  assert.is(change.commit, commit);
  assert.equal(
    change.files.map(({ path }) => path),
    ['flags/acme/web-app/overrides/checkout.yaml'],
  );
  const told = await server.repository.git('show', '--format=', '--unified=3', commit, '--', 'flags/acme');
  const lines = (diff: string) => diff.split('\n').filter((line) => /^[-+ @]/.test(line));
  assert.equal(lines(change.diff.trimEnd()), lines(told.trimEnd()));
});

test('a change is found by whatever names a commit, an id before a branch of that name', async () => {
  const [row] = (await pageOf(`${CHANGES}?org_id=acme&author=ana@example.com`)).data;
  const commit = String(row?.commit);
  const { git } = server.repository;
  await git('branch', commit.slice(0, 8), `${commit}~2`);
  await git('tag', 'contract', commit);
  await git('branch', 'release/1', commit);
  for (const name of [commit.slice(0, 8), commit, 'contract', 'release%2F1', 'main~1']) {
    const { body, text } = await server.ask(`${CHANGES}/${name}?org_id=acme`, { token });
    assert.is((body as Row).commit, commit, text);
  }
});

test('a commit of another organization is not there, like one that never was (P15)', async () => {
  const others = await server.repository.git('log', '--format=%H', '--grep=not of acme');
  const nobodys = await server.repository.git('log', '--format=%H', '--grep=of nobody');
  const texts = new Set<string>();
  for (const id of [others, nobodys, '0'.repeat(40)]) {
    const answered = await server.ask(`${CHANGES}/${id}?org_id=acme`, { token });
    assert.equal([answered.status, errorOf(answered).code], [404, 'REVISION_NOT_FOUND']);
    texts.add(answered.text.replaceAll(id, ''));
  }
  assert.is(texts.size, 1);
  const log = (await server.ask(`${CHANGES}?org_id=acme`, { token })).text;
  assert.not.match(log, /globex/);
  const [shared] = (await pageOf(`${CHANGES}?org_id=acme&author=ana@example.com`)).data;
  const one = (await server.ask(`${CHANGES}/${shared?.commit}?org_id=acme`, { token })).text;
  assert.not.match(one, /globex/);
});

for (const publicAccess of ['read', 'write'] as const) {
  test(`history is never public: with ${publicAccess} others elsewhere get 401 (DESIGN 8)`, async () => {
    const open = await serveFiles(RICH_FILES, { publicAccess });
    const flag = `${FLAGS}/dark-mode`;
    const one = `${CHANGES}/${await open.repository.head()}?org_id=acme`;
    const paths = [`${flag}/history`, `${flag}/blame`, `${CHANGES}?org_id=acme`, one, `${flag}?at=HEAD`];
    for (const path of paths) {
      assert.is((await open.ask(path, { headers: ELSEWHERE })).status, 401, path);
      assert.is((await open.ask(path)).status, 200, path);
    }
    assert.is((await open.ask(flag, { headers: ELSEWHERE })).status, 200);
    await open.close();
  });
}

test('a push is in the log as soon as it is served', async () => {
  const commit = await server.repository.commit({ [CHECKOUT]: `${RICH_FILES[CHECKOUT]}# more\n` }, 'a note');
  await until(async () => (await pageOf(`${CHANGES}?org_id=acme&limit=1`)).data[0]?.commit === commit);
  const [row] = (await pageOf(`${CHANGES}?org_id=acme&limit=1`)).data;
  assert.is(row?.subject, 'a note');
});

test.run();
