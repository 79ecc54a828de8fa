import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../support/git.js';
import { ELSEWHERE, serveFiles, serveRepository, type TestServer, tokenOf } from '../support/http.js';
import { emailOf, MATRIX_FILES, type RoleName } from './matrix-files.js';
import { ACME_ID, FILES } from './sample.js';

const test = suite('health');
const BROKEN = 'flags/acme/web-app/flags/limit.yaml';
let server: TestServer;

test.before(async () => {
  server = await serveFiles(FILES);
});
test.after(() => server.close());

interface Health {
  readonly status: string;
  readonly version: string;
  readonly revision: string;
  readonly branch: string | null;
  readonly isDetached: boolean;
  readonly trouble: string | null;
  readonly problems: readonly { readonly path: string; readonly line: number; readonly severity: string }[];
  readonly orgs: readonly Record<string, unknown>[];
}

async function health(): Promise<Health> {
  const { status, body } = await server.ask('/health');
  assert.is(status, 200);
  return body as Health;
}

test('health tells the commit of each organization', async () => {
  const { status, revision, orgs, version } = await health();
  assert.is(status, 'ok');
  assert.is(revision, await server.repository.head());
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.equal(
    orgs.map(({ key, revision, flags, staleFlags }) => ({ key, revision, flags, staleFlags })),
    [
      { key: 'acme', revision, flags: 6, staleFlags: 0 },
      { key: 'globex', revision, flags: 2, staleFlags: 0 },
    ],
  );
  assert.is(orgs[0]?.id, ACME_ID);
  assert.is(orgs[0]?.version, await server.repository.git('rev-parse', 'HEAD:flags/acme'));
});

test('health tells which branch is served, and where none is checked out', async () => {
  const branchOf = async (one: TestServer) => {
    const { branch, isDetached } = (await one.ask('/health')).body as Health;
    return { branch, isDetached };
  };
  assert.equal(await branchOf(server), { branch: 'main', isDetached: false });
  const pinned = await serveRepository(server.repository, { branch: 'main' });
  await pinned.running.ready;
  await server.repository.git('checkout', '--quiet', '--detach');
  assert.equal(await branchOf(server), { branch: null, isDetached: true });
  assert.equal(await branchOf(pinned), { branch: 'main', isDetached: true });
  await server.repository.git('checkout', '--quiet', 'main');
  await pinned.close();
});

test('a bare clone is served, and a write to it is not told to try again', async () => {
  const dir = join(temporaryFolder(), 'bare.git');
  await server.repository.git('clone', '--quiet', '--bare', '.', dir);
  const bare = await serveRepository({ ...server.repository, dir });
  await bare.running.ready;
  const kill = await bare.ask('/api/v1/feature-flags/limit/kill', {
    token: await tokenOf(),
    body: { reason: 'too many' },
  });
  const { code } = (kill.body as { error: { code: string } }).error;
  assert.equal([kill.status, code, kill.headers['retry-after']], [503, 'REPOSITORY_UNSUPPORTED', undefined]);
  await bare.close();
});

test('callers elsewhere without a credential learn only the status', async () => {
  assert.equal((await server.ask('/health', { headers: ELSEWHERE })).body, { status: 'ok' });
});

test('people learn of the organizations in which they have a role, and of nothing else (P15)', async () => {
  const broken = { 'flags/globex/site/flags/banner.yaml': 'type: [', 'flags/initech/org.yaml': 'id: [' };
  await server.repository.commit(broken);
  const root = await tokenOf({ superAdmin: true });
  await server.ask('/api/v1/feature-flags/load/globex', { method: 'POST', token: root });
  const keysFor = async (token: string) => {
    const answered = await server.ask('/health', { headers: ELSEWHERE, token });
    const { orgs, problems } = answered.body as Health;
    return { orgs: orgs.map(({ key }) => key), paths: problems.map(({ path }) => path) };
  };
  assert.equal(await keysFor(await tokenOf()), { orgs: ['acme'], paths: [] });
  const all = await keysFor(root);
  assert.equal(all.orgs.slice(0, 2), ['acme', 'globex']);
  assert.ok(Object.keys(broken).every((path) => all.paths.includes(path)));
  await server.repository.git('revert', '--no-edit', 'HEAD');
  await server.ask('/api/v1/feature-flags/load/globex', { method: 'POST', token: root });
});

test('of an organization people learn what their projects hold, and its admins all (P15)', async () => {
  const org = 'flags/acme/org.yaml';
  const banner = 'flags/acme/web-app/flags/banner.yaml';
  const inner = 'flags/acme/api/flags/inner.yaml';
  const one = await serveFiles(MATRIX_FILES);
  const gone = String(MATRIX_FILES[org]).replace('project:web-app:admin', 'project:gone:admin');
  const stray = 'flags/acme/stray.txt';
  await one.repository.commit({ [org]: gone, [banner]: 'type: [', [inner]: 'type: [', [stray]: '' });
  await one.ask('/api/v1/feature-flags/load/acme', {
    ...{ method: 'POST', token: await tokenOf({ superAdmin: true }) },
  });
  const shownTo = async (token?: string) => {
    const { body } = await one.ask('/health', token === undefined ? {} : { token });
    const { problems, orgs } = body as Health;
    const [{ flags, staleFlags, stale } = {}] = orgs.filter(({ key }) => key === 'acme');
    return { paths: [...new Set(problems.map(({ path }) => path))].sort(), flags, staleFlags, stale };
  };
  const as = async (role: RoleName) => {
    const email = emailOf('acme', role);
    return shownTo(await tokenOf({ sub: email, email }));
  };
  const nothing = { paths: [], flags: 0, staleFlags: 0, stale: [] };
  for (const role of ['env member', 'env admin', 'org member'] as const)
    assert.equal(await as(role), nothing);
  const ofProject = { paths: [banner], flags: 1, staleFlags: 1, stale: [banner] };
  assert.equal(await as('project member'), ofProject);
  const all = { paths: [inner, org, stray, banner], flags: 2, staleFlags: 2, stale: [inner, banner] };
  assert.equal(await as('org admin'), all);
  assert.equal(await shownTo(await tokenOf({ superAdmin: true })), all);
  assert.equal(await shownTo(), all);
  await one.close();
});

test('ready is 200 once flags are served', async () => {
  const { status, body } = await server.ask('/ready');
  assert.is(status, 200);
  assert.equal(body, { status: 'ready' });
});

test('a broken file is named with its place, and everything goes on being served (P9)', async () => {
  await server.repository.commit({ [BROKEN]: 'type: number\nvariants: { low: 10\n' });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token: await tokenOf() });
  const { status, problems, orgs } = await health();
  assert.is(status, 'degraded');
  assert.ok(
    problems.some((problem) => problem.path === BROKEN && problem.line > 0 && problem.severity === 'error'),
  );
  assert.is(orgs[0]?.staleFlags, 1);
  assert.equal(orgs[0]?.stale, [BROKEN]);
  const { body } = await server.ask('/ofrep/v1/evaluate/flags/limit', { body: {} });
  assert.is((body as { value: number }).value, 20);
  assert.is((await server.ask('/ofrep/v1/evaluate/flags/dark-mode', { body: {} })).status, 200);
  assert.equal((await server.ask('/health', { headers: ELSEWHERE })).body, { status: 'degraded' });
});

test('a damaged repository is told by health, and what was served stays (P11)', async () => {
  const ref = join(server.repository.dir, '.git/refs/heads/main');
  const commit = readFileSync(ref, 'utf8');
  writeFileSync(ref, '');
  const token = await tokenOf();
  const load = await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token });
  assert.ok(load.status >= 500);
  const damaged = await health();
  assert.is(damaged.status, 'degraded');
  assert.type(damaged.trouble, 'string');
  assert.is((await server.ask('/ofrep/v1/evaluate/flags/dark-mode', { body: {} })).status, 200);
  writeFileSync(ref, commit);
  assert.is((await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token })).status, 200);
  assert.is((await health()).trouble, null);
});

test.run();
