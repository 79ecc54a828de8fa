import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository, type Files } from '../support/git.js';
import { type Answered, ELSEWHERE, serveRepository, type TestServer, tokenOf } from '../support/http.js';
import { ACME_ID, FILES } from './sample.js';

const test = suite('at');

const BULK = '/ofrep/v1/evaluate/flags';
const SINGLE = `${BULK}/welcome`;
const SCOPED = '/orgs/acme/projects/web-app/environments/production';
const LIST = '/api/v1/feature-flags';
const WELCOME = 'flags/acme/web-app/flags/welcome.yaml';

/** Of January, February and March, and of a pull request on top of February. */
let commits: {
  readonly first: string;
  readonly second: string;
  readonly third: string;
  readonly pull: string;
};
let server: TestServer;
let token: string;

test.before(async () => {
  const made = await createRepository();
  const at = (day: string) => ({
    GIT_COMMITTER_DATE: `${day}T10:00:00Z`,
    GIT_AUTHOR_DATE: `${day}T10:00:00Z`,
  });
  const overrides = '- { users: [u-123], until: 2026-01-15, serve: off, reason: not yet }\n';
  const first = await made.commit(
    { ...FILES, [WELCOME]: welcome('one'), 'flags/acme/web-app/overrides/welcome.yaml': overrides },
    'first',
    at('2026-01-10'),
  );
  await made.git('tag', '--annotate', '--message', 'v1', 'v1');
  const second = await made.commit({ [WELCOME]: welcome('two') }, 'second', at('2026-02-10'));
  await made.git('checkout', '--quiet', '-b', 'proposal');
  const pull = await made.commit({ [WELCOME]: welcome('pull') }, 'pull', at('2026-02-20'));
  await made.git('update-ref', 'refs/pull/12/head', pull);
  await made.git('checkout', '--quiet', 'main');
  const third = await made.commit(lastFiles(), 'third', at('2026-03-10'));
  commits = { first, second, third, pull };
  server = await serveRepository(made);
  await server.running.ready;
  token = await tokenOf();
});

test.after(() => server.close());

/** `welcome` is gone, and so is `globex`; `initech` is new and has `shared` too. */
function lastFiles(): Files {
  const initech = Object.entries(FILES).filter(([path]) => path.startsWith('flags/globex/'));
  return {
    [WELCOME]: null,
    'flags/acme/web-app/overrides/welcome.yaml': null,
    'flags/globex': null,
    ...Object.fromEntries(initech.map(([path, text]) => [path.replace('globex', 'initech'), text])),
  };
}

function welcome(title: string): string {
  return `description: ${title}\nmetadata: { title: ${title} }\nenvironments:\n  production: { enabled: true }\n`;
}

function evaluate(path: string, at?: string, context: object = {}): Promise<Answered> {
  const headers = at === undefined ? {} : { 'Flagstaff-At': at };
  return server.ask(path, { body: { context }, headers });
}

function titleOf({ body }: Answered): unknown {
  return (body as { metadata?: { title?: unknown } }).metadata?.title;
}

function errorOf({ status, body }: Answered): string {
  return `${status} ${(body as { error?: { code: string } }).error?.code}`;
}

test('evaluation as of a commit, a tag, a branch, a pull request, a day or a time says which commit answers', async () => {
  const { first, second, pull } = commits;
  const cases = [
    [first, 'one', first],
    [first.slice(0, 9), 'one', first],
    ['v1', 'one', first],
    ['main~1', 'two', second],
    ['proposal', 'pull', pull],
    ['pull/12/head', 'pull', pull],
    ['2026-02-09', 'one', first],
    ['2026-02-10', 'two', second],
    ['2026-02-10T10:59:59+01:00', 'one', first],
    ['2026-02-10T11:00:00+01:00', 'two', second],
  ] as const;
  for (const [at, title, commit] of cases) {
    const query = `?at=${encodeURIComponent(at)}`;
    for (const path of [SINGLE, `${SCOPED}${SINGLE}`]) {
      for (const answer of [await evaluate(path, at), await evaluate(path + query)]) {
        assert.is(answer.status, 200, at);
        assert.is(titleOf(answer), title, at);
        assert.is(answer.headers['flagstaff-revision'], commit, at);
      }
    }
  }
  assert.is((await evaluate(SINGLE)).status, 404);
});

test('what ends with a day is asked at the moment that is named, and else now', async () => {
  const reasonAt = async (at: string) => {
    const { body } = await evaluate(SINGLE, at, { targetingKey: 'u-123' });
    return (body as { reason: string; value: boolean }).value;
  };
  assert.is(await reasonAt('2026-01-15'), false);
  assert.is(await reasonAt('2026-01-16T00:00:00Z'), true);
  assert.is(await reasonAt(commits.first), true);
});

test('bulk evaluation as of a commit has an entity tag of its own answer, and 304 for those who have it', async () => {
  const { first, third } = commits;
  const then = await evaluate(BULK, 'v1');
  const keys = (then.body as { flags: { key: string }[] }).flags.map(({ key }) => key);
  assert.ok(keys.includes('welcome'));
  assert.is(then.headers['flagstaff-revision'], first);
  const again = await server.ask(`${BULK}?at=${first}`, {
    body: {},
    headers: { 'If-None-Match': String(then.headers.etag) },
  });
  assert.is(again.status, 304);
  assert.is(again.headers['flagstaff-revision'], first);
  const now = await evaluate(`${SCOPED}${BULK}`);
  assert.is(now.headers['flagstaff-revision'], third);
  assert.is.not(now.headers.etag, then.headers.etag);
  const { eventStreams: _, ...answer } = now.body as { readonly eventStreams: unknown };
  // Nobody waits for news of the past.
  assert.equal((await evaluate(BULK, 'HEAD')).body, answer);
});

test('header and query may both name it, and must not differ', async () => {
  assert.is(titleOf(await evaluate(`${SINGLE}?at=v1`, 'v1')), 'one');
  for (const path of [`${SINGLE}?at=v1`, `${SINGLE}?at=v1&at=main`]) {
    const answer = await evaluate(path, 'main~1');
    assert.is(answer.status, 400);
    assert.is((answer.body as { errorCode: string }).errorCode, 'GENERAL');
  }
});

test('a revision that is not there is 404, one that cannot be is 400, in the words of OFREP', async () => {
  for (const [at, status] of [
    ['nowhere', 404],
    ['2'.repeat(40), 404],
    ['v1~1', 404],
    ['2026-01-10T09:59:59Z', 404],
    ['../../config', 400],
    ['refs/heads/../../HEAD', 400],
    ['main@{1}', 400],
    ['2026-01-10T10:00:00', 400],
    ['', 400],
  ] as const) {
    const single = await evaluate(`${SINGLE}?at=${encodeURIComponent(at)}`);
    assert.is(single.status, status, at);
    assert.is((single.body as { key: string }).key, 'welcome');
    assert.is((single.body as { errorCode: string }).errorCode, 'GENERAL');
    const bulk = await evaluate(`${BULK}?at=${encodeURIComponent(at)}`);
    assert.is(bulk.status, status, at);
    assert.is((bulk.body as { errorCode: string }).errorCode, 'GENERAL');
  }
});

test('a flag, a project or an organization that the commit does not have is 404', async () => {
  const flag = await evaluate(`${BULK}/nobody`, 'v1');
  assert.is(flag.status, 404);
  assert.is((flag.body as { errorCode: string }).errorCode, 'FLAG_NOT_FOUND');
  const initech = '/orgs/initech/projects/site/environments/production';
  assert.is((await evaluate(`${initech}${BULK}`)).status, 200);
  assert.is((await evaluate(`${initech}${BULK}`, 'v1')).status, 404);
  assert.is((await evaluate(`/orgs/acme/projects/nowhere/environments/production${BULK}`, 'v1')).status, 404);
});

test('an organization that is no more is not found at any commit (DESIGN 8: judged by today)', async () => {
  assert.is((await evaluate(`/orgs/globex/projects/site/environments/production${BULK}`, 'v1')).status, 404);
  assert.is(errorOf(await server.ask(`${LIST}?at=v1&org_id=globex`)), '404 ORG_NOT_FOUND');
  const { body } = await server.ask(`${LIST}/banner?at=v1`);
  assert.is((body as { error: { code: string } }).error.code, 'FLAG_NOT_FOUND');
});

test('callers who see only what is for clients may not ask; those with a credential may', async () => {
  const open = await serveRepository(server.repository, { publicAccess: 'read' });
  await open.running.ready;
  const headers = { ...ELSEWHERE, 'Flagstaff-At': 'v1' };
  assert.is((await open.ask(SINGLE, { body: {}, headers })).status, 401);
  assert.is((await open.ask(BULK, { body: {}, headers })).status, 401);
  assert.is((await open.ask(BULK, { body: {}, headers: ELSEWHERE })).status, 200);
  assert.is((await open.ask(SINGLE, { body: {}, headers, token })).status, 200);
  assert.is(errorOf(await open.ask(LIST, { headers })), '401 UNAUTHORIZED');
  for (const path of [`${LIST}?at=v1`, `${LIST}/welcome?at=v1`]) {
    assert.is(errorOf(await open.ask(path, { headers: ELSEWHERE })), '401 UNAUTHORIZED');
    assert.is((await open.ask(path, { headers: ELSEWHERE, token })).status, 200);
  }
  await open.close();
});

test('the list as of a commit has its flags, pages and times, and says which commit that is', async () => {
  const { first } = commits;
  const { status, headers, body } = await server.ask(`${LIST}?at=v1&org_id=${ACME_ID}&q=welcome`);
  const { data, pagination } = body as { data: { flag_id: string }[]; pagination: object };
  assert.is(status, 200);
  assert.is(headers['flagstaff-revision'], first);
  assert.equal(pagination, { page: 1, limit: 20, total: 1 });
  assert.equal(
    { ...data[0], flag_id: '' },
    {
      flag_id: '',
      feature_key: 'welcome',
      is_enabled: true,
      org_id: ACME_ID,
      description: 'one',
      updated_at: '2026-01-10T10:00:00Z',
    },
  );
  const all = (await server.ask(`${LIST}?at=v1`)).body as { pagination: { total: number } };
  const now = (await server.ask(LIST)).body as { pagination: { total: number } };
  assert.equal([all.pagination.total, now.pagination.total], [6, 7]);
  assert.is(errorOf(await server.ask(`${LIST}?at=v1&org_id=initech`)), '404 ORG_NOT_FOUND');
});

test('one flag as of a commit has the tag of its file, and no time that is later', async () => {
  const { second, pull, first } = commits;
  const at = (revision: string) => server.ask(`${LIST}/welcome?at=${revision}`);
  const answer = await at('main~1');
  const blob = await server.repository.git('rev-parse', `${second}:${WELCOME}`);
  assert.is(answer.headers.etag, `"${blob}"`);
  assert.is(answer.headers['flagstaff-revision'], second);
  const shown = ({ body }: Answered) => body as { description: string; updated_at: string };
  assert.is(shown(answer).updated_at, '2026-02-10T10:00:00Z');
  assert.is(shown(await at(first)).updated_at, '2026-01-10T10:00:00Z');
  assert.equal([shown(await at(pull)).description, shown(await at(pull)).updated_at], ['pull', '']);
  assert.is(errorOf(await at('HEAD')), '404 FLAG_NOT_FOUND');
});

test('reads refuse what is no revision, and writes do not take one', async () => {
  for (const path of [LIST, `${LIST}/welcome`]) {
    assert.is(errorOf(await server.ask(`${path}?at=nowhere`)), '404 REVISION_NOT_FOUND');
    assert.is(errorOf(await server.ask(`${path}?at=..%2f..%2fconfig`)), '400 INVALID_REVISION');
    const isOf = async (query: string, at: string) =>
      (await server.ask(`${path}${query}`, { headers: { 'Flagstaff-At': at } })).headers[
        'flagstaff-revision'
      ];
    assert.is(await isOf('', 'v1'), commits.first);
    assert.is(await isOf('?at=v1', 'v1'), commits.first);
    assert.is(errorOf(await server.ask(`${path}?at=v1&at=main`)), '400 INVALID_REVISION');
    const other = { headers: { 'Flagstaff-At': 'main' } };
    assert.is(errorOf(await server.ask(`${path}?at=v1`, other)), '400 INVALID_REVISION');
  }
  assert.is(errorOf(await server.ask(`${LIST}/__proto__?at=v1`)), '400 INVALID_KEY');
  const write = await server.ask(`${LIST}/dark-mode?at=v1`, { method: 'PUT', body: {}, token });
  assert.is(errorOf(write), '400 INVALID_REQUEST');
});

test.run();
