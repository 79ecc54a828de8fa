import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { CHECKOUT, changeSet, RICH_FILES, written } from './change-sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('change sets');

test.before.each(async (context) => {
  context.server = await serveFiles(RICH_FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

const fileOf = (server: TestServer, path: string) => readFileSync(join(server.repository.dir, path), 'utf8');
const pathsOfHead = async ({ repository }: TestServer) =>
  (await repository.git('show', '--format=', '--name-only', 'HEAD')).split('\n');

test('several changes across projects of an organization are one commit by the caller (DESIGN 6)', async ({
  server,
  token,
}) => {
  const answered = await changeSet(server, token, {
    changes: [
      { kind: 'segment.create', segment: 'berlin', file: { when: [{ attribute: 'country', equals: 'DE' }] } },
      { kind: 'flag.create', project: 'api', flag: 'fast', file: { environments: {} } },
      { kind: 'flag.update', flag: 'checkout', patch: { owner: 'team-pay' } },
      { kind: 'rule.update', flag: 'checkout', rule: 'canary', patch: { percentage: 20 } },
    ],
    more: { message: 'Pros first\n\nthen all', reason: 'asked for by sales' },
  });
  assert.is(answered.status, 201);
  const { commit, changed, files } = written(answered);
  assert.is(changed, true);
  assert.is(commit, await server.repository.head());
  assert.is(answered.headers.location, `/api/v1/changes/${commit}`);
  assert.is(answered.headers['flagstaff-commit'], commit);
  assert.is(answered.headers['flagstaff-changed'], 'true');
  const paths = ['flags/acme/api/flags/fast.yaml', CHECKOUT, 'flags/acme/web-app/segments/berlin.yaml'];
  assert.equal(await pathsOfHead(server), paths);
  for (const { path, blob } of files) {
    assert.is(blob, await server.repository.git('rev-parse', `HEAD:${path}`));
  }
  assert.equal(files.map(({ path }) => path).sort(), paths);
  const [author, body] = (await server.repository.git('log', '-1', '--format=%an <%ae>%x00%B')).split('\0');
  assert.is(author, 'Marc <marc@example.com>');
  assert.match(String(body), /\n\nPros first\n\nthen all\n\n/);
  assert.match(String(body), /\nFlagstaff-Reason: asked for by sales(\n|$)/);
  assert.is(await server.repository.git('status', '--porcelain'), '');
});

/** Each kind of change, and the line that it leaves; null where the file is gone. */
const KINDS: readonly { change: object; path: string; line: RegExp | null }[] = [
  {
    change: { kind: 'flag.create', flag: 'fresh', file: { environments: { production: { enabled: true } } } },
    path: 'flags/acme/web-app/flags/fresh.yaml',
    line: /production: \{ enabled: true \}/,
  },
  {
    change: { kind: 'flag.update', flag: 'checkout', edits: [{ at: ['tags'], set: ['web'] }] },
    path: CHECKOUT,
    line: /^tags: \[\s?web\s?\]$|^tags:\n {2}- web$/m,
  },
  { change: { kind: 'flag.delete', flag: 'limit' }, path: 'flags/acme/web-app/flags/limit.yaml', line: null },
  { change: { kind: 'flag.kill', flag: 'checkout' }, path: CHECKOUT, line: /^ {4}killed: true$/m },
  {
    change: { kind: 'flag.unkill', flag: 'killed', environment: 'production' },
    path: 'flags/acme/web-app/flags/killed.yaml',
    line: /production: \{ enabled: true(, killed: false)? \}/,
  },
  {
    change: { kind: 'segment.create', segment: 'all', file: { include: { users: ['u-1'] } } },
    path: 'flags/acme/web-app/segments/all.yaml',
    line: /u-1/,
  },
  {
    change: { kind: 'segment.update', segment: 'pros', patch: { description: null, active: false } },
    path: 'flags/acme/web-app/segments/pros.yaml',
    line: /^active: false$/m,
  },
  {
    change: { kind: 'override.create', flag: 'checkout', entry: { users: ['u-3'], serve: 'on' } },
    path: 'flags/acme/web-app/overrides/checkout.yaml',
    line: /u-3/,
  },
  {
    change: {
      kind: 'override.update',
      flag: 'checkout',
      name: { user: 'u-2' },
      patch: { until: '2030-01-31' },
    },
    path: 'flags/acme/web-app/overrides/checkout.yaml',
    line: /^- \{ users: \[u-1\], reason: dogfooding \}\n- \{ users: \[u-2\], reason: dogfooding, until: "?2030-01-31/,
  },
  {
    change: { kind: 'override.delete', flag: 'checkout', names: [{ company: 'company-9' }] },
    path: 'flags/acme/web-app/overrides/checkout.yaml',
    line: /^- \{ users: \[u-1, u-2\], reason: dogfooding \}\n$/,
  },
  {
    change: { kind: 'rule.create', flag: 'checkout', rule: { id: 'half', percentage: 50 }, before: 'canary' },
    path: CHECKOUT,
    line: /germans.*\n.*half.*\n.*canary/,
  },
  {
    change: { kind: 'rule.move', flag: 'checkout', rule: 'germans', before: null },
    path: CHECKOUT,
    line: /canary.*\n.*germans/,
  },
  {
    change: { kind: 'rule.delete', flag: 'checkout', rule: 'canary' },
    path: CHECKOUT,
    line: /germans.*\n {4}serve/,
  },
  {
    change: {
      kind: 'tests.replace',
      flag: 'checkout',
      tests: [{ name: 'it is off', environment: 'production', context: {}, expect: { variant: 'off' } }],
    },
    path: 'flags/acme/web-app/tests/checkout.yaml',
    line: /it is off/,
  },
];

for (const { change, path, line } of KINDS) {
  const { kind } = change as { kind: string };
  test(`${kind} is one commit of the lines that it means`, async ({ server, token }) => {
    const answered = await changeSet(server, token, { changes: [change] });
    assert.is(answered.status, 201, answered.text);
    assert.ok(written(answered).sentences.length > 0);
    const trees = await server.repository.git('ls-tree', '-r', '--name-only', 'HEAD', path);
    assert.is(trees, line === null ? '' : path);
    if (line !== null) assert.match(fileOf(server, path), line);
    const tag = line === null ? undefined : `"${await server.repository.git('rev-parse', `HEAD:${path}`)}"`;
    assert.is(answered.headers.etag, tag);
    assert.is(await server.repository.git('rev-list', '--count', 'HEAD'), '2');
  });
}

test('a merge patch sets, merges and removes, and leaves every other line (RFC 7396)', async ({
  server,
  token,
}) => {
  const patch = {
    description: 'Checkout',
    metadata: { ticket: null, team: 'pay' },
    environments: { production: { enabled: false, serve: { on: 20, off: 80 } } },
  };
  const answered = await changeSet(server, token, {
    changes: [{ kind: 'flag.update', flag: 'checkout', patch }],
  });
  assert.is(answered.status, 201, answered.text);
  const lines = fileOf(server, CHECKOUT).split('\n');
  const before = RICH_FILES[CHECKOUT].split('\n');
  assert.is(lines[0], before[0]);
  assert.is(lines[1], 'description: Checkout');
  assert.match(String(lines[2]), /^metadata: \{ team: pay \}$/);
  assert.ok(lines.includes('    enabled: false # since May'));
  assert.ok(lines.includes('    serve: { "on": 20, "off": 80 }'));
  assert.equal(
    before.filter((line) => !lines.includes(line)),
    [before[1], before[2], before[6], before[11]],
  );
});

test('an edit can say null, which a patch cannot', async ({ server, token }) => {
  const at = ['environments', 'production', 'serve'];
  await changeSet(server, token, {
    changes: [{ kind: 'flag.update', flag: 'checkout', edits: [{ at, set: null }] }],
  });
  assert.match(fileOf(server, CHECKOUT), /\n {4}serve: null\n/);
});

test('what the files say already is no commit: changed is false', async ({ server, token }) => {
  const head = await server.repository.head();
  const changes = [
    { kind: 'flag.update', flag: 'checkout', patch: { description: 'New checkout' } },
    { kind: 'flag.kill', flag: 'killed' },
  ];
  const answered = await changeSet(server, token, { changes });
  assert.is(answered.status, 200);
  assert.is(written(answered).changed, false);
  assert.equal(written(answered).sentences, []);
  assert.is(written(answered).commit, head);
  assert.is(answered.headers['flagstaff-changed'], 'false');
  assert.is(answered.headers.location, undefined);
  assert.is(await server.repository.head(), head);
});

test('a dry run tells the diff, the sentences and the problems, and writes nothing', async ({
  server,
  token,
}) => {
  const head = await server.repository.head();
  const changes = [
    { kind: 'rule.update', flag: 'checkout', rule: 'canary', patch: { percentage: 20 } },
    { kind: 'flag.update', flag: 'limit', patch: { description: 7 } },
    { kind: 'rule.delete', flag: 'checkout', rule: 'germans' },
  ];
  const answered = await changeSet(server, token, { changes, more: { dryRun: true } });
  assert.is(answered.status, 200, answered.text);
  const preview = answered.body as Record<string, unknown> & {
    diff: string;
    sentences: string[];
    problems: { path: string }[];
    brokenTests: { flag: string; name: string }[];
  };
  assert.is(preview.dryRun, true);
  assert.is(preview.base, head);
  assert.is(preview.changed, true);
  assert.match(preview.diff, /^-.*canary, percentage: 5 \}$/m);
  assert.match(preview.diff, /^\+.*canary, percentage: 20 \}$/m);
  assert.ok(
    preview.sentences.some((sentence) => /canary 5 % → 20 %/.test(sentence)),
    preview.sentences.join(),
  );
  assert.equal(
    preview.problems.map(({ path }) => path),
    ['flags/acme/web-app/flags/limit.yaml'],
  );
  assert.equal(
    preview.brokenTests.map(({ flag, name }) => [flag, name]),
    [['checkout', 'Germans see it']],
  );
  assert.is(await server.repository.head(), head);
  assert.is(await server.repository.git('status', '--porcelain'), '');
});

test('the caller without an organization in the body changes the own one (DESIGN 7)', async ({
  server,
  token,
}) => {
  const body = { changes: [{ kind: 'flag.kill', flag: 'checkout' }] };
  const answered = await server.ask('/api/v1/changes', { token, body });
  assert.is(answered.status, 201);
  assert.equal(await pathsOfHead(server), [CHECKOUT]);
});

test('ifMatch of a change holds for its file, and If-Match for the only one (P12)', async ({
  server,
  token,
}) => {
  const blob = await server.repository.git('rev-parse', `HEAD:${CHECKOUT}`);
  const change = { kind: 'flag.update', flag: 'checkout', patch: { owner: 'a' } };
  const first = await changeSet(server, token, { changes: [{ ...change, ifMatch: blob }] });
  assert.is(first.status, 201);
  const again = { ...change, patch: { owner: 'b' } };
  const stale = await changeSet(server, token, { changes: [{ ...again, ifMatch: blob }] });
  assert.is(stale.status, 412);
  const staleHeader = await changeSet(server, token, {
    changes: [again],
    headers: { 'If-Match': `"${blob}"` },
  });
  assert.is(staleHeader.status, 412);
  const good = await changeSet(server, token, {
    changes: [again],
    headers: { 'If-Match': String(first.headers.etag) },
  });
  assert.is(good.status, 201);
});

test('If-Match that fails is 412, whatever else is wrong with the change (DESIGN 6)', async ({
  server,
  token,
}) => {
  const elsewhere = { flag: 'checkout', environment: 'staging' };
  const changes = [
    { kind: 'flag.kill', ...elsewhere },
    { kind: 'rule.update', ...elsewhere, rule: 'canary', patch: { percentage: 7 } },
    { kind: 'flag.kill', flag: 'nobody' },
    { kind: 'flag.kill', project: 'nowhere', ...elsewhere },
  ];
  for (const change of changes) {
    const headers = { 'If-Match': `"${'0'.repeat(40)}"` };
    assert.is((await changeSet(server, token, { changes: [change], headers })).status, 412);
    const wanted = { ...change, ifMatch: '0'.repeat(40) };
    assert.is((await changeSet(server, token, { changes: [wanted] })).status, 412);
    assert.is((await changeSet(server, token, { changes: [change] })).status, 404);
  }
});

test.run();
