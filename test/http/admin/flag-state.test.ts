import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedId, numericId } from '../../../src/model/ids.js';
import type { JsonObject } from '../../../src/model/values.js';
import { PROJECT } from './sample.js';
import {
  codeOf,
  FLAG_PATH,
  fileOf,
  objectOf,
  rulesFileWith,
  type Serving,
  sentenceOf,
  serving,
} from './serving.js';

const test = suite<Serving>('the state of a flag');

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

const STATE = `${PROJECT}/environments/production/flags/new-checkout`;

const SHOWN = {
  flagId: numericId(derivedId('flg', 'acme', 'web-app', 'new-checkout')),
  flagKey: 'new-checkout',
  environmentId: numericId(derivedId('env', 'acme', 'web-app', 'production')),
  environmentKey: 'production',
  enabled: true,
  killed: false,
  serve: { variant: 'off' },
  offVariant: null,
  segments: [{ segment: 'beta-testers', serve: { variant: 'on' } }],
  requires: [{ flag: 'layout', variant: 'on' }],
};

test('GET shows what the flag does in an environment besides its rules', async ({ server, lee }) => {
  const { status, body, headers } = await server.ask(STATE, { token: lee });
  assert.is(status, 200);
  assert.equal(body, SHOWN);
  const rules = await server.ask(`${STATE}/rules`, { token: lee });
  assert.is(rules.headers.etag, headers.etag);
});

test('PUT writes the given fields alone; rules and comments stay as they are', async ({ server, ana }) => {
  const body = {
    enabled: false,
    segments: [{ segment: 'beta-testers' }, { segment: 'internal', serve: { variant: 'off' } }],
    requires: null,
  };
  const { status, body: shown, headers } = await server.ask(STATE, { token: ana, method: 'PUT', body });
  assert.is(status, 200);
  assert.is(headers['flagstaff-changed'], 'true');
  assert.equal(shown, {
    ...SHOWN,
    enabled: false,
    segments: [...SHOWN.segments, { segment: 'internal', serve: { variant: 'off' } }],
    requires: [],
  });
  const segments = 'segments: [beta-testers, { segment: internal, serve: "off" }] # asked for it\n';
  const expected = rulesFileWith(
    ['  production:\n    enabled: true', '  production:\n    enabled: false'],
    ['segments: [beta-testers] # asked for it\n    requires: [layout]\n', segments],
  );
  assert.is(fileOf(server), expected);
});

test('PUT of what was read changes nothing, and of another place is 400', async ({ server, ana }) => {
  const again = await server.ask(STATE, { token: ana, method: 'PUT', body: SHOWN });
  assert.is(again.headers['flagstaff-changed'], 'false');
  const other = await server.ask(STATE, { token: ana, method: 'PUT', body: { flagKey: 'theme' } });
  assert.is(sentenceOf(other), 'flagKey: cannot be changed');
  const rules = await server.ask(STATE, { token: ana, method: 'PUT', body: { rules: [] } });
  assert.is(rules.status, 400);
});

test('PUT in an environment that the file leaves out writes its block', async ({ server, marc }) => {
  const path = `${PROJECT}/environments/development/flags/layout`;
  const off = await server.ask(path, { token: marc, method: 'PUT', body: { enabled: false } });
  assert.is(off.headers['flagstaff-changed'], 'false');
  assert.is((await server.ask(path, { token: marc, method: 'PUT', body: { enabled: true } })).status, 200);
  const layout = 'flags/acme/web-app/flags/layout.yaml';
  assert.ok(fileOf(server, layout).includes('  development: { enabled: true }\n'), fileOf(server, layout));
});

test('a kill stops everybody until it is released, and is not released by the way', async ({
  server,
  ana,
}) => {
  const put = (body: JsonObject) => server.ask(STATE, { token: ana, method: 'PUT', body });
  const killed = await server.ask(`${STATE}/kill`, { token: ana, body: { reason: 'payments fail' } });
  assert.is(killed.status, 200);
  assert.equal(killed.body, { ...SHOWN, killed: true });
  assert.match(await server.repository.git('log', '-1', '--format=%an%n%B'), /^Ana\n.*kill.*payments fail/s);
  for (const body of [{ enabled: true }, { killed: false }, SHOWN]) {
    const refused = await put(body);
    assert.is(refused.status, 409);
    assert.is(codeOf(refused), 'FLAG_KILLED');
  }
  assert.is((await put({ enabled: true, killed: true })).status, 200);
  assert.is((await put({ enabled: false })).status, 200);
  const released = await server.ask(`${STATE}/unkill`, { token: ana, body: { reason: 'it is out' } });
  assert.equal(released.body, { ...SHOWN, enabled: false });
  assert.is((await put({ enabled: true })).status, 200);
  assert.is(fileOf(server), rulesFileWith());
});

test('PUT of killed: true is 400: a kill says why', async ({ server, ana }) => {
  const answer = await server.ask(STATE, { token: ana, method: 'PUT', body: { killed: true } });
  assert.is(sentenceOf(answer), 'killed: cannot be set here: POST …/kill does it');
  const unsaid = await server.ask(`${STATE}/kill`, { token: ana, body: {} });
  assert.is(sentenceOf(unsaid), 'reason: is missing');
});

test('kill works on a file that is broken', async ({ server, ana, marc }) => {
  await server.repository.commit({ [FLAG_PATH]: 'environments: [\n' });
  await server.ask('/api/v1/feature-flags/load/acme', { token: marc, method: 'POST' });
  const { status, body } = await server.ask(`${STATE}/kill`, { token: ana, body: { reason: 'it burns' } });
  assert.is(status, 200);
  assert.is(objectOf({ body } as never).killed, true);
  assert.ok(fileOf(server).includes('    killed: true\n'));
});

test('the admin of one environment changes no other one', async ({ server, ana }) => {
  const other = STATE.replace('production', 'development');
  const { status } = await server.ask(other, { token: ana, method: 'PUT', body: { enabled: false } });
  assert.is(status, 403);
  assert.is((await server.ask(`${other}/kill`, { token: ana, body: { reason: 'no' } })).status, 403);
});

test.run();
