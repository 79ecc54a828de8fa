import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import type { Files } from '../../support/git.js';
import { serveFiles, type TestServer, tokenOf } from '../../support/http.js';
import { FILES as OTHERS, PROJECT, RULES_FILE } from './sample.js';
import { codeOf, FLAG_PATH, fileOf, objectOf, sentenceOf } from './serving.js';

interface Serving {
  server: TestServer;
  marc: string;
  ana: string;
}

const test = suite<Serving>('promote');

const STEPS = 'flags/acme/web-app/flags/steps.yaml';
const STEPS_FILE = `environments:
  development:
    enabled: true
    segments: [internal]
    rules:
      - { id: germans, when: [{ attribute: country, equals: DE }] }
      - { id: canary, percentage: 20 }
      - { id: nobody, serve: off }
    serve: { on: 1, off: 1 }
  production:
    enabled: false
    killed: true # it burned
    segments: [{ segment: internal, serve: on }] # ours
    rules:
      # Five is what support can take.
      - { id: canary, percentage: 5 } # slowly
      # The law.
      - { when: [{ attribute: country, equals: DE }], id: germans }
      - { id: old, percentage: 1 }
    offVariant: off
`;
const PROMOTED = `environments:
  development:
    enabled: true
    segments: [internal]
    rules:
      - { id: germans, when: [{ attribute: country, equals: DE }] }
      - { id: canary, percentage: 20 }
      - { id: nobody, serve: off }
    serve: { on: 1, off: 1 }
  production:
    enabled: true
    killed: true # it burned
    segments: [{ segment: internal, serve: on }] # ours
    rules:
      # The law.
      - { when: [{ attribute: country, equals: DE }], id: germans }
      # Five is what support can take.
      - { id: canary, percentage: 20 } # slowly
      - { id: nobody, serve: "off" }
    serve: { "on": 1, "off": 1 }
`;

const FILES: Files = {
  ...OTHERS,
  [STEPS]: STEPS_FILE,
  'flags/acme/web-app/overrides/steps.yaml': [
    '- { users: [u-1], environments: [development] } # ours',
    '- { users: [u-2] }',
    '',
  ].join('\n'),
  'flags/acme/web-app/flags/same.yaml': 'environments: {} # nothing yet\n',
};

test.before.each(async (context) => {
  context.server = await serveFiles(FILES);
  context.marc = await tokenOf();
  context.ana = await tokenOf({ sub: 'ana', email: 'ana@example.com', name: 'Ana' });
});
test.after.each(({ server }) => server.close());

const PROMOTE = `${PROJECT}/environments/development/promote`;

function keysIn(list: JsonValue | undefined): readonly JsonValue[] {
  return (list as readonly JsonObject[]).map(({ key }) => key ?? null);
}

test('POST brings state and rules of a flag along; the kill, and comments of what stays, stay', async ({
  server,
  marc,
}) => {
  const body = { to: 'production', flags: ['steps'], reason: 'tried for a week' };
  const answer = await server.ask(PROMOTE, { token: marc, body });
  assert.is(answer.status, 201);
  assert.is(fileOf(server, STEPS), PROMOTED);
  const { changed, flags, killed, overrides, sentences } = objectOf(answer);
  assert.is(changed, true);
  assert.equal(keysIn(flags), ['steps']);
  assert.equal(keysIn(killed), ['steps']);
  assert.equal(
    (overrides as unknown as JsonObject[]).map(({ key, environments }) => [key, environments]),
    [['steps', ['development']]],
  );
  assert.ok((sentences as readonly string[]).includes('production: enabled'), answer.text);
  assert.is(
    (await server.repository.git('log', '-1', '--format=%s')).trim(),
    'acme/web-app: promote steps from development to production',
  );
  assert.is((await server.ask(answer.headers.location ?? '', { token: marc })).status, 200);
});

test('POST twice: what is so already is no commit', async ({ server, marc }) => {
  const body = { to: 'production', flags: ['steps'] };
  await server.ask(PROMOTE, { token: marc, body });
  const again = await server.ask(PROMOTE, { token: marc, body });
  assert.is(again.status, 200);
  assert.is(again.headers['flagstaff-changed'], 'false');
  assert.equal(objectOf(again).flags, []);
  assert.is((await server.repository.git('rev-list', '--count', 'HEAD')).trim(), '2');
});

test('POST without flags is about all of them, and touches only those that differ', async ({
  server,
  marc,
}) => {
  const answer = await server.ask(PROMOTE, { token: marc, body: { to: 'production' } });
  assert.is(answer.status, 201);
  assert.is(
    (await server.repository.git('log', '-1', '--format=%s')).trim(),
    'acme/web-app: promote 4 flags from development to production',
  );
  assert.equal(keysIn(objectOf(answer).flags), ['layout', 'new-checkout', 'steps', 'theme']);
  assert.is(fileOf(server, 'flags/acme/web-app/flags/same.yaml'), 'environments: {} # nothing yet\n');
  assert.is(
    fileOf(server, FLAG_PATH),
    `${RULES_FILE.split('  production:')[0]}  production:\n    enabled: true\n`,
  );
  // A string flag goes on saying what it serves: it has no variant on.
  assert.ok(
    fileOf(server, 'flags/acme/web-app/flags/theme.yaml').endsWith(
      'production: { enabled: false, serve: plain }\n',
    ),
  );
});

test('POST to an environment that the file leaves out writes all of its block', async ({ server, marc }) => {
  const path = `${PROJECT}/environments/production/promote`;
  const file = 'flags/acme/web-app/flags/theme.yaml';
  const { status } = await server.ask(path, { token: marc, body: { to: 'development', flags: ['theme'] } });
  assert.is(status, 201);
  assert.ok(
    fileOf(server, file).includes('  development: { enabled: true, serve: plain }\n'),
    fileOf(server, file),
  );
});

test('POST of rules to an environment that stands on one line makes a block of it', async ({
  server,
  marc,
}) => {
  const rule = '    rules:\n      - { id: canary, percentage: 5 }\n';
  const text = `environments:\n  production:\n    enabled: true\n${rule}  development: { enabled: true } # ours\n`;
  const path = 'flags/acme/web-app/flags/layout.yaml';
  await server.repository.commit({ [path]: text });
  await server.ask('/api/v1/feature-flags/load/acme', { token: marc, method: 'POST' });
  const promote = `${PROJECT}/environments/production/promote`;
  const body = { to: 'development', flags: ['layout'] };
  assert.is((await server.ask(promote, { token: marc, body })).status, 201);
  const block = `  development: # ours\n    enabled: true\n${rule}`;
  assert.is(fileOf(server, path), text.replace(/ {2}development.*\n/, block));
});

test('a dry run tells the diff and what would be wrong, and writes nothing', async ({ server, marc }) => {
  const tests = 'flags/acme/web-app/tests/steps.yaml';
  const text =
    '- { name: all, environment: production, context: { country: FR }, expect: { variant: on } }\n';
  await server.repository.commit({ [tests]: text });
  await server.ask('/api/v1/feature-flags/load/acme', { token: marc, method: 'POST' });
  const before = await server.repository.git('rev-parse', 'HEAD');
  const body = { to: 'production', flags: ['steps'], dryRun: true };
  const answer = await server.ask(PROMOTE, { token: marc, body });
  assert.is(answer.status, 200);
  const { dryRun, diff, base, problems, brokenTests, refusals, from, to } = objectOf(answer);
  assert.is(dryRun, true);
  assert.is(base, before.trim());
  assert.match(String(diff), /^- {4}enabled: false$/m);
  assert.equal([problems, refusals], [[], []]);
  assert.equal(
    (brokenTests as unknown as JsonObject[]).map(({ name, got }) => [name, got]),
    [['all', { variant: 'off' }]],
  );
  assert.equal(
    [from, to].map((place) => (place as JsonObject).key),
    ['development', 'production'],
  );
  assert.is(await server.repository.git('rev-parse', 'HEAD'), before);
  assert.is(fileOf(server, STEPS), STEPS_FILE);
  const real = { ...body, dryRun: false };
  assert.is((await server.ask(PROMOTE, { token: marc, body: real })).status, 422);
  const forced = { ...real, force: { reason: 'the case is old' } };
  assert.is((await server.ask(PROMOTE, { token: marc, body: forced })).status, 201);
});

test('POST that others overtake is worked out again from what they wrote', async ({ server, marc }) => {
  const rule = `${PROJECT}/environments/development/flags/steps/rules/canary`;
  const writes = [10, 30, 40].map((percentage) =>
    server.ask(rule, { token: marc, method: 'PUT', body: { percentage } }),
  );
  const body = { to: 'production', flags: ['steps'] };
  const answers = await Promise.all([...writes, server.ask(PROMOTE, { token: marc, body })]);
  assert.equal(
    answers.map(({ status }) => status),
    [200, 200, 200, 201],
  );
  // At the commit of the promotion, both environments have the same canary.
  const { commit } = objectOf(answers[3] as never);
  const text = await server.repository.git('show', `${commit}:${STEPS}`);
  const gates = text.match(/(?<=canary, percentage: )\d+/g) ?? [];
  assert.is(gates.length, 2);
  assert.is(gates[0], gates[1], text);
});

test('POST is for admins of the other environment who may see the one', async ({ server, ana }) => {
  const { status } = await server.ask(PROMOTE, { token: ana, body: { to: 'production' } });
  assert.is(status, 403, 'she may not see development');
  const back = `${PROJECT}/environments/production/promote`;
  const refused = await server.ask(back, { token: ana, body: { to: 'development', flags: ['same'] } });
  assert.is(refused.status, 403, 'she may not change development, even where nothing would be changed');
  assert.match(sentenceOf(refused), /env:web-app\/development:admin is needed/);
});

test('POST of what cannot be meant is refused with the place', async ({ server, marc }) => {
  const ask = (body: JsonObject) => server.ask(PROMOTE, { token: marc, body });
  assert.is(sentenceOf(await ask({})), 'to: is missing');
  assert.is(sentenceOf(await ask({ to: true })), 'to: wanted a number or a key');
  assert.is(
    sentenceOf(await ask({ to: 'development' })),
    'to: wanted another environment than that of the path',
  );
  assert.is(codeOf(await ask({ to: 'staging' })), 'ENVIRONMENT_NOT_FOUND');
  assert.is(codeOf(await ask({ to: 'production', flags: ['nothing'] })), 'FLAG_NOT_FOUND');
  assert.is((await ask({ to: 'production', flags: [] })).status, 400);
  assert.is((await ask({ to: 'production', flags: [null] })).status, 400);
});

test('POST with If-Match is for one flag (P12)', async ({ server, marc }) => {
  const headers = { 'If-Match': '"0123456789012345678901234567890123456789"' };
  const one = { to: 'production', flags: ['steps'] };
  assert.is((await server.ask(PROMOTE, { token: marc, headers, body: one })).status, 412);
  assert.is((await server.ask(PROMOTE, { token: marc, headers, body: { to: 'production' } })).status, 400);
});

test.run();
