import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { CHANGES, RICH_FILES } from './change-sample.js';

const test = suite('random change sets');
const RUNS = 500;
let server: TestServer;
let token: string;

test.before(async () => {
  server = await serveFiles(RICH_FILES);
  token = await tokenOf();
});
test.after(() => server.close());

const any = fc.jsonValue({ maxDepth: 2 });
/** Mostly what is there, sometimes what cannot be. */
const flag = fc.constantFrom('checkout', 'checkout', 'checkout', 'limit', 'fresh', '..');
const segment = fc.constantFrom('pros', 'pros', 'fresh', '%00');
const environment = fc.constantFrom('production', 'production', 'development', 'staging');
const rule = fc.constantFrom('germans', 'canary', 'nobody');
const person = fc.constantFrom(
  { user: 'u-1' },
  { user: 'u-2' },
  { company: 'company-9' },
  { user: 'nobody' },
  {},
);
const variant = fc.constantFrom('on', 'off', 'blue', null);
const step = fc.constantFrom(
  'environments',
  'production',
  'rules',
  'serve',
  'users',
  'owner',
  'when',
  0,
  1,
  7,
);
const at = fc.array(step, { minLength: 1, maxLength: 4 });
const edit = fc.oneof(
  fc.record({ at, set: any }),
  fc.record({ at, insert: any }),
  fc.record({ at, remove: fc.constant(true) }),
);
const patch = fc.dictionary(
  fc.constantFrom('owner', 'environments', 'variants', 'serve', 'percentage', 'active', 'until', 'users'),
  fc.oneof(any, variant, fc.record({ production: fc.record({ enabled: fc.boolean(), serve: variant }) })),
  { maxKeys: 2 },
);
const how = fc.oneof(
  fc.record({ patch }),
  fc.record({ edits: fc.array(edit, { minLength: 1, maxLength: 4 }) }),
);
const file = fc.oneof(
  any,
  fc.constantFrom(
    { environments: {} },
    { include: { users: ['u-1'] } },
    { environments: { production: { enabled: true } } },
  ),
);
const entry = fc.oneof(any, fc.record({ users: fc.constantFrom(['u-1'], ['u-5'], []), serve: variant }));
const newRule = fc.oneof(
  any,
  fc.record({ id: fc.constantFrom('fresh', 'canary'), percentage: fc.integer({ max: 101 }) }),
);
const before = fc.oneof(rule, fc.constant(null));

const kind = <Fields extends Record<string, fc.Arbitrary<unknown>>>(name: string, fields: Fields) =>
  fc.record({ kind: fc.constant(name), ...fields });
const edited = (name: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.tuple(kind(name, fields), how).map(([change, more]) => ({ ...change, ...more }));
const change = fc.oneof(
  kind('flag.create', { flag, file }),
  edited('flag.update', { flag }),
  kind('flag.delete', { flag }),
  kind('flag.kill', { flag, environment }),
  kind('flag.unkill', { flag, environment }),
  kind('segment.create', { segment, file }),
  edited('segment.update', { segment }),
  kind('segment.delete', { segment }),
  kind('override.create', { flag, entry }),
  edited('override.update', { flag, name: person }),
  kind('override.delete', { flag, names: fc.array(person, { minLength: 1, maxLength: 2 }) }),
  kind('rule.create', { flag, environment, rule: newRule, before }),
  edited('rule.update', { flag, environment, rule }),
  kind('rule.move', { flag, environment, rule, before }),
  kind('rule.delete', { flag, environment, rule }),
  kind('tests.replace', { flag, tests: fc.oneof(fc.constant([]), fc.array(any, { maxLength: 2 })) }),
);
const changeSet = fc.record({
  org_id: fc.constant('acme'),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  dryRun: fc.boolean(),
});

test('no change set is answered with a 5xx, or with anything that is not described (P13)', async () => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(changeSet, async (body) => {
      const { status, text } = await server.ask(CHANGES, { body, token });
      statuses.add(status);
      assert.ok(status < 500, `${JSON.stringify(body)}: ${text}`);
    }),
    { numRuns: RUNS },
  );
  assert.equal(server.log, []);
  for (const status of [200, 201, 400, 404, 409, 422]) assert.ok(statuses.has(status), `never ${status}`);
});

test('what they left behind is a repository without a fault, and flags that load (P3, P14)', async () => {
  await server.repository.git('fsck', '--full', '--strict');
  assert.is(await server.repository.git('status', '--porcelain'), '');
  const { body } = await server.ask('/health');
  assert.is((body as { status: string }).status, 'ok');
});

test.run();
