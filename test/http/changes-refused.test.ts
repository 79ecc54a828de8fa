import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { CHANGES, CHECKOUT, changeSet, errorOf, FLAGS, RICH_FILES, written } from './change-sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('change sets that are refused');
const BREAKING = { kind: 'rule.delete', flag: 'checkout', rule: 'germans' };

test.before.each(async (context) => {
  context.server = await serveFiles(RICH_FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

/** Each is refused whole: the good change before it is not made either. */
const REFUSED: readonly { what: string; change: object; status: number; code: string }[] = [
  {
    what: 'a flag that is there already',
    change: { kind: 'flag.create', flag: 'limit', file: { environments: {} } },
    status: 409,
    code: 'FLAG_EXISTS',
  },
  {
    what: 'a flag that is not there',
    change: { kind: 'flag.update', flag: 'nobody', patch: { owner: 'a' } },
    status: 404,
    code: 'FLAG_NOT_FOUND',
  },
  {
    what: 'a project that is not there',
    change: { kind: 'flag.kill', project: 'nowhere', flag: 'limit' },
    status: 404,
    code: 'PROJECT_NOT_FOUND',
  },
  {
    what: 'an environment that is not there',
    change: { kind: 'flag.kill', flag: 'limit', environment: 'staging' },
    status: 404,
    code: 'ENVIRONMENT_NOT_FOUND',
  },
  {
    what: 'a segment that a flag uses',
    change: { kind: 'segment.delete', segment: 'pros' },
    status: 409,
    code: 'SEGMENT_IN_USE',
  },
  {
    what: 'what no file may hold',
    change: { kind: 'flag.update', flag: 'limit', patch: { colour: 'red' } },
    status: 422,
    code: 'INVALID_FLAG_FILES',
  },
  ...[
    { at: ['tags', 5], set: 'web' },
    { at: ['environments', 0], insert: 'web' },
  ].map((edit) => ({
    what: `an edit where nothing can be: ${JSON.stringify(edit.at)}`,
    change: { kind: 'flag.update', flag: 'checkout', edits: [edit] },
    status: 422,
    code: 'NO_SUCH_PLACE',
  })),
  { what: 'a test that would break', change: BREAKING, status: 422, code: 'TESTS_BROKEN' },
  {
    what: 'an ifMatch of another version',
    change: { kind: 'flag.kill', flag: 'limit', ifMatch: '0'.repeat(40) },
    status: 412,
    code: 'PRECONDITION_FAILED',
  },
];

for (const { what, change, status, code } of REFUSED) {
  test(`${what}: ${status} ${code}, and nothing of the set is written`, async ({ server, token }) => {
    const head = await server.repository.head();
    const good = { kind: 'flag.update', flag: 'checkout', patch: { owner: 'team-pay' } };
    const answered = await changeSet(server, token, { changes: [good, change] });
    assert.equal([answered.status, errorOf(answered).code], [status, code], answered.text);
    assert.is(await server.repository.head(), head);
    assert.is(await server.repository.git('status', '--porcelain'), '');
  });
}

test('what is in use is refused with those who use it', async ({ server, token }) => {
  const answered = await changeSet(server, token, {
    changes: [{ kind: 'segment.delete', segment: 'pros' }],
  });
  const { users } = errorOf(answered).details as { users: readonly object[] };
  assert.is(users.length, 1);
  assert.match(JSON.stringify(users), /checkout/);
  const requiring = { environments: { production: { requires: ['checkout'] } } };
  await changeSet(server, token, { changes: [{ kind: 'flag.update', flag: 'limit', patch: requiring }] });
  const deleted = await server.ask(`${FLAGS}/checkout`, { method: 'DELETE', token });
  assert.equal([deleted.status, errorOf(deleted).code], [409, 'FLAG_IN_USE']);
  assert.match(JSON.stringify(errorOf(deleted).details.users), /limit/);
});

test('what is used no longer by the end of the set can go', async ({ server, token }) => {
  const answered = await changeSet(server, token, {
    changes: [
      {
        kind: 'flag.update',
        flag: 'checkout',
        edits: [{ at: ['environments', 'production', 'segments'], remove: true }],
      },
      { kind: 'segment.delete', segment: 'pros' },
    ],
  });
  assert.is(answered.status, 201, answered.text);
});

test('a test that would break is told with what it wants and what it would get', async ({
  server,
  token,
}) => {
  const answered = await changeSet(server, token, { changes: [BREAKING] });
  assert.is(answered.status, 422);
  const [failing, ...others] = errorOf(answered).details.failing as readonly Record<string, unknown>[];
  assert.equal(others, []);
  assert.equal(failing, {
    project: 'web-app',
    flag: 'checkout',
    environment: 'production',
    name: 'Germans see it',
    expected: { variant: 'on' },
    got: { variant: 'off' },
  });
});

test('the same set may change the test, and force with a reason stays in the commit', async ({
  server,
  token,
}) => {
  const forced = await changeSet(server, token, {
    changes: [BREAKING],
    more: { force: { reason: 'legal said so' } },
  });
  assert.is(forced.status, 201, forced.text);
  assert.match(
    await server.repository.git('log', '-1', '--format=%B'),
    /\nFlagstaff-Force: legal said so(\n|$)/,
  );
  const again = await changeSet(server, token, {
    changes: [
      { kind: 'rule.create', flag: 'checkout', rule: { id: 'all' } },
      { kind: 'tests.replace', flag: 'checkout', tests: [] },
    ],
  });
  assert.is(again.status, 201, again.text);
});

test('PUT is judged by the tests too, and state never is', async ({ server, token }) => {
  const answered = await server.ask(`${FLAGS}/checkout`, {
    method: 'PUT',
    token,
    body: { is_enabled: false },
  });
  assert.is(answered.status, 200, answered.text);
});

test('uncommitted edits of one of the files stop the set: 409 WORKTREE_DIRTY (P6)', async ({
  server,
  token,
}) => {
  server.repository.write({ [CHECKOUT]: `${RICH_FILES[CHECKOUT]}# mine\n` });
  const head = await server.repository.head();
  const changes = ['limit', 'checkout'].map((flag) => ({ kind: 'flag.update', flag, patch: { owner: 'a' } }));
  const answered = await changeSet(server, token, { changes });
  assert.equal([answered.status, errorOf(answered).code], [409, 'WORKTREE_DIRTY']);
  assert.is(await server.repository.head(), head);
});

test('100 racing change sets and PUTs with one If-Match: one wins, 99 get 412 (P12)', async ({
  server,
  token,
}) => {
  const blob = await server.repository.git('rev-parse', `HEAD:${CHECKOUT}`);
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, number) => {
      const description = `number ${number}`;
      if (number % 2 === 0) {
        const headers = { 'If-Match': `"${blob}"` };
        return server.ask(`${FLAGS}/checkout`, { method: 'PUT', token, headers, body: { description } });
      }
      const change = { kind: 'flag.update', flag: 'checkout', patch: { description }, ifMatch: blob };
      return changeSet(server, token, { changes: [change] });
    }),
  );
  const won = answers.filter(({ status }) => status === 200 || status === 201);
  const lost = answers.filter(({ status }) => status === 412);
  assert.equal([won.length, lost.length], [1, 99]);
  assert.is(await server.repository.git('rev-list', '--count', 'HEAD'), '2');
  const current = await server.repository.git('rev-parse', `HEAD:${CHECKOUT}`);
  const commit = await server.repository.head();
  for (const answered of lost) {
    const { details } = errorOf(answered);
    assert.is(details.current, current);
    assert.equal(details.changedBy, { name: 'Marc', email: 'marc@example.com' });
    assert.is(details.commit, commit);
    assert.match(String(details.committedAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }
});

test('a dry run tells what else would refuse it (DESIGN 6)', async ({ server, token }) => {
  const changes = [{ kind: 'flag.update', flag: 'checkout', patch: { owner: 'a' } }];
  const codes = async () => {
    const set = await changeSet(server, token, { changes, more: { dryRun: true } });
    const body = { to: 'HEAD', dry_run: true };
    const restored = await server.ask(`${FLAGS}/checkout/revert?org_id=acme`, { token, body });
    return [set, restored].map(({ status, body }) => {
      assert.is(status, 200);
      return (body as { refusals: { code: string }[] }).refusals.map(({ code }) => code);
    });
  };
  assert.equal(await codes(), [[], []]);
  appendFileSync(join(server.repository.dir, CHECKOUT), '# not yet\n');
  assert.equal(await codes(), [['WORKTREE_DIRTY'], []], 'nothing would be written to go to where it is');
  await server.repository.git('checkout', '--quiet', '--detach');
  assert.equal(await codes(), [['WRONG_BRANCH'], ['WRONG_BRANCH']]);
  const made = await changeSet(server, token, { changes });
  assert.equal([made.status, errorOf(made).code], [409, 'WRONG_BRANCH']);
});

test('nothing of a change set can forge a trailer or an author (P17)', async ({ server, token }) => {
  const message = 'fine\n\nFlagstaff-Force: not asked\nCo-authored-by: Eve <eve@example.com>';
  const changes = [{ kind: 'flag.update', flag: 'checkout', patch: { owner: 'a' } }];
  const answered = await changeSet(server, token, { changes, more: { message } });
  assert.is(answered.status, 201);
  const trailers = await server.repository.git('log', '-1', '--format=%(trailers:only)');
  assert.not.match(trailers, /Force|Eve/);
  assert.is(await server.repository.git('log', '-1', '--format=%an'), 'Marc');
});

test('without a credential there is no change set, whatever is read (DESIGN 8)', async ({
  server,
  token,
}) => {
  const body = { org_id: 'acme', changes: [{ kind: 'flag.kill', flag: 'checkout' }] };
  assert.is((await server.ask(CHANGES, { body })).status, 401);
  const foreign = await server.ask(CHANGES, { body, token, headers: { Origin: 'https://example.com' } });
  assert.is(foreign.status, 403);
  assert.is(written(await server.ask(CHANGES, { body, token })).changed, true);
});

test.run();
