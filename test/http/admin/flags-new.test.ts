import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedId, numericId } from '../../../src/model/ids.js';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import type { TestServer } from '../../support/http.js';
import { PROJECT } from './sample.js';
import { codeOf, fileOf, objectOf, type Serving, sentenceOf, serving } from './serving.js';

const test = suite<Serving>('new flags');

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

const FLAGS = `${PROJECT}/flags`;

function fileOfFlag(server: TestServer, key: string): string {
  return fileOf(server, `flags/acme/web-app/flags/${key}.yaml`);
}

test('POST makes a flag that is off in every environment, and nothing more than was said (004)', async ({
  server,
  marc,
}) => {
  const body = {
    key: 'dark-mode',
    name: 'Dark mode',
    type: 'boolean',
    tags: ['web'],
    owner: '',
    client: false,
  };
  const { status, headers, body: made } = await server.ask(FLAGS, { token: marc, body });
  assert.is(status, 201);
  assert.is(headers['flagstaff-changed'], 'true');
  const { id, environments, type } = objectOf({ body: made } as never);
  assert.is(
    headers.location,
    `/api/admin/projects/${numericId(derivedId('prj', 'acme', 'web-app'))}/flags/${id}`,
  );
  assert.is(type, 'boolean');
  assert.equal(
    (environments as unknown as readonly JsonObject[]).map(({ key, enabled }) => [key, enabled]),
    [
      ['development', false],
      ['production', false],
    ],
  );
  const expected = [
    'name: Dark mode',
    'tags: [web]',
    'environments:',
    '  development: { enabled: false }',
    '  production: { enabled: false }',
    '',
  ];
  assert.is(fileOfFlag(server, 'dark-mode'), expected.join('\n'));
  assert.equal((await server.ask(headers.location ?? '', { token: marc })).body, made);
});

test('POST with a default value alone makes its one variant, which can be enabled as it is (004)', async ({
  server,
  marc,
}) => {
  const body = { key: 'page-size', type: 'number', defaultValue: 25 };
  assert.is((await server.ask(FLAGS, { token: marc, body })).status, 201);
  const expected = [
    'type: number',
    'variants: { default: 25 }',
    'offVariant: default',
    'environments:',
    '  development: { enabled: false, serve: default }',
    '  production: { enabled: false, serve: default }',
    '',
  ];
  assert.is(fileOfFlag(server, 'page-size'), expected.join('\n'));
  const state = `${PROJECT}/environments/production/flags/page-size`;
  const enabled = await server.ask(state, { token: marc, method: 'PUT', body: { enabled: true } });
  assert.is(enabled.status, 200);
});

const TYPES: readonly (readonly [string, JsonValue, JsonValue])[] = [
  ['boolean', true, false],
  ['string', 'variant-a', 'blue'],
  ['number', 100, 3.14],
  ['object', { key: 'value' }, { key: { deep: [1] } }],
];

for (const [type, one, other] of TYPES) {
  test(`POST takes variants of type ${type} and gives them back (004, flag types)`, async ({
    server,
    marc,
  }) => {
    const variants = [
      { key: 'one', value: one },
      { key: 'other', value: other },
    ];
    const body = { key: 'fresh', type, variants, defaultValue: other };
    const made = await server.ask(FLAGS, { token: marc, body });
    assert.is(made.status, 201);
    assert.equal(objectOf(made).variants, variants);
    assert.is(objectOf(made).offVariant, 'other');
  });
}

const REFUSED: readonly (readonly [JsonObject, string])[] = [
  [{}, 'key: is missing'],
  [
    { key: 'Dark_Mode' },
    'key: wanted lower-case letters and digits, joined by hyphens, such as new-checkout',
  ],
  [{ key: '2026' }, 'key: wanted lower-case letters and digits, joined by hyphens, such as new-checkout'],
  [{ key: 'a', type: 'text' }, 'type: wanted boolean, string, number, object'],
  [
    { key: 'a', type: 'string' },
    'variants: is missing: a flag of type string has none of its own; a defaultValue makes one',
  ],
  [
    {
      key: 'a',
      type: 'string',
      variants: [
        { key: 'a', value: 'x' },
        { key: 'b', value: 1 },
      ],
    },
    'variants[1].value: the flag is of type string, wanted text',
  ],
  [
    { key: 'a', type: 'object', variants: [{ key: 'a', value: [] }] },
    'variants[0].value: the flag is of type object, wanted an object',
  ],
  [{ key: 'a', variants: [{ key: 'on' }] }, 'variants[0].value: is missing'],
  [
    { key: 'a', variants: [{ key: '1st', value: true }] },
    'variants[0].key: wanted letters, digits, underscores, dots and hyphens, a letter first',
  ],
  [
    {
      key: 'a',
      variants: [
        { key: 'on', value: true },
        { key: 'on', value: false },
      ],
    },
    'variants[1].key: on is there twice',
  ],
  [
    { key: 'a', type: 'number', defaultValue: '5' },
    'defaultValue: the flag is of type number, wanted a number',
  ],
  [{ key: 'a', defaultValue: true, offVariant: 'on' }, 'defaultValue: wanted this or offVariant'],
  [{ key: 'a', offVariant: 'blue' }, 'offVariant: the flag has no such variant, wanted on, off'],
  [{ key: 'a', expires: 'soon' }, 'expires: wanted a day, such as 2027-03-01'],
  [{ key: 'a', metadata: { a: { b: 1 } } }, 'metadata: "a": wanted text, a number, true or false'],
  [{ key: 'a', tags: [''] }, 'tags[0]: wanted text of 1 to 100 characters'],
];

test('POST of what cannot be meant is 400 with the place, and writes nothing', async ({ server, marc }) => {
  for (const [body, sentence] of REFUSED) {
    const answer = await server.ask(FLAGS, { token: marc, body });
    assert.is(answer.status, 400, JSON.stringify(body));
    assert.is(sentenceOf(answer), sentence);
  }
  const unknown = await server.ask(FLAGS, { token: marc, body: { key: 'a', enabled: true } });
  assert.match(sentenceOf(unknown), /^enabled: no such field, wanted key, name/);
  assert.is((await server.repository.git('status', '--porcelain')).trim(), '');
});

test('POST of a key that is there is 409, of what the files cannot say 422', async ({ server, marc }) => {
  const twice = await server.ask(FLAGS, { token: marc, body: { key: 'theme' } });
  assert.is(twice.status, 409);
  assert.is(codeOf(twice), 'FLAG_EXISTS');
  const body = { key: 'fresh', expires: '2026-02-31' };
  assert.is((await server.ask(FLAGS, { token: marc, body })).status, 422);
});

test.run();
