import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mintToken } from '../../../src/http/auth.js';
import { SECRET, serveFiles, tokenOf } from '../../support/http.js';
import { startProvider } from '../../support/provider.js';
import { until } from '../../support/until.js';
import { FILES } from './sample.js';
import { codeOf, fileOf, objectOf, type Serving, sentenceOf, serving } from './serving.js';

const test = suite<Serving>('invitations of the admin API');

const INVITATIONS = '/api/admin/invitations';
const MINE = '/api/admin/me/invitations';
const ORG = 'flags/acme/org.yaml';
const ZOE = { email: 'zoe@example.com', permissions: ['project:web-app:admin'] };
const ACCEPT = `${INVITATIONS}/zoe@example.com/accept`;

test.before.each(async (context) => {
  Object.assign(context, await serving({ now: () => Date.UTC(2026, 2, 26, 12, 0, 0, 500) }));
});
test.after.each(({ server }) => server.close());

function zoe(): Promise<string> {
  return tokenOf({ sub: 'zoe', email: 'Zoe@Example.com', name: 'Zoe' });
}

test('an invitation says who asked and when, and gives nothing', async ({ server, marc }) => {
  const made = await server.ask(INVITATIONS, { token: marc, body: ZOE });
  const shown = {
    ...ZOE,
    invitedBy: 'marc@example.com',
    invitedAt: '2026-03-26T12:00:00Z',
    organizationId: 'org-456',
  };
  assert.equal([made.status, made.body], [201, shown]);
  assert.equal((await server.ask(String(made.headers.location), { token: marc })).body, shown);
  assert.equal((await server.ask(INVITATIONS, { token: marc })).body, [shown]);
  const token = await zoe();
  assert.is((await server.ask('/api/admin/projects/web-app', { token })).status, 404);
  assert.equal((await server.ask(MINE, { token })).body, [shown]);
  assert.equal((await server.ask(MINE, { token: marc })).body, []);
});

test('who is invited accepts without a role: one commit of theirs, and the role counts at once', async ({
  server,
  marc,
}) => {
  await server.ask(INVITATIONS, { token: marc, body: ZOE });
  const before = await server.repository.head();
  const token = await zoe();
  const accepted = await server.ask(ACCEPT, { method: 'POST', token });
  const member = { ...ZOE, name: 'Zoe', groups: [], organizationId: 'org-456' };
  assert.equal([accepted.status, accepted.body], [200, member]);
  const rename = { method: 'PUT', token, body: { name: 'Shop' } };
  assert.is((await server.ask('/api/admin/projects/web-app', rename)).status, 200);
  const commit = String(accepted.headers['flagstaff-commit']);
  assert.is(await server.repository.git('rev-parse', `${commit}^`), before);
  assert.is(
    await server.repository.git('show', '--no-patch', '--format=%an <%ae>', commit),
    'Zoe <Zoe@Example.com>',
  );
  assert.is(await server.repository.git('show', '--name-only', '--format=', commit), ORG);
  assert.not.match(fileOf(server, ORG), 'invitations');
  const again = await server.ask(ACCEPT, { method: 'POST', token });
  assert.equal([again.status, codeOf(again)], [404, 'INVITATION_NOT_FOUND']);
});

test('nobody else accepts it: not an admin, not a super admin, not somebody without an address', async ({
  server,
  marc,
}) => {
  await server.ask(INVITATIONS, { token: marc, body: ZOE });
  const head = await server.repository.head();
  const others = [
    marc,
    await tokenOf({ sub: 'root', email: 'root@example.com', superAdmin: true }),
    await tokenOf({ sub: 'zoe@example.com', email: 'someone@example.com' }),
    await mintToken({ secret: SECRET, sub: 'zoe@example.com' }),
  ];
  for (const token of others) {
    const refused = await server.ask(ACCEPT, { method: 'POST', token });
    assert.equal([refused.status, codeOf(refused)], [404, 'INVITATION_NOT_FOUND']);
  }
  assert.is((await server.ask(ACCEPT, { method: 'POST' })).status, 401);
  assert.is(await server.repository.head(), head);
});

test('an address that a provider calls unverified accepts nothing', async () => {
  const provider = await startProvider();
  const invited = `${FILES[ORG]}invitations: [{ email: zoe@example.com, permissions: [org:admin] }]\n`;
  const server = await serveFiles({ ...FILES, [ORG]: invited }, { trust: provider.trust });
  const accept = async (claims: object) => {
    const token = await provider.sign({ sub: 'zoe', email: 'ZOE@example.com', ...claims });
    const { body } = await server.ask(MINE, { token });
    const { status } = await server.ask(ACCEPT, { method: 'POST', token });
    return [(body as readonly object[]).length, status];
  };
  assert.equal(await accept({ email_verified: false }), [0, 404]);
  assert.equal(await accept({}), [1, 200]);
  await server.close();
  await provider.close();
});

test('accepting gives what the invitation says when it is accepted, whatever was served before', async ({
  server,
  marc,
}) => {
  await server.ask(INVITATIONS, { token: marc, body: ZOE });
  const less = fileOf(server, ORG).replace('project:web-app:admin', 'project:web-app:member');
  await server.repository.commit({ [ORG]: less });
  const accepted = await server.ask(ACCEPT, { method: 'POST', token: await zoe() });
  assert.equal([accepted.status, objectOf(accepted).permissions], [200, ['project:web-app:member']]);
});

test('where several organizations invite, the caller says which; the others go on inviting', async ({
  server,
  marc,
}) => {
  await server.ask(INVITATIONS, { token: marc, body: ZOE });
  const invitation = 'invitations: [{ email: zoe@example.com, permissions: [org:member] }]\n';
  await server.repository.commit({ 'flags/globex/org.yaml': `id: org-globex\nname: Globex\n${invitation}` });
  const token = await zoe();
  const mine = async () => (await server.ask(MINE, { token })).body as readonly object[];
  await until(async () => (await mine()).length === 2);
  const both = await server.ask(ACCEPT, { method: 'POST', token });
  assert.equal([both.status, codeOf(both)], [409, 'AMBIGUOUS_KEY']);
  const named = await server.ask(`${ACCEPT}?organizationId=org-globex`, { method: 'POST', token });
  assert.equal([named.status, objectOf(named).organizationId], [200, 'org-globex']);
  assert.is((await mine()).length, 1);
  const nowhere = await server.ask(`${ACCEPT}?organizationId=initech`, { method: 'POST', token });
  assert.is(nowhere.status, 404);
});

test('an invitation is withdrawn, and then it is nothing', async ({ server, marc }) => {
  const before = fileOf(server, ORG);
  await server.ask(INVITATIONS, { token: marc, body: ZOE });
  const gone = await server.ask(`${INVITATIONS}/ZOE@example.com`, { method: 'DELETE', token: marc });
  assert.equal([gone.status, gone.body], [200, { success: true }]);
  assert.is(fileOf(server, ORG), before);
  assert.is((await server.ask(ACCEPT, { method: 'POST', token: await zoe() })).status, 404);
  const again = await server.ask(`${INVITATIONS}/zoe@example.com`, { method: 'DELETE', token: marc });
  assert.equal([again.status, codeOf(again)], [404, 'INVITATION_NOT_FOUND']);
});

test('members are not invited, and an invitation ends where somebody is made a member', async ({
  server,
  marc,
}) => {
  const there = { email: 'Lee@example.com', permissions: ['org:admin'] };
  const refused = await server.ask(INVITATIONS, { token: marc, body: there });
  assert.equal([refused.status, codeOf(refused)], [409, 'MEMBER_EXISTS']);
  await server.ask(INVITATIONS, { token: marc, body: ZOE });
  const twice = await server.ask(INVITATIONS, { token: marc, body: ZOE });
  assert.equal([twice.status, codeOf(twice)], [409, 'INVITATION_EXISTS']);
  assert.is((await server.ask('/api/admin/members', { token: marc, body: ZOE })).status, 201);
  assert.equal((await server.ask(INVITATIONS, { token: marc })).body, []);
});

test('what is wrong with an invitation is told with its place', async ({ server, marc }) => {
  const wrong: readonly [object, string][] = [
    [{ permissions: [] }, 'email: is missing'],
    [{ email: 'zoe@example.com' }, 'permissions: is missing'],
    [{ ...ZOE, permissions: ['all'] }, 'permissions[0]: wanted admin or member'],
    [{ ...ZOE, invitedBy: 'ceo@example.com' }, 'invitedBy: no such field'],
  ];
  for (const [body, sentence] of wrong) {
    const answer = await server.ask(INVITATIONS, { token: marc, body });
    assert.is(answer.status, 400, sentence);
    assert.match(sentenceOf(answer), sentence);
  }
});

test.run();
