import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tokenOf } from '../../support/http.js';
import { codeOf, fileOf, objectOf, type Serving, sentenceOf, serving } from './serving.js';

const test = suite<Serving>('members of the admin API');

const MEMBERS = '/api/admin/members';
const ORG = 'flags/acme/org.yaml';
const FLAG = '/api/admin/projects/web-app/flags/layout';

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

test('everybody with a role is listed, behind the listed members those who are only in groups', async ({
  server,
  marc,
}) => {
  const group = { key: 'web', members: ['Lee@example.com', 'zoe@example.com'], permissions: ['org:member'] };
  await server.ask('/api/admin/groups', { token: marc, body: group });
  const { status, body } = await server.ask(MEMBERS, { token: marc });
  const of = (email: string, permissions: readonly string[], groups: readonly string[]) => ({
    ...{ email, name: '', permissions, groups, organizationId: 'org-456' },
  });
  assert.equal(
    [status, body],
    [
      200,
      [
        of('marc@example.com', ['org:admin'], []),
        of('ana@example.com', ['env:web-app/production:admin'], []),
        of('lee@example.com', ['project:web-app:member'], ['web']),
        of('zoe@example.com', [], ['web']),
      ],
    ],
  );
});

test('a new member is a line of the file, and their role counts in the very next request', async ({
  server,
  marc,
}) => {
  const token = await tokenOf({ sub: 'zoe', email: 'Zoe@Example.com' });
  assert.is((await server.ask(FLAG, { token })).status, 404);
  const body = { email: 'zoe@example.com', name: 'Zoe', permissions: ['project:web-app:admin'] };
  const made = await server.ask(MEMBERS, { token: marc, body });
  assert.is(made.status, 201);
  assert.equal(made.body, { ...body, groups: [], organizationId: 'org-456' });
  assert.is((await server.ask(FLAG, { token })).status, 200);
  assert.is(made.headers.location, `${MEMBERS}/zoe%40example.com`);
  assert.equal((await server.ask(String(made.headers.location), { token: marc })).body, made.body);
  assert.match(
    fileOf(server, ORG),
    '\n  - { email: zoe@example.com, name: Zoe, permissions: [project:web-app:admin] }\n',
  );
  const again = await server.ask(MEMBERS, { token: marc, body: { email: 'ZOE@example.com' } });
  assert.equal([again.status, codeOf(again)], [409, 'MEMBER_EXISTS']);
});

test('a member who is given less may do less in the very next request, and keeps the rest', async ({
  server,
  marc,
  ana,
}) => {
  const layout = '/api/admin/projects/web-app/environments/production/flags/layout';
  const kill = { method: 'POST', token: ana, body: { reason: 'orders are lost' } };
  assert.is((await server.ask(`${layout}/kill`, kill)).status, 200);
  const one = `${MEMBERS}/ana@example.com`;
  const body = { permissions: ['env:web-app/production:member'] };
  const changed = await server.ask(one, { method: 'PUT', token: marc, body });
  assert.equal([changed.status, objectOf(changed).permissions], [200, body.permissions]);
  assert.is((await server.ask(`${layout}/kill`, kill)).status, 403);
  const none = await server.ask(one, { method: 'PUT', token: marc, body: { permissions: null } });
  assert.equal([none.status, objectOf(none).permissions], [200, []]);
  assert.match(fileOf(server, ORG), '\n  - { email: ana@example.com }\n');
  assert.is((await server.ask(`${layout}/kill`, kill)).status, 404);
});

test('who is removed leaves the groups too, and has no role at once', async ({ server, marc, lee }) => {
  const group = { key: 'web', members: ['LEE@example.com', 'ana@example.com'], permissions: ['org:member'] };
  await server.ask('/api/admin/groups', { token: marc, body: group });
  const before = await server.repository.head();
  const gone = await server.ask(`${MEMBERS}/Lee%40example.com`, { method: 'DELETE', token: marc });
  assert.equal([gone.status, gone.body], [200, { success: true }]);
  assert.is((await server.ask(FLAG, { token: lee })).status, 404);
  assert.not.match(fileOf(server, ORG), /lee@/i);
  assert.equal(objectOf(await server.ask('/api/admin/groups/web', { token: marc })).members, [
    'ana@example.com',
  ]);
  assert.is(await server.repository.git('rev-parse', `${gone.headers['flagstaff-commit']}^`), before);
  const again = await server.ask(`${MEMBERS}/lee@example.com`, { method: 'DELETE', token: marc });
  assert.equal([again.status, codeOf(again)], [404, 'MEMBER_NOT_FOUND']);
});

test('people who are removed at once leave their group, and nobody else does', async ({ server, marc }) => {
  const members = ['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com'];
  const group = { key: 'web', members, permissions: ['org:member'] };
  await server.ask('/api/admin/groups', { token: marc, body: group });
  const asked = ['a', 'b', 'c'].map((name) =>
    server.ask(`${MEMBERS}/${name}@example.com`, { method: 'DELETE', token: marc }),
  );
  assert.equal(
    (await Promise.all(asked)).map(({ status }) => status),
    [200, 200, 200],
  );
  const left = objectOf(await server.ask('/api/admin/groups/web', { token: marc }));
  assert.equal(left.members, ['d@example.com']);
});

test('a file that is broken in git is not written, and what was served of it stays', async ({
  server,
  marc,
}) => {
  const broken = `${fileOf(server, ORG)}groups: 7\n`;
  const commit = await server.repository.commit({ [ORG]: broken });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token: marc });
  const body = { email: 'zoe@example.com' };
  const refused = await server.ask(MEMBERS, { token: marc, body });
  assert.equal([refused.status, codeOf(refused)], [409, 'FILE_BROKEN']);
  assert.is((await server.ask(`${MEMBERS}/lee@example.com`, { token: marc })).status, 200);
  assert.is(await server.repository.head(), commit);
});

test('the last admin stays, until there is another one; only a super admin may leave none', async ({
  server,
  marc,
}) => {
  const one = `${MEMBERS}/marc@example.com`;
  const root = await tokenOf({ sub: 'root', email: 'root@example.com', superAdmin: true });
  const less = { method: 'PUT', body: { permissions: ['org:member'] } };
  for (const ask of [less, { method: 'DELETE' }]) {
    const refused = await server.ask(one, { ...ask, token: marc });
    assert.equal([refused.status, codeOf(refused)], [409, 'LAST_ADMIN']);
  }
  const admins = { key: 'admins', members: ['ana@example.com'], permissions: ['org:admin'] };
  await server.ask('/api/admin/groups', { token: marc, body: admins });
  assert.is((await server.ask(one, { ...less, token: marc })).status, 200);
  assert.is((await server.ask(MEMBERS, { token: marc })).status, 403);
  const ana = `${MEMBERS}/ana@example.com?organizationId=acme`;
  assert.is((await server.ask(ana, { method: 'DELETE', token: root })).status, 200);
});

test('who is only in groups is a member to be read, listed and removed', async ({ server, marc }) => {
  const group = { key: 'web', members: ['zoe@example.com'], permissions: ['org:member'] };
  await server.ask('/api/admin/groups', { token: marc, body: group });
  const one = `${MEMBERS}/zoe@example.com`;
  const body = { name: 'Zoe', groups: ['web'] };
  const named = await server.ask(one, { method: 'PUT', token: marc, body });
  assert.equal([named.status, objectOf(named).name], [200, 'Zoe']);
  assert.match(fileOf(server, ORG), '\n  - { email: zoe@example.com, name: Zoe }\n');
  const moved = await server.ask(one, { method: 'PUT', token: marc, body: { groups: [] } });
  assert.equal([moved.status, sentenceOf(moved)], [400, 'groups: cannot be changed']);
});

test('what nobody could have is refused with its place', async ({ server, marc }) => {
  const wrong: readonly [object, string][] = [
    [{}, 'email: is missing'],
    [{ email: 'nobody' }, 'email is no e-mail address'],
    [{ email: 'x@example.com\nBcc: y@example.com' }, 'email is no e-mail address'],
    [{ email: 'x@example.com', name: 'X <y@example.com>' }, 'name of the person'],
    [{ email: 'x@example.com', role: 'admin' }, 'role: no such field'],
    ...[
      ...['admin', 'org', 'org:owner', 'org:x:admin', 'project:admin', 'project:Web:admin', 'flag:x:admin'],
      ...['env:web-app:admin', 'env:web-app/a/b:admin', 'project:a:b:admin', 'org:admin ', '', 7, null],
    ].map((text): [object, string] => [
      { email: 'x@example.com', permissions: ['org:member', text] },
      'permissions[1]: wanted admin or member of a scope',
    ]),
    [{ email: 'x@example.com', permissions: ['org:member', 'org:member'] }, 'permissions[1]: is there twice'],
  ];
  for (const [body, sentence] of wrong) {
    const answer = await server.ask(MEMBERS, { token: marc, body });
    assert.is(answer.status, 400, sentence);
    assert.match(sentenceOf(answer), sentence);
  }
});

test('a role in what is not there is refused, with what is; one that git gave stays where it is', async ({
  server,
  marc,
}) => {
  const member = { email: 'x@example.com', permissions: ['org:member'] };
  await server.ask(MEMBERS, { token: marc, body: member });
  const requests = (permissions: readonly string[]): readonly (readonly [string, object])[] => [
    [MEMBERS, { body: { email: 'y@example.com', permissions } }],
    [`${MEMBERS}/x@example.com`, { method: 'PUT', body: { permissions } }],
    ['/api/admin/groups', { body: { key: 'web', permissions } }],
    ['/api/admin/invitations', { body: { email: 'y@example.com', permissions } }],
  ];
  const wrong: readonly [string, string][] = [
    ['project:web-ap:admin', 'permissions[1]: there is no project web-ap; did you mean web-app?'],
    ['env:globex/production:member', 'permissions[1]: there is no project globex; known: web-app'],
    [
      'env:web-app/staging:admin',
      'permissions[1]: there is no environment staging in project web-app; known: development, production',
    ],
  ];
  const head = await server.repository.head();
  for (const [permission, sentence] of wrong) {
    for (const [path, ask] of requests(['org:member', permission])) {
      const refused = await server.ask(path, { ...ask, token: marc });
      assert.equal([refused.status, codeOf(refused), sentenceOf(refused)], [422, 'UNKNOWN_SCOPE', sentence]);
    }
  }
  assert.is(await server.repository.head(), head);
  await server.repository.commit({
    [ORG]: fileOf(server, ORG).replace('[org:member]', '[project:old:admin]'),
  });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token: marc });
  const more = { permissions: ['project:old:admin', 'project:web-app:member'] };
  const kept = await server.ask(`${MEMBERS}/x@example.com`, { method: 'PUT', token: marc, body: more });
  assert.equal([kept.status, objectOf(kept).permissions], [200, more.permissions]);
});

test('an address in a path is decoded once', async ({ server, marc }) => {
  const email = 'a+b%2f/c@example.com';
  const made = await server.ask(MEMBERS, { token: marc, body: { email } });
  assert.is(made.status, 201);
  const read = await server.ask(`${MEMBERS}/a+b%252f%2Fc%40example.com`, { token: marc });
  assert.equal([read.status, objectOf(read).email], [200, email]);
  assert.is((await server.ask(`${MEMBERS}/no-address`, { token: marc })).status, 400);
  assert.is((await server.ask(`${MEMBERS}/a%0a@example.com`, { token: marc })).status, 400);
});

test('a version that is named must be the one that is there; else whoever is second looks again', async ({
  server,
  marc,
}) => {
  const list = await server.ask(MEMBERS, { token: marc });
  const headers = { 'If-Match': String(list.headers.etag) };
  const names = ['a', 'b', 'c', 'd', 'e'];
  const made = names.map((name) =>
    server.ask(MEMBERS, { token: marc, body: { email: `${name}@example.com` } }),
  );
  assert.equal(
    (await Promise.all(made)).map(({ status }) => status),
    [201, 201, 201, 201, 201],
  );
  const stale = { method: 'PUT', token: marc, body: { name: 'Ana' }, headers };
  assert.is((await server.ask(`${MEMBERS}/ana@example.com`, stale)).status, 412);
});

test('an organization without a file gets one with its first member', async ({ server }) => {
  const root = await tokenOf({ sub: 'root', email: 'root@example.com', superAdmin: true });
  await server.repository.commit({ 'flags/initech/site/project.yaml': 'environments: [production]\n' });
  await server.ask('/api/v1/feature-flags/load/initech', { method: 'POST', token: root });
  const body = { email: 'bill@example.com', permissions: ['org:admin'] };
  const made = await server.ask(`${MEMBERS}?organizationId=initech`, { token: root, body });
  assert.is(made.status, 201);
  const bill = await tokenOf({ sub: 'bill', email: 'bill@example.com' });
  assert.is((await server.ask(MEMBERS, { token: bill })).status, 200);
});

test.run();
