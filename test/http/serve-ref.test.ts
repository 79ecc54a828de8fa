import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { serveRepository, type TestServer, tokenOf } from '../support/http.js';
import { until } from '../support/until.js';

interface Place {
  repository: TestRepository;
  servers: TestServer[];
}

const ref = suite<Place>('serve --ref');
const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';

ref.before.each(async (place) => {
  place.servers = [];
  place.repository = await createRepository({
    'flags/acme/org.yaml': 'name: Acme\n',
    'flags/acme/web-app/project.yaml': 'environments: [production]\n',
    [FLAG]: textOf(false),
  });
  await place.repository.git('tag', '--annotate', '--message', 'first', 'v1');
  await place.repository.git('checkout', '--quiet', '-b', 'canary/for-all');
  await place.repository.commit({ [FLAG]: textOf(true) }, 'on');
  await place.repository.git('checkout', '--quiet', 'main');
});

ref.after.each(async ({ servers }) => {
  for (const server of servers) await server.close();
});

function textOf(isOn: boolean): string {
  return `environments: { production: { enabled: ${isOn} } }\n`;
}

async function show(place: Place, revision: string, repo = place.repository): Promise<TestServer> {
  const server = await serveRepository(repo, { ref: revision });
  place.servers.push(server);
  await server.running.ready;
  return server;
}

async function answerOf(server: TestServer): Promise<unknown> {
  const { body } = await server.ask('/ofrep/v1/evaluate/flags/dark-mode', { body: { context: {} } });
  return (body as { readonly value?: unknown }).value;
}

async function health(server: TestServer): Promise<Record<string, unknown>> {
  return (await server.ask('/health')).body as Record<string, unknown>;
}

ref('a branch is served and followed, whatever is checked out', async (place) => {
  const { repository } = place;
  const server = await show(place, 'canary/for-all');
  assert.is(await answerOf(server), true);
  const { ref: shown, branch, isDetached, revision, status } = await health(server);
  const head = await repository.git('rev-parse', 'canary/for-all');
  assert.equal([shown, branch, isDetached, revision, status], ['canary/for-all', null, false, head, 'ok']);
  await repository.git('checkout', '--quiet', 'canary/for-all');
  await repository.commit({ [FLAG]: textOf(false) }, 'off');
  await until(async () => (await answerOf(server)) === false);
});

ref('a tag, a commit, a parent of a branch and the branch of a remote too', async (place) => {
  const { repository } = place;
  const commit = await repository.git('rev-parse', '--short=8', 'canary/for-all');
  await repository.git('update-ref', 'refs/remotes/origin/side', 'canary/for-all');
  await repository.git('update-ref', 'refs/pull/12/head', 'canary/for-all');
  for (const [revision, value] of [
    ['v1', false],
    [commit, true],
    ['canary/for-all~1', false],
    ['origin/side', true],
    ['pull/12/head', true],
  ] as const) {
    const server = await show(place, revision);
    assert.is(await answerOf(server), value, revision);
    await server.close();
    place.servers.pop();
  }
});

ref('every write is 409 READ_ONLY, a dry run and a kill too, and no branch moves', async (place) => {
  const { repository } = place;
  const before = await repository.git('for-each-ref');
  const server = await show(place, 'canary/for-all');
  const token = await tokenOf({ superAdmin: true });
  for (const [path, method, body] of [
    ['/api/v1/feature-flags/dark-mode', 'PUT', { description: 'x' }],
    ['/api/v1/changes', 'POST', { dryRun: true, changes: [{ kind: 'flag.delete', flag: 'dark-mode' }] }],
    ['/api/v1/feature-flags/dark-mode/kill', 'POST', { reason: 'x' }],
    [
      '/api/v1/feature-flags',
      'POST',
      { feature_key: 'new-one', description: 'x', is_enabled: false, org_id: 'acme' },
    ],
  ] as const) {
    const answered = await server.ask(path, { method, body, token });
    const { error } = answered.body as {
      readonly error: { readonly code: string; readonly message: string };
    };
    assert.equal([answered.status, error.code], [409, 'READ_ONLY'], `${method} ${path}`);
    assert.match(error.message, 'only shows canary/for-all and takes no writes');
  }
  assert.is(await repository.git('for-each-ref'), before);
  assert.is(await repository.git('status', '--porcelain'), '');
});

ref('a revision that is not there, and a time, do not start', async (place) => {
  for (const [revision, code] of [
    ['nope', 'REVISION_NOT_FOUND'],
    ['2026-01-15T10:00:00Z', 'INVALID_REVISION'],
    ['a..b', 'INVALID_REVISION'],
  ]) {
    const error = await show(place, revision ?? '').then(
      () => undefined,
      (failure: { readonly code?: string }) => failure.code,
    );
    assert.is(error, code);
  }
});

ref('a branch that goes is told, and what it was is served on', async (place) => {
  const server = await show(place, 'canary/for-all');
  await place.repository.git('branch', '--quiet', '-D', 'canary/for-all');
  await until(async () => (await health(server)).status === 'degraded');
  assert.match(String((await health(server)).trouble), 'canary/for-all');
  assert.is(await answerOf(server), true);
});

ref(
  'of a remote one of its branches is shown and followed, and no branch of the clone moves',
  async (place) => {
    const origin = place.repository;
    const dir = temporaryFolder();
    const options = { repo: dir, ref: 'canary/for-all', remote: { url: origin.dir, pollMs: 100 } };
    const server = await serveRepository(origin, options);
    place.servers.push(server);
    await server.running.ready;
    assert.is(await answerOf(server), true);
    await origin.git('checkout', '--quiet', 'canary/for-all');
    await origin.commit({ [FLAG]: textOf(false) }, 'off');
    await until(async () => (await answerOf(server)) === false);
    const { ref: shown, remote } = await health(server);
    assert.equal(
      [shown, (remote as { readonly branch: string }).branch],
      ['canary/for-all', 'canary/for-all'],
    );
  },
);

ref.run();
