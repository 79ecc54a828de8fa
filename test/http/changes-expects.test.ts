import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answered, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { until } from '../support/until.js';
import { CHANGES, CHECKOUT, changeSet, errorOf, RICH_FILES, written } from './change-sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('change sets on the files of a dry run');
const LIMIT = 'flags/acme/web-app/flags/limit.yaml';
const OVERRIDES = 'flags/acme/web-app/overrides/checkout.yaml';
const TESTS = 'flags/acme/web-app/tests/checkout.yaml';
const ORG = 'flags/acme/org.yaml';

test.before.each(async (context) => {
  context.server = await serveFiles(RICH_FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

type Expects = Readonly<Record<string, string | null>>;

/** Fulfils when this commit is served. */
function serves({ server }: Context, commit: string): Promise<void> {
  return until(async () => {
    const { headers } = await server.ask('/api/v1/feature-flags?org_id=acme');
    return headers['flagstaff-revision'] === commit;
  });
}

/** What a dry run answers, which wrote nothing. */
async function expectsOf({ server, token }: Context, changes: readonly object[]): Promise<Expects> {
  const head = await server.repository.head();
  const answered = await changeSet(server, token, { changes, more: { dryRun: true } });
  assert.is(answered.status, 200, answered.text);
  assert.is(await server.repository.head(), head);
  return (answered.body as { expects: Expects }).expects;
}

const override = (user: string) => ({ kind: 'override.create', flag: 'checkout', entry: { users: [user] } });
const owner = (flag: string, name: string) => ({ kind: 'flag.update', flag, patch: { owner: name } });
const tests = (name: string) => ({
  kind: 'tests.replace',
  flag: 'checkout',
  tests: [{ name, environment: 'production', context: { country: 'DE' }, expect: { variant: 'on' } }],
});

test('it answers the blob of every file that the changes are about, null where there is none', async (context) => {
  const blob = (path: string) => context.server.repository.git('rev-parse', `HEAD:${path}`);
  assert.equal(await expectsOf(context, [override('u-7'), { kind: 'flag.delete', flag: 'checkout' }]), {
    [CHECKOUT]: await blob(CHECKOUT),
    [OVERRIDES]: await blob(OVERRIDES),
    [TESTS]: await blob(TESTS),
  });
  const limit = { kind: 'override.create', flag: 'limit', entry: { users: ['u-7'], serve: 'high' } };
  const { [LIMIT.replace('flags/limit', 'overrides/limit')]: none } = await expectsOf(context, [limit]);
  assert.is(none, null);
});

/** What was shown, what a second writer does before it is agreed to, and the files that are others then. */
const SECOND: readonly { what: string; shown: object[]; second: object[]; files: string[] }[] = [
  { what: 'overrides', shown: [override('u-7')], second: [override('u-8')], files: [OVERRIDES] },
  { what: 'tests', shown: [tests('mine')], second: [tests('theirs')], files: [TESTS] },
  {
    what: 'two flags, of which one',
    shown: [owner('limit', 'a'), owner('checkout', 'a')],
    second: [owner('checkout', 'b')],
    files: [CHECKOUT],
  },
  {
    what: 'the exceptions of a flag that is to go, and its tests',
    shown: [{ kind: 'flag.delete', flag: 'checkout' }],
    second: [override('u-8'), tests('theirs')],
    files: [OVERRIDES, TESTS],
  },
];

for (const { what, shown, second, files } of SECOND) {
  test(`${what} changed since the dry run: 412, the files, and nothing is written (P12)`, async (context) => {
    const { server, token } = context;
    const expects = await expectsOf(context, shown);
    const theirs = await changeSet(server, token, { changes: second });
    const head = written(theirs).commit;
    for (const dryRun of [false, true]) {
      const refused = await changeSet(server, token, { changes: shown, more: { expects, dryRun } });
      assert.equal([refused.status, errorOf(refused).code], [412, 'PRECONDITION_FAILED'], refused.text);
      const { details } = errorOf(refused);
      const now = new Map(written(theirs).files.map(({ path, blob }) => [path, blob]));
      assert.equal(
        details.files,
        files.map((path) => ({ path, blob: now.get(path) })),
      );
      assert.equal([details.commit, details.current], [head, now.get(files[0] ?? '')]);
    }
    assert.is(await server.repository.head(), head);
    const again = await expectsOf(context, shown);
    const made = await changeSet(server, token, { changes: shown, more: { expects: again } });
    assert.is(made.status, 201, made.text);
  });
}

test('of 20 racing change sets with what one dry run answered one wins, 19 get 412 (P12)', async (context) => {
  const { server, token } = context;
  const shown = [owner('limit', 'a'), override('u-7')];
  const expects = await expectsOf(context, shown);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, number) =>
      changeSet(server, token, {
        changes: [owner('limit', `team-${number}`), override(`u-${number + 20}`)],
        more: { expects },
      }),
    ),
  );
  const count = (status: number) => answers.filter((answered) => answered.status === status).length;
  assert.equal([count(201), count(412)], [1, 19]);
  assert.is(await server.repository.git('rev-list', '--count', 'HEAD'), '2');
});

test('a commit over several files is taken back on just the files that were shown', async (context) => {
  const { server, token } = context;
  const { commit } = written(
    await changeSet(server, token, { changes: [owner('limit', 'a'), override('u-7')] }),
  );
  const revert = (more: object) =>
    server.ask(`${CHANGES}/${commit}/revert`, { token, body: { org_id: 'acme', ...more } });
  const { expects } = (await revert({ dryRun: true })).body as { expects: Expects };
  assert.equal(Object.keys(expects), [LIMIT, OVERRIDES]);
  const now = await server.repository.git('show', `HEAD:${OVERRIDES}`);
  const head = await server.repository.commit({ [OVERRIDES]: `# until May\n${now}\n` });
  const refused = await revert({ expects });
  const { current } = errorOf(refused).details;
  assert.equal(
    [refused.status, current],
    [412, await server.repository.git('rev-parse', `HEAD:${OVERRIDES}`)],
  );
  assert.is(await server.repository.head(), head);
  const other = await revert({ expects: { [ORG]: null } });
  assert.equal([other.status, errorOf(other).code], [400, 'INVALID_REQUEST']);
  const { expects: again } = (await revert({ dryRun: true })).body as { expects: Expects };
  assert.is((await revert({ expects: again })).status, 201);
});

test('of very many files a dry run answers a digest, which the revert takes back as well (P12)', async (context) => {
  const { server, token } = context;
  const flags = Array.from({ length: 1_001 }, (_, number) => `flags/acme/web-app/flags/many-${number}.yaml`);
  const commit = await server.repository.commit(
    Object.fromEntries(flags.map((path) => [path, 'environments: {}\n'])),
  );
  await serves(context, commit);
  const revert = (more: object) =>
    server.ask(`${CHANGES}/${commit}/revert`, { token, body: { org_id: 'acme', ...more } });
  const { expects } = (await revert({ dryRun: true })).body as { expects: string };
  assert.match(expects, /^sha256:[0-9a-f]{64}$/);
  await server.repository.git('rm', '-q', '--', flags[1_000] ?? '');
  await server.repository.git('commit', '-q', '-m', 'theirs');
  const head = await server.repository.head();
  await serves(context, head);
  const refused = await revert({ expects });
  assert.equal([refused.status, errorOf(refused).details], [412, {}], refused.text);
  assert.is(await server.repository.head(), head);
  const again = (await revert({ dryRun: true })).body as { expects: string };
  assert.is.not(again.expects, expects);
  assert.is((await revert({ expects: again.expects })).status, 201);
});

test('only files of the changes may be expected: of others nobody learns a thing (P15)', async ({
  server,
  token,
}) => {
  const blob = await server.repository.git('rev-parse', `HEAD:${ORG}`);
  const other = 'flags/globex/org.yaml';
  const asked = (expects: unknown) =>
    changeSet(server, token, { changes: [override('u-7')], more: { expects } });
  const answers: Answered[] = [];
  for (const path of [ORG, CHECKOUT, other, '../x', '__proto__']) {
    answers.push(await asked({ [path]: blob }), await asked({ [path]: null }));
  }
  for (const [number, answered] of answers.entries()) {
    assert.equal([answered.status, errorOf(answered).code], [400, 'INVALID_REQUEST'], String(number));
    assert.not.match(answered.text, blob);
  }
  assert.match(
    errorOf(await asked({ [other]: null })).message,
    'expects."flags/globex/org.yaml": none of the files',
  );
});

test('what is no blob id is 400 with its place', async ({ server, token }) => {
  const asked = async (expects: unknown) => {
    const answered = await changeSet(server, token, { changes: [override('u-7')], more: { expects } });
    return [answered.status, errorOf(answered).message];
  };
  assert.equal(await asked([]), [400, 'expects: wanted an object, or the digest of a dry run']);
  assert.is((await asked('sha256:7'))[0], 400);
  for (const blob of ['*', '', 7, 'A'.repeat(40), [], {}]) {
    assert.equal(await asked({ [OVERRIDES]: blob }), [
      400,
      `expects."${OVERRIDES}": wanted a blob id or null`,
    ]);
  }
});

test.run();
