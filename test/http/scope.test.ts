import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedId, numericId } from '../../src/model/ids.js';
import { type Answered, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { emailOf, MATRIX_FILES, type RoleName } from './matrix-files.js';

const test = suite('scope of a path');

let server: TestServer;
test.before(async () => {
  server = await serveFiles({
    ...MATRIX_FILES,
    'flags/initech/org.yaml': [
      'id: org_initech',
      'members:',
      "  - { email: both@example.com, permissions: ['project:site:member'] }",
      `  - { email: ${emailOf('acme', 'project member')}, permissions: ['project:site:member'] }`,
      '',
    ].join('\n'),
    'flags/initech/site/project.yaml': 'environments: [production]\n',
    'flags/initech/web-app/project.yaml': 'environments: [production]\n',
    'flags/globex/org.yaml': `${MATRIX_FILES['flags/globex/org.yaml']}`.replace(
      'members:\n',
      "members:\n  - { email: both@example.com, permissions: ['project:web-app:member'] }\n",
    ),
    'flags/acme/org.yaml': `${MATRIX_FILES['flags/acme/org.yaml']}`.replace(
      'members:\n',
      "members:\n  - { email: both@example.com, permissions: ['project:web-app:member'] }\n",
    ),
  });
});
test.after(() => server.close());

function token(role: RoleName): Promise<string> {
  const email = emailOf('acme', role);
  return tokenOf({ sub: email, email });
}

const both = () => tokenOf({ sub: 'both', email: 'both@example.com' });
const segments = (project: string, query = '') => `/api/admin/projects/${project}/segments${query}`;
const rules = (project: string, environment: string) =>
  `/api/admin/projects/${project}/environments/${environment}/flags/banner/rules`;
const number = (prefix: 'prj' | 'env', ...names: readonly string[]) =>
  String(numericId(derivedId(prefix, 'acme', ...names)));

/** In the words of the admin API, with our finer code where it has one. */
function reasonOf({ body }: Answered): string {
  const { code, details } = (body as { error: { code: string; details: { reason?: string } } }).error;
  return details.reason ?? code;
}

async function statusOf(path: string, who: string): Promise<string> {
  const answered = await server.ask(path, { token: who });
  return answered.status < 300 ? String(answered.status) : `${answered.status} ${reasonOf(answered)}`;
}

test('a project and an environment are named by number or by key (DESIGN 2, seeds/README)', async () => {
  const admin = await token('project admin');
  for (const project of ['web-app', number('prj', 'web-app')]) {
    assert.is(await statusOf(segments(project), admin), '200', project);
    for (const environment of ['production', number('env', 'web-app', 'production')]) {
      assert.is(await statusOf(rules(project, environment), admin), '200', environment);
    }
  }
});

test('what can be neither number nor key is 400, what is not there is 404', async () => {
  const admin = await token('project admin');
  assert.is(await statusOf(segments('%2e%2e'), admin), '400 INVALID_KEY');
  assert.is(await statusOf(segments('Web_App'), admin), '400 INVALID_KEY');
  assert.is(await statusOf(rules('web-app', '..%2f..'), admin), '400 INVALID_KEY');
  assert.is(await statusOf(segments('nothing'), admin), '404 PROJECT_NOT_FOUND');
  assert.is(await statusOf(segments('1'), admin), '404 PROJECT_NOT_FOUND');
  assert.is(await statusOf(rules('web-app', 'nothing'), admin), '404 ENVIRONMENT_NOT_FOUND');
  assert.is(await statusOf(segments('web-app', '?organizationId=nothing'), admin), '404 ORG_NOT_FOUND');
  assert.is(await statusOf(segments('web-app', '?organizationId=..'), admin), '400 INVALID_ORG');
});

test('a key that several of the caller’s organizations have wants one named, and only those are told (P15)', async () => {
  const who = await both();
  const answered = await server.ask(segments('web-app'), { token: who });
  assert.is(answered.status, 409);
  const { error } = answered.body as { error: { code: string; details: Record<string, unknown> } };
  assert.is(error.code, 'CONFLICT');
  assert.equal(error.details, { organizations: ['org_acme', 'org_globex'], reason: 'AMBIGUOUS_KEY' });
  assert.is(await statusOf(segments('web-app', '?organizationId=globex'), who), '200');
  assert.is(await statusOf(segments('web-app', '?organizationId=org_acme'), who), '200');
  assert.is(await statusOf(segments('web-app', '?organizationId=initech'), who), '403 FORBIDDEN');
});

test('an organization in which the caller may not see the project makes its key no less clear', async () => {
  assert.is(await statusOf(segments('web-app'), await token('project member')), '200');
});

test('a number means one project of all, be it the caller’s or not', async () => {
  const elsewhere = String(numericId(derivedId('prj', 'globex', 'web-app')));
  assert.is(await statusOf(segments(elsewhere), await token('org admin')), '404 PROJECT_NOT_FOUND');
  assert.is(await statusOf(segments(elsewhere), await both()), '200');
  assert.is(await statusOf(segments(elsewhere), await tokenOf({ superAdmin: true })), '200');
});

test('who may not see a project does not learn which environments it has', async () => {
  const member = await token('env member');
  for (const environment of ['production', 'nothing']) {
    assert.is(await statusOf(rules('api', environment), member), '403 FORBIDDEN');
  }
  assert.is(await statusOf(rules('web-app', 'development'), member), '403 FORBIDDEN');
  assert.is(await statusOf(rules('web-app', 'production'), member), '200');
});

test('organizationId may be given once, and no other parameter of that kind', async () => {
  const admin = await token('project admin');
  const twice = '?organizationId=acme&organizationId=acme';
  assert.is(await statusOf(segments('web-app', twice), admin), '400 INVALID_QUERY');
  assert.is(await statusOf(segments('web-app', '?organization=acme'), admin), '400 INVALID_REQUEST');
});

test.run();
