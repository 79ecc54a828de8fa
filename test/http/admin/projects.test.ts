import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { numericId } from '../../../src/model/ids.js';
import { tokenOf } from '../../support/http.js';
import { codeOf, fileOf, objectOf, type Serving, sentenceOf, serving } from './serving.js';

const test = suite<Serving>('projects of the admin API');

const PROJECTS = '/api/admin/projects';

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

test('people see the projects in which they have a role, in exactly the shape of the seed', async ({
  server,
  lee,
}) => {
  const { status, body } = await server.ask(PROJECTS, { token: lee });
  assert.is(status, 200);
  const [only] = body as readonly Record<string, unknown>[];
  assert.equal(body, [
    { id: only?.id, key: 'web-app', name: 'web-app', description: '', organizationId: 'org-456' },
  ]);
  assert.type(only?.id, 'number');
});

test('a super admin lists the projects of all organizations, and somebody without a role none', async ({
  server,
}) => {
  const all = await server.ask(PROJECTS, { token: await tokenOf({ sub: 'root', superAdmin: true }) });
  assert.equal(
    (all.body as readonly { key: string }[]).map(({ key }) => key),
    ['web-app', 'site'],
  );
  const nobody = await server.ask(PROJECTS, { token: await tokenOf({ email: 'new@example.com' }) });
  assert.equal([nobody.status, nobody.body], [200, []]);
});

test('a project is made with a folder, and read by its number and its key', async ({ server, marc }) => {
  const body = { key: 'my-app', name: 'My app', environments: ['test', { key: 'live', name: 'Live' }] };
  const made = await server.ask(PROJECTS, { token: marc, body });
  assert.is(made.status, 201);
  const { id } = objectOf(made);
  assert.equal(made.body, {
    id,
    key: 'my-app',
    name: 'My app',
    description: '',
    organizationId: 'org-456',
  });
  assert.is(made.headers.location, `${PROJECTS}/${id}`);
  assert.is(
    fileOf(server, 'flags/acme/my-app/project.yaml'),
    'name: My app\nenvironments:\n  - test\n  - { key: live, name: Live }\n',
  );
  for (const name of [id, 'my-app']) {
    assert.equal((await server.ask(`${PROJECTS}/${name}`, { token: marc })).body, made.body);
  }
  const again = await server.ask(PROJECTS, { token: marc, body });
  assert.equal([again.status, codeOf(again)], [409, 'PROJECT_EXISTS']);
});

test('callers who name no project go on to ask the one that they asked before', async ({ server, marc }) => {
  const list = '/api/v1/feature-flags?org_id=acme';
  const before = await server.ask(list);
  await server.ask(PROJECTS, { token: marc, body: { key: 'a-first-one' } });
  assert.equal((await server.ask(list)).body, before.body);
  assert.match(fileOf(server, 'flags/acme/org.yaml'), '\ndefaultProject: web-app\n');
});

test('what is wrong with a new project is told with its place', async ({ server, marc }) => {
  const wrong: readonly [object, string][] = [
    [{}, 'key: is missing'],
    [{ key: 'My App' }, 'key: not in the grammar of keys'],
    [{ key: 'x', environments: [] }, 'environments: wanted a list of 1 to 100 items'],
    [{ key: 'x', environments: ['a', { key: 'B' }] }, 'environments[1].key: not in the grammar of keys'],
    [{ key: 'x', colour: 'red' }, 'colour: no such field'],
  ];
  for (const [body, sentence] of wrong) {
    const answer = await server.ask(PROJECTS, { token: marc, body });
    assert.is(answer.status, 400, sentence);
    assert.match(sentenceOf(answer), sentence);
  }
});

test('an update changes what is given and leaves the rest of the file', async ({ server, marc }) => {
  const one = `${PROJECTS}/web-app`;
  const first = await server.ask(one, { token: marc });
  const { id } = objectOf(first);
  const body = { id, key: 'web-app', organizationId: 'org-456', name: 'Shop', description: 'All of it' };
  const headers = { 'If-Match': String(first.headers.etag) };
  const updated = await server.ask(one, { method: 'PUT', token: marc, body, headers });
  assert.equal([updated.status, updated.body], [200, { ...body }]);
  assert.is(
    fileOf(server, 'flags/acme/web-app/project.yaml'),
    'name: Shop\ndescription: All of it\nenvironments: [development, production]\n',
  );
  const stale = await server.ask(one, { method: 'PUT', token: marc, body: { name: 'X' }, headers });
  assert.is(stale.status, 412);
  const same = await server.ask(one, { method: 'PUT', token: marc, body });
  assert.is(same.headers['flagstaff-changed'], 'false');
  const other = await server.ask(one, { method: 'PUT', token: marc, body: { key: 'other' } });
  assert.equal([other.status, sentenceOf(other)], [400, 'key: cannot be changed']);
});

test('null takes a text out of the file', async ({ server, marc }) => {
  const one = `${PROJECTS}/web-app`;
  await server.ask(one, { method: 'PUT', token: marc, body: { name: 'Shop' } });
  const answer = await server.ask(one, { method: 'PUT', token: marc, body: { name: null } });
  assert.is(objectOf(answer).name, 'web-app');
  assert.is(fileOf(server, 'flags/acme/web-app/project.yaml'), 'environments: [development, production]\n');
});

test('the default environment moves to another one of the project, and the one before can go', async ({
  server,
  marc,
}) => {
  const one = `${PROJECTS}/web-app`;
  const put = (body: object) => server.ask(one, { method: 'PUT', token: marc, body });
  const remove = () =>
    server.ask(`${one}/environments/production?cascade=true`, { method: 'DELETE', token: marc });
  const before = await remove();
  assert.equal([before.status, codeOf(before)], [409, 'DEFAULT_ENVIRONMENT']);
  const moved = await put({ defaultEnvironment: 'development' });
  assert.equal([moved.status, 'defaultEnvironment' in objectOf(moved)], [200, false]);
  assert.is(
    fileOf(server, 'flags/acme/web-app/project.yaml'),
    'environments: [development, production]\ndefaultEnvironment: development\n',
  );
  assert.is((await put({ defaultEnvironment: 'staging' })).status, 422);
  const odd = await put({ defaultEnvironment: 'Not a key' });
  assert.equal([odd.status, sentenceOf(odd)], [400, 'defaultEnvironment: not in the grammar of keys']);
  assert.is((await remove()).status, 200);
  assert.is((await put({ defaultEnvironment: null })).status, 200);
  assert.is(fileOf(server, 'flags/acme/web-app/project.yaml'), 'environments: [development]\n');
});

test('a project with something in it is deleted only with all of it', async ({ server, marc }) => {
  const one = `${PROJECTS}/web-app`;
  const refused = await server.ask(one, { method: 'DELETE', token: marc });
  assert.equal([refused.status, codeOf(refused)], [409, 'PROJECT_IN_USE']);
  const deleted = await server.ask(`${one}?cascade=true`, { method: 'DELETE', token: marc });
  assert.equal([deleted.status, deleted.body], [200, { success: true }]);
  assert.not.ok(existsSync(join(server.repository.dir, 'flags/acme/web-app')));
  assert.is((await server.ask(one, { token: marc })).status, 404);
  const odd = await server.ask(`${one}?cascade=yes`, { method: 'DELETE', token: marc });
  assert.is(odd.status, 404);
});

test('members see projects and do not change them', async ({ server, lee, ana }) => {
  const put = { method: 'PUT', body: { name: 'Mine' } };
  assert.is((await server.ask(`${PROJECTS}/web-app`, { token: ana })).status, 200);
  assert.is((await server.ask(`${PROJECTS}/web-app`, { token: lee, ...put })).status, 403);
  assert.is((await server.ask(PROJECTS, { token: lee, body: { key: 'new' } })).status, 403);
  assert.is((await server.ask(`${PROJECTS}/site`, { token: lee })).status, 404);
  assert.is((await server.ask(`${PROJECTS}?organizationId=globex`, { token: lee })).status, 404);
});

test('environments are listed in the order of promotion, and one more comes last', async ({
  server,
  marc,
}) => {
  const list = `${PROJECTS}/web-app/environments`;
  const made = await server.ask(list, { token: marc, body: { key: 'staging', name: 'Staging' } });
  assert.is(made.status, 201);
  const { id, projectId } = objectOf(made);
  assert.equal(made.body, { id, key: 'staging', name: 'Staging', projectId });
  assert.is(made.headers.location, `${list}/${id}`);
  const all = (await server.ask(list, { token: marc })).body as readonly { key: string }[];
  assert.equal(
    all.map(({ key }) => key),
    ['development', 'production', 'staging'],
  );
  assert.is(
    fileOf(server, 'flags/acme/web-app/project.yaml'),
    'environments: [development, production, { key: staging, name: Staging }]\n',
  );
});

test('an environment has a name that changes and a key that stays', async ({ server, marc }) => {
  const one = `${PROJECTS}/web-app/environments/production`;
  const renamed = await server.ask(one, { method: 'PUT', token: marc, body: { name: 'Live' } });
  assert.equal([renamed.status, objectOf(renamed).name], [200, 'Live']);
  assert.equal((await server.ask(one, { token: marc })).body, renamed.body);
  const moved = await server.ask(one, { method: 'PUT', token: marc, body: { key: 'live' } });
  assert.is(moved.status, 400);
});

test('an environment that files name is deleted only with what is theirs', async ({ server, marc }) => {
  const list = `${PROJECTS}/web-app/environments`;
  const refused = await server.ask(`${list}/development`, { method: 'DELETE', token: marc });
  assert.equal([refused.status, codeOf(refused)], [409, 'ENVIRONMENT_IN_USE']);
  const gone = await server.ask(`${list}/development?cascade=true`, { method: 'DELETE', token: marc });
  assert.is(gone.status, 200);
  assert.not.match(fileOf(server), 'development');
  assert.match(fileOf(server), '# Legal said yes to these on the 3rd.');
  const last = await server.ask(`${list}/production?cascade=true`, { method: 'DELETE', token: marc });
  assert.is(last.status, 409);
});

test('the admin of an environment sees it, and is not told of the others', async ({ server, ana }) => {
  const list = `${PROJECTS}/web-app/environments`;
  assert.is((await server.ask(`${list}/production`, { token: ana })).status, 200);
  assert.is((await server.ask(`${list}/development`, { token: ana })).status, 403);
  assert.is((await server.ask(list, { token: ana })).status, 403);
});

test('numbers are those of ids, and one of another organization is not found', async ({ server, lee }) => {
  const other = numericId('org-of-nobody');
  assert.is((await server.ask(`${PROJECTS}/${other}`, { token: lee })).status, 404);
});

test.run();
