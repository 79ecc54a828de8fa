import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Configured,
  changedLines,
  configured,
  FEATURES,
  fileOf,
  OVERRIDES_PATH,
  objectOf,
  sentenceOf,
  WIDGET,
} from './sample.js';

const test = suite<Configured>('overrides as arrays');

test.before.each(async (context) => {
  Object.assign(context, await configured());
});
test.after.each(({ server }) => server.close());

const USERS = ['u-1', 'Ana@Example.com', 'u-2', 'u-5'];

test('names that come stand in one entry for the default environment; all else stays (002)', async ({
  put,
  server,
}) => {
  const after = await put(WIDGET, {
    userOverrides: [...USERS, 'u-9'],
    companyOverrides: ['company-1', 'company-9'],
  });
  assert.equal(
    [after.userOverrides, after.companyOverrides],
    [
      [...USERS, 'u-9'],
      ['company-1', 'company-9'],
    ],
  );
  assert.equal(await changedLines(server), [
    '+- { users: [u-9], companies: [company-9], environments: [production] }',
  ]);
});

test('a name that stays is not touched, whatever its case and place (002)', async ({ ask, put, server }) => {
  const head = await server.repository.head();
  const body = { userOverrides: ['u-5', 'ana@example.COM', 'u-2', 'u-1', 'u-1'] };
  const same = await ask(WIDGET, { method: 'PUT', body });
  assert.equal([same.headers['flagstaff-changed'], objectOf(same).userOverrides], ['false', USERS]);
  assert.is(await server.repository.head(), head);
  await put(WIDGET, { userOverrides: ['u-1', 'ana@example.com', 'u-5'] });
  assert.equal((await changedLines(server)).slice(0, 1), [
    '-- { users: [u-2], companies: [company-1], environments: [development, production] }',
  ]);
});

test('a name that goes keeps its other environments, with what the entry says besides (002)', async ({
  put,
  server,
}) => {
  const after = await put(WIDGET, { userOverrides: ['Ana@Example.com', 'u-2'], companyOverrides: null });
  assert.equal([after.userOverrides, after.companyOverrides], [['Ana@Example.com', 'u-2'], []]);
  assert.is(
    fileOf(server, OVERRIDES_PATH),
    [
      '# Who asked for it.',
      '- { users: [Ana@Example.com], reason: dogfooding } # everywhere',
      '- { users: [u-1], environments: [development], reason: dogfooding }',
      '- { users: [u-2], environments: [development, production] }',
      '- { companies: [company-1], environments: [development] }',
      '- { users: [u-3], environments: [production], serve: off, reason: contract 4711 }',
      '- { users: [u-4], until: 2020-01-31, reason: a trial }',
      '- { companies: [company-2], environments: [development] }',
      '',
    ].join('\n'),
  );
});

test('the last entries go, and what the list cannot say stays: other variants, other days', async ({
  put,
  server,
}) => {
  await put(WIDGET, { userOverrides: [], companyOverrides: [] });
  const text = fileOf(server, OVERRIDES_PATH);
  assert.ok(text.startsWith('# Who asked for it.\n'));
  assert.match(text, 'users: [u-3], environments: [production], serve: off, reason: contract 4711');
  assert.match(text, 'users: [u-4], until: 2020-01-31, reason: a trial');
  assert.not.match(text, 'u-5');
});

test('a name whose entry has ended gets it again, here and without an end (002)', async ({ put, server }) => {
  const after = await put(WIDGET, { userOverrides: [...USERS, 'u-4'] });
  assert.ok((after.userOverrides as readonly string[]).includes('u-4'));
  assert.equal(await changedLines(server), [
    '-- { users: [u-4], until: 2020-01-31, reason: a trial }',
    '+- { users: [u-4], until: 2020-01-31, reason: a trial, environments: [development] }',
    '+- { users: [u-4], environments: [production], reason: a trial }',
  ]);
});

test('a name that somebody gave something else is not overwritten: 409 that names it', async ({
  ask,
  server,
}) => {
  const head = await server.repository.head();
  const refused = await ask(WIDGET, {
    method: 'PUT',
    body: { userOverrides: [...USERS, 'u-3'], isEnabled: false },
  });
  assert.is(refused.status, 409);
  assert.match(sentenceOf(refused), /^userOverrides: "u-3" has an override in production/);
  assert.is(await server.repository.head(), head);
});

test('fields of the flag and of its overrides are one commit', async ({ put, server }) => {
  const before = Number(await server.repository.git('rev-list', '--count', 'HEAD'));
  await put(WIDGET, { isEnabled: false, userOverrides: [], status: 'deprecated' });
  assert.is(Number(await server.repository.git('rev-list', '--count', 'HEAD')), before + 1);
});

test('a flag gets its first overrides in a new file, and loses the file with the last', async ({
  ask,
  put,
  server,
}) => {
  const path = 'flags/acme/web-app/overrides/plain.yaml';
  const made = await put(`${FEATURES}/plain`, { userOverrides: ['u-123'] });
  assert.equal(made.userOverrides, ['u-123']);
  assert.is(fileOf(server, path), '- { users: [u-123], environments: [production] }\n');
  const gone = await put(`${FEATURES}/plain`, { userOverrides: [] });
  assert.is(await server.repository.git('ls-tree', '--name-only', 'HEAD', path), '');
  assert.ok(String(gone.updatedAt) >= String(made.updatedAt));
  assert.equal(objectOf(await ask(`${FEATURES}/plain`)), gone);
});

test('a change of the overrides is one of the flag, be it their end (002: updatedAt)', async ({
  ask,
  server,
}) => {
  const seen = async () => {
    await ask('/api/v1/feature-flags/load/acme', { method: 'POST' });
    return objectOf(await ask(WIDGET)).updatedAt;
  };
  const entry = '- { users: [u-1] }\n';
  await server.repository.commit({ [OVERRIDES_PATH]: entry }, 'one', {
    GIT_COMMITTER_DATE: '2040-01-01T00:00:00Z',
  });
  assert.is(await seen(), '2040-01-01T00:00:00.000Z');
  await server.repository.commit({ [OVERRIDES_PATH]: null }, 'none', {
    GIT_COMMITTER_DATE: '2041-01-01T00:00:00Z',
  });
  assert.is(await seen(), '2041-01-01T00:00:00.000Z');
});

test('access is the variant that is true; a flag that has none is refused: 409', async ({
  ask,
  put,
  server,
}) => {
  const path = 'flags/acme/web-app/flags/beta.yaml';
  const text =
    'variants: { out: false, in: true }\nenvironments:\n  production: { enabled: true, serve: out }\n';
  await server.repository.commit({ [path]: text });
  await ask('/api/v1/feature-flags/load/acme', { method: 'POST' });
  assert.equal((await put(`${FEATURES}/beta`, { userOverrides: ['u-1'] })).userOverrides, ['u-1']);
  assert.match(fileOf(server, 'flags/acme/web-app/overrides/beta.yaml'), 'serve: in');
  const refused = await ask(`${FEATURES}/theme`, { method: 'PUT', body: { userOverrides: ['u-1'] } });
  assert.is(refused.status, 409);
  assert.match(sentenceOf(refused), /^flag theme: has no variant that is access/);
});

test('If-Match names the flag with its overrides: who read an older list is answered 412', async ({
  ask,
  put,
}) => {
  const { headers } = await ask(WIDGET);
  const { etag = '' } = headers;
  await put(WIDGET, { userOverrides: [...USERS, 'u-9'] });
  const late = { method: 'PUT', body: { userOverrides: USERS }, headers: { 'If-Match': etag } };
  assert.is((await ask(WIDGET, late)).status, 412);
  const { etag: fresh = '' } = (await ask(WIDGET)).headers;
  assert.is.not(fresh, etag);
  const written = await ask(WIDGET, { ...late, headers: { 'If-Match': fresh } });
  assert.equal([written.status, written.headers.etag], [200, (await ask(WIDGET)).headers.etag]);
});

test('writes of the same list at once are all there in the history, and the last counts', async ({
  ask,
  server,
}) => {
  const before = Number(await server.repository.git('rev-list', '--count', 'HEAD'));
  const names = Array.from({ length: 4 }, (_, index) => `u-${index + 20}`);
  const answers = await Promise.all(
    names.map((name) => ask(WIDGET, { method: 'PUT', body: { userOverrides: [name] } })),
  );
  assert.equal(
    answers.map(({ status, body }) => [status, (body as { userOverrides: unknown }).userOverrides]),
    names.map((name) => [200, [name]]),
  );
  assert.is(Number(await server.repository.git('rev-list', '--count', 'HEAD')), before + names.length);
});

test.run();
