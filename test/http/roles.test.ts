import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answered, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { emailOf, MATRIX_FILES, type RoleName } from './matrix-files.js';

const test = suite<{ server: TestServer }>('roles');
const FLAGS = '/api/v1/feature-flags';
const CHANGES = '/api/v1/changes';
const ACME_ORG = 'flags/acme/org.yaml';

test.before.each(async (context) => {
  context.server = await serveFiles(MATRIX_FILES);
});
test.after.each(({ server }) => server.close());

function token(role: RoleName, org = 'acme'): Promise<string> {
  const email = emailOf(org, role);
  return tokenOf({ sub: email, email });
}

function codeOf({ body }: Answered): string {
  return (body as { error: { code: string } }).error.code;
}

function keysOf({ body }: Answered): readonly string[] {
  return (body as { data: { feature_key: string; org_id: string }[] }).data.map(
    (flag) => `${flag.org_id}/${flag.feature_key}`,
  );
}

/** Gives the same person a role in more organizations. */
function sharedOrg(org: string, permission: string): string {
  return `id: org_${org}\ndefaultProject: web-app\nmembers:\n  - { email: both@example.com, permissions: ['${permission}'] }\n`;
}

async function loaded({ ask }: TestServer, ...orgs: readonly string[]): Promise<void> {
  const root = await tokenOf({ superAdmin: true });
  for (const org of orgs) await ask(`${FLAGS}/load/${org}`, { method: 'POST', token: root });
}

test('a list shows the flags of the default projects that the caller may view (004, P15)', async ({
  server,
}) => {
  const lists = [
    { who: await token('project member'), sees: ['org_acme/banner'] },
    { who: await token('org admin', 'globex'), sees: ['org_globex/banner'] },
    { who: await token('org member'), sees: [] },
    { who: await token('env admin'), sees: [] },
    { who: await tokenOf({ sub: 'nobody', email: 'nobody@example.com' }), sees: [] },
    { who: await tokenOf({ superAdmin: true }), sees: ['org_acme/banner', 'org_globex/banner'] },
  ];
  for (const { who, sees } of lists) assert.equal(keysOf(await server.ask(FLAGS, { token: who })), sees);
});

test('a key that several organizations have is refused with those that the caller may see (000, P15)', async ({
  server,
}) => {
  const initech = Object.entries(MATRIX_FILES)
    .filter(([path]) => path.startsWith('flags/globex/') && !path.endsWith('keys.yaml'))
    .map(([path, text]) => [path.replace('globex', 'initech'), text] as const);
  await server.repository.commit({
    ...Object.fromEntries(initech),
    'flags/initech/org.yaml': 'id: org_initech\ndefaultProject: web-app\n',
    [ACME_ORG]: sharedOrg('acme', 'project:web-app:member'),
    'flags/globex/org.yaml': sharedOrg('globex', 'org:admin'),
  });
  await loaded(server, 'acme', 'globex', 'initech');
  const both = await tokenOf({ sub: 'both', email: 'both@example.com' });
  const answered = await server.ask(`${FLAGS}/banner`, { token: both });
  assert.is(answered.status, 409);
  const { error } = answered.body as { error: { code: string; details: { organizations: string[] } } };
  assert.is(error.code, 'AMBIGUOUS_KEY');
  assert.equal(error.details.organizations, ['org_acme', 'org_globex']);
});

test('an environment’s admin turns a flag on there, and changes nothing else of it (004)', async ({
  server,
}) => {
  const admin = await token('env admin');
  const put = (body: object) => server.ask(`${FLAGS}/banner`, { method: 'PUT', token: admin, body });
  assert.is((await put({ is_enabled: false })).status, 200);
  for (const body of [{ description: 'x' }, { is_enabled: true, description: 'x' }, {}]) {
    const answered = await put(body);
    assert.is(answered.status, 403, JSON.stringify(body));
    assert.is(codeOf(answered), 'FORBIDDEN');
  }
  const kill = (environment: string) =>
    server.ask(`${FLAGS}/banner/kill`, { token: admin, body: { environment, reason: 'it burns' } });
  assert.is((await kill('production')).status, 200);
  assert.is((await kill('development')).status, 403);
});

test('a kill answers with the environment that it was in, not with one that its caller may not see (P15)', async ({
  server,
}) => {
  const org = String(MATRIX_FILES[ACME_ORG]);
  const banner = 'flags/acme/web-app/flags/banner.yaml';
  const text = String(MATRIX_FILES[banner]).replace(
    'environments:\n',
    'environments:\n  development: { enabled: true }\n',
  );
  await server.repository.commit({
    [ACME_ORG]: org.replace('env:web-app/production:admin', 'env:web-app/development:admin'),
    [banner]: text,
  });
  await loaded(server, 'acme');
  const asked = { token: await token('env admin'), body: { environment: 'development', reason: 'it burns' } };
  const turn = async (what: string) => {
    const { status, body } = await server.ask(`${FLAGS}/banner/${what}`, asked);
    return [status, (body as { is_enabled: boolean }).is_enabled];
  };
  assert.equal(await turn('kill'), [200, false]);
  await server.ask(`${FLAGS}/banner/kill`, { token: await token('org admin'), body: { reason: 'it burns' } });
  assert.equal(await turn('unkill'), [200, true]);
});

test('one change that the caller may not make refuses the whole set', async ({ server }) => {
  const kill = { kind: 'flag.kill', flag: 'banner', environment: 'production' };
  const remove = { kind: 'flag.delete', flag: 'banner' };
  const admin = await token('env admin');
  const head = await server.repository.head();
  for (const changes of [
    [kill, remove],
    [remove, kill],
  ]) {
    for (const dryRun of [false, true]) {
      const answered = await server.ask(CHANGES, { token: admin, body: { changes, dryRun } });
      assert.is(answered.status, 403);
    }
  }
  assert.is(await server.repository.head(), head);
  assert.is((await server.ask(CHANGES, { token: admin, body: { changes: [kill] } })).status, 201);
});

test('what an exception is to count in may be any JSON: it is refused, and is no fault of the server (RELIABILITY 3)', async ({
  server,
}) => {
  for (const environments of [{}, null, 5, true, 'production', [5]]) {
    const changes = [{ kind: 'override.create', flag: 'banner', entry: { users: ['u-9'], environments } }];
    const answer = async (role: RoleName) =>
      (await server.ask(CHANGES, { token: await token(role), body: { changes } })).status;
    assert.is(await answer('env admin'), 403, JSON.stringify(environments));
    assert.is(await answer('project admin'), 422, JSON.stringify(environments));
  }
  assert.equal(
    server.log.filter((line) => line.includes('Error')),
    [],
  );
});

test('the past is for those who may view its project today (DESIGN 8)', async ({ server }) => {
  const before = await server.repository.head();
  const member = await token('project member');
  const past = (path: string) => server.ask(`${FLAGS}${path}at=${before}`, { token: member });
  assert.equal(keysOf(await past('?')), ['org_acme/banner']);
  assert.is((await past('/banner?')).status, 200);

  const org = String(MATRIX_FILES[ACME_ORG]);
  await server.repository.commit({ [ACME_ORG]: org.replace('project:web-app:member', 'project:api:member') });
  await loaded(server, 'acme');
  assert.equal(keysOf(await past('?')), []);
  assert.is((await past('/banner?')).status, 403);
  assert.is((await past('?org_id=acme&')).status, 403);
  const evaluated = await server.ask('/ofrep/v1/evaluate/flags/banner', {
    ...{ token: member, body: {}, headers: { 'Flagstaff-At': before } },
  });
  assert.is(evaluated.status, 403);

  await server.repository.commit({ [ACME_ORG]: org.replace('project-member@', 'somebody-else@') });
  await loaded(server, 'acme');
  assert.is((await past('?org_id=acme&')).status, 404);
  assert.is((await past('/banner?')).status, 404);
});

test('another default project of the past does not show what today’s roles hide', async ({ server }) => {
  const org = String(MATRIX_FILES[ACME_ORG]);
  const past = await server.repository.commit({
    [ACME_ORG]: org.replace('defaultProject: web-app', 'defaultProject: api'),
  });
  await server.repository.commit({ [ACME_ORG]: org });
  await loaded(server, 'acme');
  const member = await token('project member');
  assert.equal(keysOf(await server.ask(`${FLAGS}?at=${past}`, { token: member })), []);
  assert.is((await server.ask(`${FLAGS}/inner?at=${past}`, { token: member })).status, 403);
  const admin = await token('org admin');
  assert.equal(keysOf(await server.ask(`${FLAGS}?at=${past}`, { token: admin })), ['org_acme/inner']);
});

test('the log tells of the projects that the caller may view, and of org.yaml to the organization’s admins', async ({
  server,
}) => {
  const { repository, ask } = server;
  const org = String(MATRIX_FILES[ACME_ORG]);
  const flags = [
    await repository.commit({ 'flags/acme/web-app/segments/beta.yaml': 'include: { users: [u-2] }\n' }),
    await repository.commit({
      'flags/acme/api/flags/inner.yaml': 'environments:\n  production: { enabled: false }\n',
    }),
    await repository.commit({ [ACME_ORG]: `name: Acme\n${org}` }),
  ] as const;
  await loaded(server, 'acme');
  const logOf = async (role: RoleName) => {
    const { body } = await ask(CHANGES, { token: await token(role) });
    const { data } = body as { data: { commit: string; files: { path: string }[] }[] };
    return { commits: data.slice(0, -1).map(({ commit }) => commit), first: data.at(-1)?.files ?? [] };
  };
  assert.equal((await logOf('org admin')).commits, [...flags].reverse());
  const member = await logOf('project member');
  assert.equal(member.commits, [flags[0]]);
  assert.ok(member.first.every(({ path }) => path.startsWith('flags/acme/web-app/')));

  const one = async (commit: string) =>
    (await ask(`${CHANGES}/${commit}`, { token: await token('project member') })).status;
  assert.equal([await one(flags[0]), await one(flags[1]), await one(flags[2])], [200, 404, 404]);
  const ofApi = await ask(`${CHANGES}?project=api`, { token: await token('project member') });
  assert.is(ofApi.status, 403);
});

test('evaluation asks for a role in that environment (004)', async ({ server }) => {
  const member = await token('env member');
  const evaluate = (place: string) =>
    server.ask(`/orgs/acme/projects/${place}/ofrep/v1/evaluate/flags`, { token: member, body: {} });
  assert.is((await evaluate('web-app/environments/production')).status, 200);
  assert.is((await evaluate('web-app/environments/development')).status, 403);
  assert.is((await evaluate('api/environments/production')).status, 403);
  assert.is((await evaluate('web-app/environments/nowhere')).status, 403);
  assert.is((await evaluate('nowhere/environments/production')).status, 403);
});

test('a refusal names no project that the caller may not see', async ({ server }) => {
  const path = 'flags/acme/org.yaml';
  const org = String(MATRIX_FILES[path]).replace(
    'env:web-app/production:member',
    'env:api/production:member',
  );
  await server.repository.commit({ [path]: org });
  await loaded(server, 'acme');
  const answered = await server.ask(`${FLAGS}/banner`, { token: await token('env member') });
  assert.is(answered.status, 403);
  assert.not.match(answered.text, /web-app/);
});

test('a role that is given or taken counts for the next request', async ({ server }) => {
  const put = {
    method: 'PUT',
    body: { is_enabled: false },
    token: await tokenOf({ sub: 'new', email: 'new@example.com' }),
  };
  assert.is((await server.ask(`${FLAGS}/banner?org_id=acme`, put)).status, 404);
  const org = String(MATRIX_FILES[ACME_ORG]).replace(
    'members:\n',
    "members:\n  - { email: NEW@example.com, permissions: ['env:web-app/production:admin'] }\n",
  );
  await server.repository.commit({ [ACME_ORG]: org });
  await loaded(server, 'acme');
  assert.is((await server.ask(`${FLAGS}/banner?org_id=acme`, put)).status, 200);
});

test('a role in an environment ends with it, and comes back with none of that key (P15)', async ({
  server,
}) => {
  const org = String(MATRIX_FILES[ACME_ORG]);
  const old = "members:\n  - { email: old@example.com, permissions: ['env:web-app/development:admin'] }\n";
  await server.repository.commit({ [ACME_ORG]: org.replace('members:\n', old) });
  await loaded(server, 'acme');
  const environments = '/api/admin/projects/web-app/environments';
  const listed = async () => {
    const asked = { token: await tokenOf({ sub: 'old', email: 'old@example.com' }) };
    return (await server.ask(`${environments}/development/api-keys?organizationId=acme`, asked)).status;
  };
  assert.is(await listed(), 200);
  const admin = await token('project admin');
  const gone = await server.ask(`${environments}/development`, { method: 'DELETE', token: admin });
  assert.is(gone.status, 200);
  const made = await server.ask(environments, { token: admin, body: { key: 'development' } });
  assert.is(made.status, 201);
  assert.is(await listed(), 404);
});

test.run();
