import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonValue } from '../../../src/model/values.js';
import { FILES, PROJECT } from './sample.js';
import { codeOf, fileOf, objectOf, type Serving, sentenceOf, serving } from './serving.js';

const test = suite<Serving>('segments');
const SEGMENTS = `${PROJECT}/segments`;
const PATH = 'flags/acme/web-app/segments/beta-testers.yaml';
const TEXT = String(FILES[PATH]);

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

test('GET lists the segments in order of their keys, with who uses them (004)', async ({ server, lee }) => {
  const { status, body } = await server.ask(SEGMENTS, { token: lee });
  assert.is(status, 200);
  const [first, second, ...others] = body as readonly Record<string, JsonValue>[];
  assert.equal(others, []);
  const { id, projectId, createdAt, updatedAt, usedBy, ...rest } = first ?? {};
  assert.equal(rest, {
    key: 'beta-testers',
    name: 'beta-testers',
    description: 'People who asked for it',
    isActive: true,
    includedUsers: ['u-7'],
    excludedUsers: ['u-8'],
    includedCompanies: ['company-123'],
    excludedCompanies: [],
    operator: 'OR',
    conditions: [
      { attribute: 'email', operator: 'ENDS_WITH', value: '@acme.com' },
      { operator: 'IN_SEGMENT', segment: 'internal' },
    ],
  });
  assert.equal([typeof id, typeof projectId, createdAt], ['number', 'number', updatedAt]);
  const flag = (usedBy as { id: number }[])[0]?.id;
  assert.equal(usedBy, [{ type: 'flag', id: flag, key: 'new-checkout', environments: ['production'] }]);
  assert.equal(second?.usedBy, [
    { type: 'flag', id: flag, key: 'new-checkout', environments: ['production'] },
    { type: 'segment', id, key: 'beta-testers' },
  ]);
  assert.equal((await server.ask(`${SEGMENTS}/${id}`, { token: lee })).body, first);
});

test('PUT of what GET gave makes no commit (004: round trip)', async ({ server, marc }) => {
  const head = await server.repository.head();
  for (const key of ['beta-testers', 'internal']) {
    const { body } = await server.ask(`${SEGMENTS}/${key}`, { token: marc });
    const put = await server.ask(`${SEGMENTS}/${key}`, { token: marc, method: 'PUT', body });
    assert.is(put.status, 200);
    assert.is(put.headers['flagstaff-changed'], 'false');
    assert.equal(put.body, body);
  }
  assert.is(await server.repository.head(), head);
});

test('PUT changes the given fields alone: comments and order stay, null removes', async ({
  server,
  marc,
}) => {
  const body = {
    name: 'Beta testers',
    description: null,
    isActive: false,
    includedUsers: ['u-7', 'u-9'],
    excludedUsers: [],
    operator: 'OR',
    conditions: [
      { attribute: 'email', operator: 'ENDS_WITH', value: '@acme.com' },
      { attribute: 'plan', operator: 'EQUALS', value: 'beta' },
    ],
  };
  const { status, headers } = await server.ask(`${SEGMENTS}/beta-testers`, {
    token: marc,
    method: 'PUT',
    body,
  });
  assert.is(status, 200);
  assert.is(headers.etag, `"${await server.repository.git('rev-parse', `HEAD:${PATH}`)}"`);
  const text = fileOf(server, PATH);
  const top =
    'name: Beta testers\nactive: false\ninclude: { users: [u-7, u-9], companies: [company-123] } # by hand\n';
  assert.ok(text.startsWith(top), text);
  assert.ok(text.includes('      - { attribute: email, endsWith: "@acme.com" } # us\n'), text);
  assert.not.ok(text.includes('exclude'));
  const shown = objectOf(await server.ask(`${SEGMENTS}/beta-testers`, { token: marc }));
  assert.equal([shown.name, shown.description, shown.isActive], ['Beta testers', '', false]);
  assert.equal(shown.conditions, body.conditions);
});

test('what cannot be changed is refused where it is another: 400', async ({ server, marc }) => {
  const path = `${SEGMENTS}/beta-testers`;
  for (const [body, sentence] of [
    [{ key: 'other' }, 'key: cannot be changed'],
    [{ id: 1 }, 'id: cannot be changed'],
    [{ includedUsers: [''] }, 'includedUsers[0]: wanted text of 1 to 320 characters'],
    [{ members: [] }, 'members: no such field'],
    [{ conditions: [{ operator: 'NEAR' }] }, 'conditions[0].operator: wanted EQUALS'],
  ] as const) {
    const answered = await server.ask(path, { token: marc, method: 'PUT', body });
    assert.is(answered.status, 400);
    assert.ok(sentenceOf(answered).startsWith(sentence), sentenceOf(answered));
  }
  const moved = { usedBy: [], updatedAt: '2020-01-01T00:00:00Z' };
  assert.is((await server.ask(path, { token: marc, method: 'PUT', body: moved })).status, 200);
  assert.is(fileOf(server, PATH), TEXT);
});

test('POST makes a segment in a new file (004)', async ({ server, marc }) => {
  const body = {
    key: 'pros',
    name: 'Pros',
    excludedCompanies: ['company-9'],
    conditions: [{ attribute: 'plan', operator: 'IN', value: ['pro', 'enterprise'] }],
    reason: 'sales asked',
  };
  const made = await server.ask(SEGMENTS, { token: marc, body });
  assert.is(made.status, 201);
  assert.is(made.headers.location, `${SEGMENTS}/${objectOf(made).id}`);
  assert.is(
    fileOf(server, 'flags/acme/web-app/segments/pros.yaml'),
    'name: Pros\nexclude: { companies: [company-9] }\nwhen:\n  - { attribute: plan, in: [pro, enterprise] }\n',
  );
  const { body: shown } = await server.ask(made.headers.location ?? '', { token: marc });
  assert.equal(shown, made.body);
  const twice = await server.ask(SEGMENTS, { token: marc, body: { key: 'Pros' } });
  assert.is(twice.status, 409);
  assert.is((await server.ask(SEGMENTS, { token: marc, body: { name: 'x' } })).status, 400);
  const cycle = { conditions: [{ operator: 'IN_SEGMENT', segment: 'nowhere' }], key: 'lost' };
  assert.is((await server.ask(SEGMENTS, { token: marc, body: cycle })).status, 422);
});

test('DELETE is refused with the list of users while there are any: 409 SEGMENT_IN_USE', async ({
  server,
  marc,
}) => {
  const refused = await server.ask(`${SEGMENTS}/internal`, { token: marc, method: 'DELETE' });
  assert.is(refused.status, 409);
  assert.is(codeOf(refused), 'SEGMENT_IN_USE');
  const { details } = (refused.body as { error: { details: { users: JsonValue } } }).error;
  assert.equal(details.users, [
    { flag: 'new-checkout', environment: 'production' },
    { segment: 'beta-testers' },
  ]);
  await server.ask(SEGMENTS, { token: marc, body: { key: 'unused' } });
  const gone = await server.ask(`${SEGMENTS}/unused`, { token: marc, method: 'DELETE' });
  assert.equal([gone.status, gone.body], [200, { success: true }]);
  assert.is((await server.ask(`${SEGMENTS}/unused`, { token: marc })).status, 404);
});

test('a member of the project reads segments, its admin writes them (004: permissions)', async ({
  server,
  ana,
  lee,
}) => {
  assert.is((await server.ask(SEGMENTS, { token: ana })).status, 403);
  assert.is((await server.ask(SEGMENTS, { token: lee, body: { key: 'mine' } })).status, 403);
  assert.is((await server.ask(`${SEGMENTS}/internal`, { token: lee, method: 'DELETE' })).status, 403);
  assert.is((await server.ask(SEGMENTS)).status, 401);
});

test.run();
