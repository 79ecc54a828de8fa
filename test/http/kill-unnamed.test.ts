import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';

const test = suite<{ server: TestServer; token: string }>(
  'kill where the file does not name the environment',
);

const PATH = 'flags/acme/web-app/flags/theme.yaml';
const TEXT = `type: string
variants: { plain: white, dark: black }
offVariant: plain
environments:
  production: { enabled: true, serve: plain }
`;
const FILES = {
  'flags/acme/org.yaml': 'members:\n  - { email: marc@example.com, permissions: [org:admin] }\n',
  'flags/acme/web-app/project.yaml': 'environments: [staging, production]\n',
  [PATH]: TEXT,
  'flags/acme/web-app/overrides/theme.yaml': '- { users: [u-1], serve: dark }\n',
};

test.before.each(async (context) => {
  context.server = await serveFiles(FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

const STAGING = '/orgs/acme/projects/web-app/environments/staging';
const reason = 'payments fail';
const change = { kind: 'flag.kill', project: 'web-app', flag: 'theme', environment: 'staging' };
const WAYS: readonly (readonly [path: string, body: object])[] = [
  ['/api/v1/feature-flags/theme/kill', { environment: 'staging', reason }],
  ['/api/admin/projects/web-app/environments/staging/flags/theme/kill', { reason }],
  ['/api/v1/changes', { org_id: 'acme', changes: [change], reason }],
];

for (const [path, body] of WAYS) {
  test(`${path} stops a flag without a variant on there too, overrides and all (DESIGN 6)`, async ({
    server,
    token,
  }) => {
    const killed = await server.ask(path, { token, body });
    assert.ok(killed.status < 300, killed.text);
    assert.is(
      await server.repository.git('show', `HEAD:${PATH}`),
      `${TEXT}  staging: { enabled: false, killed: true, serve: plain }`,
    );
    const asked = { body: { context: { targetingKey: 'u-1' } } };
    const answer = await server.ask(`${STAGING}/ofrep/v1/evaluate/flags/theme`, asked);
    assert.is((answer.body as { value: unknown }).value, 'white', answer.text);
  });
}

test.run();
