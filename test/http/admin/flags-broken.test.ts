import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answered, tokenOf } from '../../support/http.js';
import { PROJECT } from './sample.js';
import { codeOf, type Serving, sentenceOf, serving } from './serving.js';

const test = suite<Serving & { root: string }>('flags whose files never were good');

const FRESH = 'flags/acme/web-app/flags/fresh.yaml';
const FLAG = `${PROJECT}/flags/fresh`;
const STATE = `${PROJECT}/environments/production/flags/fresh`;
const FEATURE = '/api/admin/config/features/fresh';

test.before.each(async (context) => {
  Object.assign(context, await serving());
  const { server } = context;
  context.root = await tokenOf({ sub: 'root', email: 'root@example.com', superAdmin: true });
  await server.repository.commit({ [FRESH]: 'environments: 7\n' });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token: context.root });
});
test.after.each(({ server }) => server.close());

function placesOf({ body }: Answered): readonly unknown[] {
  const { details } = (body as { error: { details: { problems: { path: string; line: number }[] } } }).error;
  return details.problems.map(({ path, line }) => [path, line]);
}

test('whoever asks for one or changes it is told what is wrong with its file, and where', async ({
  server,
  marc,
}) => {
  const reason = 'orders are lost';
  const asked: readonly [string, object][] = [
    [FLAG, {}],
    [STATE, {}],
    [`${STATE}/rules`, {}],
    [FLAG, { method: 'PUT', body: { name: 'Fresh' } }],
    [STATE, { method: 'PUT', body: { enabled: true } }],
    [`${STATE}/rules`, { method: 'PUT', body: { rules: [] } }],
    [`${STATE}/kill`, { method: 'POST', body: { reason } }],
    [`${FLAG}/copy`, { body: { key: 'other' } }],
    [`${PROJECT}/environments/production/promote`, { body: { to: 'development', flags: ['fresh'] } }],
  ];
  const head = await server.repository.head();
  for (const [path, ask] of asked) {
    const refused = await server.ask(path, { ...ask, token: marc });
    assert.equal([refused.status, codeOf(refused)], [409, 'FILE_BROKEN'], path);
    assert.equal(placesOf(refused), [[FRESH, 1]], path);
  }
  assert.is(await server.repository.head(), head);
});

test('in the words of the configuration it is broken, too, and not away', async ({ server, root }) => {
  for (const ask of [{}, { method: 'PUT', body: { isEnabled: true } }]) {
    const refused = await server.ask(FEATURE, { ...ask, token: root });
    const { error } = refused.body as { error: string };
    assert.is(refused.status, 409);
    assert.match(error, FRESH);
  }
});

for (const path of [FLAG, FEATURE]) {
  test(`it can be deleted, as it is: ${path}`, async ({ server, root }) => {
    const remove = (tag: string) =>
      server.ask(path, { method: 'DELETE', token: root, headers: { 'If-Match': `"${tag}"` } });
    assert.is((await remove('0'.repeat(40))).status, 412);
    const blob = await server.repository.git('rev-parse', `HEAD:${FRESH}`);
    assert.is((await remove(blob)).status, 200);
    assert.is(await server.repository.git('ls-tree', 'HEAD', FRESH), '');
    assert.is((await server.ask(path, { method: 'DELETE', token: root })).status, 404);
  });
}

test('a kill without a body is told what is wanted', async ({ server, ana }) => {
  for (const turn of ['kill', 'unkill']) {
    const path = `${PROJECT}/environments/production/flags/layout/${turn}`;
    const refused = await server.ask(path, { method: 'POST', token: ana });
    assert.equal([refused.status, sentenceOf(refused)], [400, 'reason: is missing']);
  }
});

test.run();
