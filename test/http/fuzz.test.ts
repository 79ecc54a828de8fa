import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { FILES } from './sample.js';

const test = suite('random requests');
const RUNS = 1_000;
const FLAGS = '/api/v1/feature-flags';
const CHANGES = '/api/v1/changes';
const EVALUATE = '/ofrep/v1/evaluate/flags';
let server: TestServer;
let token: string;

test.before(async () => {
  server = await serveFiles(FILES);
  token = await tokenOf({ superAdmin: true });
});
test.after(() => server.close());

const piece = fc.oneof(
  fc.constantFrom(
    '..',
    '%2e%2e',
    '%2f',
    '%00',
    '%ff',
    '%',
    '?',
    '&',
    'org_id=acme',
    'page=',
    '__proto__',
    'dark-mode',
    'load',
  ),
  fc.string({ maxLength: 8 }).map(encodeURIComponent),
);
const path = fc
  .tuple(
    fc.constantFrom(
      '',
      FLAGS,
      `${FLAGS}/dark-mode`,
      `${FLAGS}/load`,
      `${FLAGS}/limit/kill`,
      `${FLAGS}/limit/revert`,
      `${FLAGS}/limit/history`,
      CHANGES,
      EVALUATE,
      `${EVALUATE}/limit`,
      '/orgs/acme',
    ),
    fc.array(piece, { maxLength: 4 }),
  )
  .map(([base, pieces]) => `${base}${pieces.map((one) => `/${one}`).join('')}` || '/');
const field = fc.constantFrom(
  'context',
  'targetingKey',
  'country',
  'is_enabled',
  'description',
  'feature_key',
  'org_id',
  'flag_id',
);
const json = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue({ maxDepth: 2 })));
const body = fc.oneof(
  json,
  fc.string(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.constant(undefined),
);
const condition = fc.option(fc.oneof(fc.constantFrom('*', '"x"', 'W/"x"', 'x, "', '"x", "y"')), {
  nil: undefined,
});
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');

test('no request is answered with a 5xx, or with anything that is not described (P13)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.record({ path, method, body, condition, isNamed: fc.boolean() }), async (asked) => {
      const { status } = await server.ask(asked.path, {
        method: asked.method,
        body: asked.body,
        headers:
          asked.condition === undefined
            ? {}
            : { 'If-Match': asked.condition, 'If-None-Match': asked.condition },
        ...(asked.isNamed ? { token } : {}),
      });
      assert.ok(status < 500, `${asked.method} ${asked.path}: ${status}`);
    }),
    { numRuns: RUNS },
  );
  assert.equal(server.log, []);
});

test('what they left behind is a repository without a fault (P3, P14)', async () => {
  await server.repository.git('fsck', '--full', '--strict');
  assert.is(await server.repository.git('status', '--porcelain'), '');
  const paths = (await server.repository.git('log', '--format=', '--name-only'))
    .split('\n')
    .filter((one) => one !== '');
  assert.equal(
    paths.filter((one) => !one.startsWith('flags/')),
    [],
  );
});

test.run();
