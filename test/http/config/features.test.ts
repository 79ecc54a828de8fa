import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedId } from '../../../src/model/ids.js';
import { tokenOf } from '../../support/http.js';
import {
  BETA,
  type Configured,
  changedLines,
  configured,
  FEATURES,
  FILES,
  FLAG_PATH,
  fileOf,
  objectOf,
  sentenceOf,
  WIDGET,
} from './sample.js';

const test = suite<Configured>('features');

test.before.each(async (context) => {
  Object.assign(context, await configured());
});
test.after.each(({ server }) => server.close());

const MILLISECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

test('GET lists the flags of the default project in the shape of the seed (002)', async ({ ask, server }) => {
  const { status, body, headers } = await ask(FEATURES);
  assert.is(status, 200);
  assert.is(headers['flagstaff-revision'], await server.repository.head());
  const [widget, ...others] = body as readonly Record<string, unknown>[];
  const { updatedAt, ...rest } = widget ?? {};
  const attachment = derivedId('ffs', 'acme', 'web-app', 'production', 'feedback_widget', 'beta-testers');
  assert.equal(rest, {
    id: 'feedback_widget',
    name: 'Feedback Widget',
    description: 'Show feedback widget in app',
    type: 'boolean',
    isEnabled: true,
    status: 'development',
    companyOverrides: ['company-1'],
    userOverrides: ['u-1', 'Ana@Example.com', 'u-2', 'u-5'],
    segments: [
      {
        id: `ffs-${attachment.slice(4)}`,
        segmentId: BETA,
        segment: { id: BETA, name: 'Beta testers' },
      },
    ],
    createdAt: '2025-12-01T00:00:00.000Z',
  });
  assert.match(String(updatedAt), MILLISECONDS);
  assert.equal(
    others.map(({ id, name, type }) => [id, name, type]),
    [
      ['plain', 'plain', 'boolean'],
      ['theme', 'theme', 'string'],
    ],
  );
  assert.equal((await ask(WIDGET)).body, widget);
});

test('POST makes a flag with the defaults of the seed, and answers 200 with it (002)', async ({
  ask,
  server,
}) => {
  const made = await ask(FEATURES, { body: { id: 'new_dashboard_v2', name: 'New Dashboard V2' } });
  assert.is(made.status, 200);
  assert.is(made.headers.location, `${FEATURES}/new_dashboard_v2`);
  const { createdAt, updatedAt, ...rest } = objectOf(made);
  assert.equal(rest, {
    id: 'new_dashboard_v2',
    name: 'New Dashboard V2',
    description: '',
    type: 'boolean',
    isEnabled: false,
    status: 'development',
    companyOverrides: [],
    userOverrides: [],
    segments: [],
  });
  assert.match(String(createdAt), MILLISECONDS);
  assert.is(updatedAt, createdAt);
  assert.equal(await changedLines(server), [
    '+name: New Dashboard V2',
    '+environments:',
    '+  production: { enabled: false }',
  ]);
  assert.is(await server.repository.git('log', '-1', '--format=%an <%ae>'), 'Root <root@example.com>');
  assert.equal((await ask(`${FEATURES}/new_dashboard_v2`)).body, made.body);
});

test('POST takes every field of the seed (002)', async ({ ask, server }) => {
  const body = {
    ...{ id: 'sale', name: 'Sale', description: 'Prices in red', isEnabled: true, type: 'boolean' },
    ...{ status: 'active', reason: 'the summer begins' },
  };
  const { isEnabled, status } = objectOf(await ask(FEATURES, { body }));
  assert.equal([isEnabled, status], [true, 'active']);
  assert.is(
    fileOf(server, 'flags/acme/web-app/flags/sale.yaml'),
    'name: Sale\ndescription: Prices in red\nstatus: active\nenvironments:\n  production: { enabled: true }\n',
  );
});

test('POST refuses what is no flag, with a sentence that says where: 400, 409', async ({ ask, server }) => {
  const head = await server.repository.head();
  const bodies = [
    [{ name: 'No id' }, /^id: is missing$/],
    [{ id: 'a/b', name: 'A' }, /^id: /],
    [{ id: '42', name: 'A' }, /^id: /],
    [{ id: 'a' }, /^name: is missing$/],
    [{ id: 'a', name: null }, /^name: /],
    [{ id: 'a', name: '' }, /^name: /],
    [{ id: 'a', name: 'A', isEnabled: 'yes' }, /^isEnabled: wanted true or false$/],
    [{ id: 'a', name: 'A', status: 'done' }, /^status: wanted development, active, deprecated$/],
    [{ id: 'a', name: 'A', type: 'string' }, /^type: wanted boolean: .*\/api\/admin\/projects/],
    [{ id: 'a', name: 'A', userOverrides: [] }, /^userOverrides: no such field/],
  ] as const;
  for (const [body, sentence] of bodies) {
    const refused = await ask(FEATURES, { body });
    assert.is(refused.status, 400, refused.text);
    assert.match(sentenceOf(refused), sentence);
  }
  const twice = await ask(FEATURES, { body: { id: 'Plain', name: 'Twice' } });
  assert.is(twice.status, 409);
  assert.match(sentenceOf(twice), /plain/i);
  assert.is(await server.repository.head(), head);
});

test('PUT changes the given fields alone; comments and order stay (002)', async ({ ask, put, server }) => {
  const before = objectOf(await ask(WIDGET));
  const after = await put(WIDGET, { isEnabled: false, description: 'Updated description', status: 'active' });
  const changed = { isEnabled: false, description: 'Updated description', status: 'active' };
  assert.equal({ ...after, updatedAt: '' }, { ...before, ...changed, updatedAt: '' });
  assert.equal(await changedLines(server), [
    '-description: Show feedback widget in app # everywhere',
    '+description: Updated description # everywhere',
    '+status: active',
    '-    enabled: true # since 1 December',
    '+    enabled: false # since 1 December',
  ]);
  await put(WIDGET, { description: null, name: null, status: null });
  const { name, description, status } = objectOf(await ask(WIDGET));
  assert.equal([name, description, status], ['feedback_widget', '', 'development']);
});

test('PUT of what GET gave makes no commit, of a killed flag too (002: round trip)', async ({
  ask,
  server,
}) => {
  await server.repository.commit({
    [FLAG_PATH]: String(FILES[FLAG_PATH]).replace('true', 'true\n    killed: true'),
  });
  await ask('/api/v1/feature-flags/load/acme', { method: 'POST' });
  const head = await server.repository.head();
  for (const { id } of (await ask(FEATURES)).body as readonly { readonly id: string }[]) {
    const { body } = await ask(`${FEATURES}/${id}`);
    const put = await ask(`${FEATURES}/${id}`, { method: 'PUT', body });
    assert.equal([put.status, put.headers['flagstaff-changed'], put.body], [200, 'false', body]);
  }
  assert.is(await server.repository.head(), head);
  assert.is(objectOf(await ask(WIDGET)).isEnabled, false);
  const enabled = await ask(WIDGET, { method: 'PUT', body: { isEnabled: true } });
  assert.is(enabled.status, 409);
  assert.match(sentenceOf(enabled), /killed/);
});

test('PUT refuses what cannot be changed, and what it does not know: 400', async ({ ask, server }) => {
  const head = await server.repository.head();
  const bodies = [
    { id: 'other' },
    { type: 'string' },
    { segments: [] },
    { createdAt: '2020-01-01T00:00:00.000Z' },
    { key: 'feedback_widget' },
    { isEnabled: null },
    { userOverrides: 'u-1' },
    { userOverrides: [7] },
    { companyOverrides: [''] },
  ];
  for (const body of bodies) {
    const refused = await ask(WIDGET, { method: 'PUT', body });
    assert.is(refused.status, 400, refused.text);
    assert.match(sentenceOf(refused), new RegExp(`^${Object.keys(body)[0]}`));
  }
  assert.is(await server.repository.head(), head);
});

test('DELETE takes the overrides along: 200 { success: true }; then it is not there: 404', async ({
  ask,
  server,
}) => {
  const gone = await ask(WIDGET, { method: 'DELETE' });
  assert.equal([gone.status, gone.body], [200, { success: true }]);
  const files = await server.repository.git('show', '--format=', '--name-status', 'HEAD');
  assert.equal(files.split('\n').sort(), [
    'D\tflags/acme/web-app/flags/feedback_widget.yaml',
    'D\tflags/acme/web-app/overrides/feedback_widget.yaml',
  ]);
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const refused = await ask(WIDGET, { method, ...(method === 'PUT' ? { body: {} } : {}) });
    assert.equal(
      [refused.status, sentenceOf(refused)],
      [404, 'flag feedback_widget: not found in project web-app'],
    );
  }
  assert.is((await ask('/api/admin/config/nothing')).status, 404);
});

test('super admins only: 401 without a credential, 403 in the words of the seed', async ({ server }) => {
  assert.is((await server.ask(FEATURES)).status, 401);
  assert.type(sentenceOf(await server.ask(FEATURES)), 'string');
  const token = await tokenOf();
  for (const path of [FEATURES, WIDGET, '/api/platform/segments']) {
    const refused = await server.ask(path, { token });
    assert.equal([refused.status, refused.body], [403, { error: 'Super admin access required' }]);
  }
});

test.run();
