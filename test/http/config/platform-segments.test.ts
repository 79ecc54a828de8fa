import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BETA, type Configured, changedLines, configured, fileOf, objectOf, sentenceOf } from './sample.js';

const test = suite<Configured>('platform segments');
const SEGMENTS = '/api/platform/segments';

test.before.each(async (context) => {
  Object.assign(context, await configured());
});
test.after.each(({ server }) => server.close());

const RULES = {
  operator: 'OR',
  conditions: [
    { attribute: 'email', operator: 'ENDS_WITH', value: '@acme.com' },
    { operator: 'IN_SEGMENT', segment: 'pros' },
  ],
};

test('GET lists the segments of the default project, with their rules (002: its sibling documents)', async ({
  ask,
}) => {
  const { status, body } = await ask(SEGMENTS);
  assert.is(status, 200);
  const [beta, pros, ...others] = body as readonly Record<string, unknown>[];
  assert.equal(others, []);
  const { createdAt, updatedAt, ...rest } = beta ?? {};
  assert.equal(rest, {
    id: BETA,
    name: 'Beta testers',
    description: '',
    isActive: true,
    includedUsers: ['u-7'],
    excludedUsers: [],
    includedCompanies: [],
    excludedCompanies: [],
    rules: { operator: 'AND', conditions: [] },
  });
  assert.match(String(createdAt), /\.000Z$/);
  assert.is(updatedAt, createdAt);
  assert.equal(pros?.rules, {
    operator: 'AND',
    conditions: [{ attribute: 'plan', operator: 'EQUALS', value: 'pro' }],
  });
  for (const name of [BETA, 'beta-testers']) assert.equal((await ask(`${SEGMENTS}/${name}`)).body, beta);
  assert.equal((await ask(`${SEGMENTS}/seg-456`)).body, pros);
});

test('POST makes a segment whose key is made of the name, or said', async ({ ask, server }) => {
  const body = { name: 'Früh & Spät', includedCompanies: ['company-123'], rules: RULES, isActive: false };
  const made = await ask(SEGMENTS, { body });
  assert.is(made.status, 200);
  const { id, rules, includedCompanies, isActive } = objectOf(made);
  assert.equal([rules, includedCompanies, isActive], [RULES, ['company-123'], false]);
  assert.is(made.headers.location, `${SEGMENTS}/${id}`);
  assert.equal((await ask(`${SEGMENTS}/${id}`)).body, made.body);
  assert.is(
    fileOf(server, 'flags/acme/web-app/segments/fruh-spat.yaml'),
    [
      'name: Früh & Spät',
      'active: false',
      'include: { companies: [company-123] }',
      'when:',
      '  - any:',
      '      - { attribute: email, endsWith: "@acme.com" }',
      '      - { segment: pros }',
      '',
    ].join('\n'),
  );
  assert.is(objectOf(await ask(SEGMENTS, { body: { key: 'vips' } })).name, 'vips');
  assert.is((await ask(SEGMENTS, { body: { name: 'VIPs' } })).status, 409);
});

test('PUT changes the given fields alone; what is sent as it is shown makes no commit', async ({
  ask,
  put,
  server,
}) => {
  const head = await server.repository.head();
  for (const name of ['beta-testers', 'pros']) {
    const { body } = await ask(`${SEGMENTS}/${name}`);
    const same = await ask(`${SEGMENTS}/${name}`, { method: 'PUT', body });
    assert.equal([same.status, same.headers['flagstaff-changed'], same.body], [200, 'false', body]);
  }
  assert.is(await server.repository.head(), head);
  await put(`${SEGMENTS}/${BETA}`, { description: 'Early', rules: RULES, includedUsers: ['u-7', 'u-9'] });
  assert.equal(await changedLines(server), [
    '-include: { users: [u-7] }',
    '+description: Early',
    '+include: { users: [u-7, u-9] }',
    '+when:',
    '+  - any:',
    '+      - { attribute: email, endsWith: "@acme.com" }',
    '+      - { segment: pros }',
  ]);
  const joined = await put(`${SEGMENTS}/${BETA}`, { rules: { operator: 'AND' } });
  assert.equal(joined.rules, { ...RULES, operator: 'AND' });
  const { rules, description } = await put(`${SEGMENTS}/${BETA}`, { rules: null, description: null });
  assert.equal([rules, description], [{ operator: 'AND', conditions: [] }, '']);
});

test('DELETE is refused with the list of users while there are any: 409', async ({ ask }) => {
  const refused = await ask(`${SEGMENTS}/${BETA}`, { method: 'DELETE' });
  assert.is(refused.status, 409);
  assert.is(
    sentenceOf(refused),
    'segment beta-testers cannot be deleted: feedback_widget (production) needs it',
  );
  const gone = await ask(`${SEGMENTS}/seg-456`, { method: 'DELETE' });
  assert.equal([gone.status, gone.body], [200, { success: true }]);
  assert.is((await ask(`${SEGMENTS}/seg-456`)).status, 404);
});

test('what is wrong is told with its place: 400, 404, 412, 422', async ({ ask, server }) => {
  const head = await server.repository.head();
  const post = (body: object) => ask(SEGMENTS, { body });
  const put = (body: object, headers = {}) => ask(`${SEGMENTS}/${BETA}`, { method: 'PUT', body, headers });
  const lost = { operator: 'AND', conditions: [{ operator: 'IN_SEGMENT', segment: 'nowhere' }] };
  const refusals = [
    [await post({}), 400, /^name: is missing$/],
    [await post({ name: '日本' }), 400, /^name: no key can be made of it/],
    [await post({ key: 'a/b', name: 'A' }), 400, /^key: /],
    [await post({ name: 'A', conditions: [] }), 400, /^conditions: no such field/],
    [await post({ name: 'A', rules: { operator: 'XOR' } }), 400, /^rules\.operator: wanted AND or OR$/],
    [await post({ name: 'A', rules: { conditions: [{ operator: 'IS' }] } }), 400, /^rules\.conditions\[0\]/],
    [await post({ name: 'A', rules: lost }), 422, /nowhere/],
    [await put({ id: 'seg-1' }), 400, /^id: cannot be changed$/],
    [await put({ includedUsers: [''] }), 400, /^includedUsers\[0\]/],
    [await put({ isActive: false }, { 'If-Match': '"0"' }), 412, /is not as the request expects/],
    [await ask(`${SEGMENTS}/nobody`), 404, /^segment nobody: not found in project web-app$/],
    [await ask(`${SEGMENTS}/a b`.replace(' ', '%20')), 400, /^the segment: neither an id nor a key$/],
    [await ask(SEGMENTS, { method: 'PATCH', body: {} }), 405, /^this path answers GET, HEAD, POST$/],
  ] as const;
  for (const [refused, status, sentence] of refusals) {
    assert.is(refused.status, status, refused.text);
    assert.match(sentenceOf(refused), sentence);
  }
  assert.is(await server.repository.head(), head);
});

test.run();
