import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../../support/http.js';

const test = suite('webhooks of a project');
let server: TestServer;

const FILES = {
  'flags/acme/org.yaml': [
    'members:',
    '  - { email: marc@example.com, permissions: [org:admin] }',
    "  - { email: ada@example.com, permissions: ['project:web-app:member'] }",
    '',
  ].join('\n'),
  'flags/acme/web-app/project.yaml': [
    'environments: [development, production]',
    'webhooks:',
    '  - { url: https://one.example.com/flags }',
    '  - { url: https://two.example.com, description: Chat, events: [flag], environments: [production] }',
    '',
  ].join('\n'),
};

test.before(async () => {
  const rules = { isOn: true, allow: [], secret: 'a secret for webhooks' };
  server = await serveFiles(FILES, { webhooks: rules });
});
test.after(() => server.close());

const PATH = '/api/admin/projects/web-app/webhooks';

test('the admins of a project see them with their secrets, which nothing may keep', async () => {
  const { status, headers, body } = await server.ask(PATH, { token: await tokenOf() });
  assert.is(status, 200);
  assert.is(headers['cache-control'], 'no-store');
  const rest = { isOn: true, disabledAt: null, queued: 0, lastAttempt: null };
  const shown = body as readonly { readonly secret: string }[];
  assert.equal(
    shown.map(({ secret: _, ...webhook }) => webhook),
    [
      { url: 'https://one.example.com/flags', description: '', events: null, environments: null, ...rest },
      {
        ...{ url: 'https://two.example.com', description: 'Chat', events: ['flag'] },
        ...{ environments: ['production'], ...rest },
      },
    ],
  );
  const secrets = shown.map(({ secret }) => secret);
  assert.is(new Set(secrets).size, 2, 'each address has its own');
  for (const secret of secrets) assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
});

test('members of the project do not', async () => {
  const token = await tokenOf({ sub: 'ada', email: 'ada@example.com' });
  assert.is((await server.ask(PATH, { token })).status, 403);
});

test('P18: a secret that somebody pastes where a name belongs is not repeated', async () => {
  const { text } = await server.ask('/api/v1/feature-flags/x?org_id=whsec_abc', { token: await tokenOf() });
  assert.not.match(text, 'whsec_abc');
});

test.run();
