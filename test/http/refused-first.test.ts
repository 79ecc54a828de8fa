import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { emailOf, MATRIX_FILES, type RoleName } from './matrix-files.js';

const test = suite<{ server: TestServer }>('refused before git is read');
const CHANGES = '/api/v1/changes';

test.before.each(async (context) => {
  context.server = await serveFiles(MATRIX_FILES);
});
test.after.each(({ server }) => server.close());

/** What a caller of that role is answered, the words of it too. */
async function answer({ ask }: TestServer, role: RoleName, path: string, body: object): Promise<string> {
  const email = emailOf('acme', role);
  const { status, text } = await ask(path, { token: await tokenOf({ sub: email, email }), body });
  return `${status} ${(JSON.parse(text) as { error?: { message: string } }).error?.message}`;
}

function restore(fields: object): object {
  return { changes: [{ kind: 'flag.restore', flag: 'inner', ...fields }], dryRun: true };
}

test('who may restore nothing in a project is not told which revisions there are (P15)', async ({
  server,
}) => {
  for (const project of ['api', 'web-app', 'nowhere']) {
    for (const role of ['env member', 'env admin', 'project member', 'org member'] as const) {
      const there = await answer(server, role, CHANGES, restore({ project, to: 'main' }));
      assert.match(there, /^403 /);
      assert.is(await answer(server, role, CHANGES, restore({ project, to: 'no-such-branch' })), there);
    }
  }
  const admin = await answer(server, 'org admin', CHANGES, restore({ project: 'api', to: 'no-such-branch' }));
  assert.match(admin, /^404 /);
});

test('who has no role in a project is not told whether it is there (P15)', async ({ server }) => {
  const kill = (project: string) => ({ changes: [{ kind: 'flag.kill', flag: 'inner', project }] });
  for (const role of ['env member', 'env admin', 'project member'] as const) {
    const there = await answer(server, role, CHANGES, kill('api'));
    assert.match(there, /^403 /);
    assert.is(await answer(server, role, CHANGES, kill('nowhere')), there);
  }
  assert.match(await answer(server, 'org admin', CHANGES, kill('nowhere')), /^404 /);
});

test('a commit that the caller may not see can be taken back no more than one that is not there (P15)', async ({
  server,
}) => {
  const hidden = await server.repository.commit({
    'flags/acme/api/flags/inner.yaml': 'environments:\n  production: { enabled: false }\n',
  });
  const shared = await server.repository.commit({
    // No text, so it could not be written again as it was.
    'flags/acme/web-app/flags/banner.yaml': Buffer.from([0xff, 0xfe]),
    'flags/acme/api/flags/inner.yaml': 'environments:\n  production: { enabled: true }\n',
  });
  const root = await tokenOf({ superAdmin: true });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token: root });
  const revert = (role: RoleName, commit: string) =>
    answer(server, role, `${CHANGES}/${commit}/revert`, { org_id: 'acme', dryRun: true });
  const nobodys = '0123456789'.repeat(4);
  for (const role of ['env member', 'env admin', 'org member', 'project member', 'project admin'] as const) {
    const told = await revert(role, hidden);
    assert.is(told.replace(hidden, nobodys), await revert(role, nobodys), role);
  }
  assert.match(await revert('project admin', shared), /^403 /);
  assert.match(await revert('org admin', shared), /^409 /);
  assert.match(await revert('org admin', hidden), /^(200|409) /);
});

test.run();
