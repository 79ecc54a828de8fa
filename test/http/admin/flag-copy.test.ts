import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedId, numericId } from '../../../src/model/ids.js';
import { serveFiles, type TestServer, tokenOf } from '../../support/http.js';
import { FILES, PROJECT } from './sample.js';
import { codeOf, fileOf, objectOf } from './serving.js';

const FLAGS = `${PROJECT}/flags`;

const OTHER_FILES = {
  ...FILES,
  'flags/acme/web-app/tests/theme.yaml':
    '- { name: dark for u-1, environment: production, context: { targetingKey: u-1 }, expect: { variant: dark } }\n',
  'flags/acme/web-app/overrides/theme.yaml': '- { users: [u-1], serve: dark }\n',
  'flags/acme/web-app/tests/layout.yaml':
    '- { name: all see it, environment: production, context: { targetingKey: u-1 }, expect: { variant: on } }\n',
  'flags/acme/api/project.yaml': 'environments: [development, production]\n',
};

const test = suite<{ server: TestServer; marc: string }>('copies of flags');

test.before.each(async (context) => {
  Object.assign(context, { server: await serveFiles(OTHER_FILES), marc: await tokenOf() });
});
test.after.each(({ server }) => server.close());

test('POST copy makes a flag that says the same, with its comments and tests', async ({ server, marc }) => {
  const body = { key: 'newest-checkout', name: 'Newest checkout', reason: 'a new try' };
  const {
    status,
    headers,
    body: made,
  } = await server.ask(`${FLAGS}/new-checkout/copy`, { token: marc, body });
  assert.is(status, 201);
  assert.is(objectOf({ body: made } as never).name, 'Newest checkout');
  assert.ok(
    fileOf(server, 'flags/acme/web-app/flags/newest-checkout.yaml').includes(
      '# Legal said yes to these on the 3rd.',
    ),
  );
  assert.equal((await server.ask(headers.location ?? '', { token: marc })).body, made);
  assert.is((await server.repository.git('rev-list', '--count', 'HEAD')).trim(), '2');
  const twice = await server.ask(`${FLAGS}/layout/copy`, { token: marc, body });
  assert.is(codeOf(twice), 'FLAG_EXISTS');
});

test('POST copy to another project takes the tests along and leaves the exceptions', async ({
  server,
  marc,
}) => {
  const body = { key: 'layout', projectId: 'api' };
  const { status, headers } = await server.ask(`${FLAGS}/layout/copy`, { token: marc, body });
  assert.is(status, 201);
  assert.is(
    headers.location,
    `/api/admin/projects/${numericId(derivedId('prj', 'acme', 'api'))}/flags/${numericId(derivedId('flg', 'acme', 'api', 'layout'))}`,
  );
  assert.ok(fileOf(server, 'flags/acme/api/tests/layout.yaml').includes('all see it'));
  const theme = await server.ask(`${FLAGS}/theme/copy`, { token: marc, body: { ...body, key: 'theme' } });
  assert.is(theme.status, 422, 'its tests need the exception');
});

test('POST copy is for admins of the project that gets it, who may see the one', async ({ server }) => {
  const path = 'flags/acme/org.yaml';
  const people = [
    '  - { email: kim@example.com, permissions: ["project:web-app:member", "project:api:admin"] }',
    '  - { email: jo@example.com, permissions: ["project:web-app:admin"] }',
    '',
  ];
  await server.repository.commit({ [path]: `${FILES[path]}${people.join('\n')}` });
  await server.ask('/api/v1/feature-flags/load/acme', {
    token: await tokenOf({ superAdmin: true }),
    method: 'POST',
  });
  const kim = await tokenOf({ sub: 'kim', email: 'kim@example.com' });
  const jo = await tokenOf({ sub: 'jo', email: 'jo@example.com' });
  const copy = async (token: string, projectId: string) =>
    (await server.ask(`${FLAGS}/layout/copy`, { token, body: { key: 'fresh', projectId } })).status;
  assert.is(await copy(kim, 'api'), 201);
  assert.is(await copy(kim, 'web-app'), 403);
  assert.is(await copy(jo, 'api'), 404);
  assert.is(await copy(jo, 'web-app'), 201);
});

test.run();
