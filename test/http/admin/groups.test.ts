import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf, fileOf, objectOf, type Serving, sentenceOf, serving } from './serving.js';

const test = suite<Serving>('groups of the admin API');

const GROUPS = '/api/admin/groups';
const ORG = 'flags/acme/org.yaml';
const WEB = {
  key: 'web-team',
  name: 'Web team',
  members: ['lee@example.com'],
  permissions: ['project:web-app:admin'],
};

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

test('what a group may do, its members may in the very next request', async ({ server, marc, lee }) => {
  const rename = { method: 'PUT', token: lee, body: { name: 'Shop' } };
  assert.is((await server.ask('/api/admin/projects/web-app', rename)).status, 403);
  const made = await server.ask(GROUPS, { token: marc, body: WEB });
  assert.equal([made.status, made.body], [201, { ...WEB, organizationId: 'org-456' }]);
  assert.is(made.headers.location, `${GROUPS}/web-team`);
  assert.is((await server.ask('/api/admin/projects/web-app', rename)).status, 200);
  assert.equal((await server.ask(`${GROUPS}/web-team`, { token: marc })).body, made.body);
  assert.equal((await server.ask(GROUPS, { token: marc })).body, [made.body]);
  await server.ask(`${GROUPS}/web-team`, { method: 'PUT', token: marc, body: { members: [] } });
  assert.is((await server.ask('/api/admin/projects/web-app', rename)).status, 403);
});

test('an update changes what is given and leaves the rest', async ({ server, marc }) => {
  await server.ask(GROUPS, { token: marc, body: WEB });
  const one = `${GROUPS}/web-team`;
  const body = { key: 'web-team', members: ['lee@example.com', 'ana@example.com'], name: null };
  const changed = await server.ask(one, { method: 'PUT', token: marc, body });
  assert.equal(
    [changed.status, changed.body],
    [200, { ...WEB, name: 'web-team', members: body.members, organizationId: 'org-456' }],
  );
  const same = await server.ask(one, { method: 'PUT', token: marc, body: objectOf(changed) });
  assert.is(same.headers['flagstaff-changed'], 'false');
  const other = await server.ask(one, { method: 'PUT', token: marc, body: { key: 'other' } });
  assert.equal([other.status, sentenceOf(other)], [400, 'key: cannot be changed']);
});

test('a group that is deleted takes what it gave, and the last one the list', async ({
  server,
  marc,
  lee,
}) => {
  const before = fileOf(server, ORG);
  await server.ask(GROUPS, { token: marc, body: WEB });
  const gone = await server.ask(`${GROUPS}/web-team`, { method: 'DELETE', token: marc });
  assert.equal([gone.status, gone.body], [200, { success: true }]);
  assert.is(fileOf(server, ORG), before);
  const rename = { method: 'PUT', token: lee, body: { name: 'Shop' } };
  assert.is((await server.ask('/api/admin/projects/web-app', rename)).status, 403);
  const again = await server.ask(`${GROUPS}/web-team`, { method: 'DELETE', token: marc });
  assert.equal([again.status, codeOf(again)], [404, 'GROUP_NOT_FOUND']);
});

test('a group that has the last admin is neither deleted nor emptied', async ({ server, marc }) => {
  const admins = { key: 'admins', members: ['marc@example.com'], permissions: ['org:admin'] };
  await server.ask(GROUPS, { token: marc, body: admins });
  const alone = { method: 'PUT', token: marc, body: { permissions: [] } };
  assert.is((await server.ask('/api/admin/members/marc@example.com', alone)).status, 200);
  const asks = [
    { method: 'DELETE' },
    { method: 'PUT', body: { members: [] } },
    { method: 'PUT', body: { permissions: ['org:member'] } },
  ];
  for (const ask of asks) {
    const refused = await server.ask(`${GROUPS}/admins`, { ...ask, token: marc });
    assert.equal([refused.status, codeOf(refused)], [409, 'LAST_ADMIN']);
  }
});

test('what is wrong with a group is told with its place', async ({ server, marc }) => {
  const wrong: readonly [object, string][] = [
    [{}, 'key: is missing'],
    [{ key: 'Web Team' }, 'key: not in the grammar of keys'],
    [{ key: 'web', members: ['a@example.com', 'nobody'] }, 'members[1] is no e-mail address'],
    [{ key: 'web', members: [7] }, 'members[0]: wanted an e-mail address'],
    [{ key: 'web', members: ['a@example.com', 'A@example.com'] }, 'members[1]: is there twice'],
    [{ key: 'web', permissions: ['org:owner'] }, 'permissions[0]: wanted admin or member'],
  ];
  for (const [body, sentence] of wrong) {
    const answer = await server.ask(GROUPS, { token: marc, body });
    assert.is(answer.status, 400, sentence);
    assert.match(sentenceOf(answer), sentence);
  }
  await server.ask(GROUPS, { token: marc, body: WEB });
  const again = await server.ask(GROUPS, { token: marc, body: WEB });
  assert.equal([again.status, codeOf(again)], [409, 'GROUP_EXISTS']);
  assert.is((await server.ask(`${GROUPS}/Web%20Team`, { token: marc })).status, 400);
  assert.is((await server.ask(`${GROUPS}/none`, { token: marc })).status, 404);
});

test.run();
