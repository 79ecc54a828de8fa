import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonValue } from '../../../src/model/values.js';
import { PROJECT, RULES, RULES_FILE } from './sample.js';
import { codeOf, fileOf, objectOf, rulesFileWith, type Serving, sentenceOf, serving } from './serving.js';

const test = suite<Serving>('one flag rule');

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

test('GET shows one rule', async ({ server, lee }) => {
  const { status, body } = await server.ask(`${RULES}/canary`, { token: lee });
  assert.is(status, 200);
  assert.equal(body, {
    id: 'canary',
    description: '',
    operator: 'AND',
    conditions: [],
    percentage: 12.5,
    bucketBy: 'companyId',
    serve: { variant: 'on' },
  });
});

test('POST adds a rule before another one, with an id of its own', async ({ server, ana }) => {
  const rule = {
    description: 'People of ours',
    conditions: [{ operator: 'IN SEGMENT', segment: 'internal' }],
  };
  const { status, headers, body } = await server.ask(RULES, {
    token: ana,
    body: { ...rule, before: 'canary' },
  });
  assert.is(status, 201);
  assert.is(headers.location, `${RULES}/people-of-ours`);
  assert.is(objectOf({ body } as never).id, 'people-of-ours');
  const line = '      - { id: canary';
  const expected = [
    '      - id: people-of-ours',
    '        description: People of ours',
    '        when:',
    '          - { segment: internal }',
    line,
  ];
  assert.is(fileOf(server), rulesFileWith([line, expected.join('\n')]));
  assert.equal((await server.ask(headers.location ?? '', { token: ana })).body, body);
});

test('POST without a place adds a rule at the end; its variant may be meant by its value', async ({
  server,
  ana,
}) => {
  const { status, body } = await server.ask(RULES, { token: ana, body: { serve: { value: false } } });
  assert.is(status, 201);
  assert.equal(objectOf({ body } as never).serve, { variant: 'off' });
  const { rules } = objectOf(await server.ask(RULES, { token: ana }));
  assert.is((rules as unknown as { id: string }[]).at(-1)?.id, 'rule-1');
});

test('POST of a rule that is there is 409, and a place that is not there 400', async ({ server, ana }) => {
  const twice = await server.ask(RULES, { token: ana, body: { id: 'canary' } });
  assert.is(twice.status, 409);
  assert.is(codeOf(twice), 'RULE_EXISTS');
  const nowhere = await server.ask(RULES, { token: ana, body: { before: 'nothing' } });
  assert.is(nowhere.status, 400);
  assert.is(sentenceOf(nowhere), 'before: there is no such rule');
});

test('PUT changes the given fields alone, and null removes', async ({ server, ana }) => {
  const body = { percentage: 20.125, bucketBy: null };
  const { status, headers } = await server.ask(`${RULES}/canary`, { token: ana, method: 'PUT', body });
  assert.is(status, 200);
  assert.is(headers['flagstaff-changed'], 'true');
  assert.is(
    fileOf(server),
    rulesFileWith(['percentage: 12.5, bucketBy: companyId }', 'percentage: 20.125 }']),
  );
  const again = await server.ask(`${RULES}/canary`, { token: ana, method: 'PUT', body });
  assert.is(again.headers['flagstaff-changed'], 'false');
});

test('PUT of the conditions leaves those that stay as their author wrote them', async ({ server, ana }) => {
  const path = `${RULES}/german-pros`;
  const { conditions } = objectOf(await server.ask(path, { token: ana })) as { conditions: JsonValue[] };
  const body = { conditions: conditions.slice(1) };
  assert.is((await server.ask(path, { token: ana, method: 'PUT', body })).status, 200);
  assert.is(fileOf(server), rulesFileWith(['          - { attribute: country, equals: DE }\n', '']));
});

test('DELETE takes a rule with its comment, and no other', async ({ server, ana }) => {
  const { status, body } = await server.ask(`${RULES}/canary`, { token: ana, method: 'DELETE' });
  assert.is(status, 200);
  assert.equal(body, { success: true });
  assert.is(
    fileOf(server),
    rulesFileWith(['      - { id: canary, percentage: 12.5, bucketBy: companyId } # slowly\n', '']),
  );
  const gone = await server.ask(`${RULES}/canary`, { token: ana });
  assert.is(gone.status, 404);
  assert.is(codeOf(gone), 'RULE_NOT_FOUND');
  assert.is((await server.ask(`${RULES}/..%2f`, { token: ana })).status, 400);
});

const REFUSED: readonly (readonly [JsonValue, string])[] = [
  [{ serve: { variant: 'blue' } }, 'serve.variant: the flag has no such variant, wanted on, off'],
  [{ serve: { value: 'on' } }, 'serve.value: the flag is of type boolean'],
  [{ serve: { variant: 'on', none: true } }, 'serve: wanted one of variant, value, split, none'],
  [{ serve: { none: false } }, 'serve.none: wanted true'],
  [{ serve: 'on' }, 'serve: wanted an object'],
  [{ serve: { split: [{ variant: 'on', weight: 0.5 }] } }, 'serve.split[0].weight: wanted a whole number'],
  [{ serve: { split: [{ variant: 'on', weight: 0 }] } }, "serve.split: the weights' sum is 0"],
  [
    {
      serve: {
        split: [
          { variant: 'on', weight: 1 },
          { variant: 'on', weight: 1 },
        ],
      },
    },
    'serve.split[1].variant: on',
  ],
  [{ percentage: 101 }, 'percentage: wanted a number from 0 to 100'],
  [{ percentage: 0.0005 }, 'percentage: wanted a number from 0 to 100 with up to three decimals'],
  [{ conditions: [{ attribute: 'x', operator: 'IN', value: 1 }] }, 'conditions[0].value: wanted a list'],
  [{ id: 'other' }, 'id: cannot be changed'],
  [{ priority: 1 }, 'priority: no such field'],
];

test('what a rule cannot be is refused with its place (RELIABILITY 3)', async ({ server, ana }) => {
  for (const [body, sentence] of REFUSED) {
    const answered = await server.ask(`${RULES}/canary`, { token: ana, method: 'PUT', body });
    assert.is(answered.status, 400, JSON.stringify(body));
    assert.ok(sentenceOf(answered).startsWith(sentence), sentenceOf(answered));
  }
  const rules = [{ id: 'one', serve: { value: 7 } }];
  const inList = await server.ask(RULES, { token: ana, method: 'PUT', body: { rules } });
  assert.is(sentenceOf(inList), 'rules[0].serve.value: the flag is of type boolean, wanted true or false');
  const twice = await server.ask(RULES, {
    token: ana,
    method: 'PUT',
    body: { rules: [{ id: 'a' }, { id: 'a' }] },
  });
  assert.is(sentenceOf(twice), 'rules[1].id: a is there twice');
  assert.is(fileOf(server), RULES_FILE);
});

test("values are of the flag's type, and a flag without a variant on must say what it serves (004)", async ({
  server,
  ana,
}) => {
  const theme = `${PROJECT}/environments/production/flags/theme/rules`;
  const put = (serve: JsonValue) =>
    server.ask(theme, { token: ana, method: 'PUT', body: { rules: [{ id: 'night', serve }] } });
  assert.is(sentenceOf(await put(null)), 'rules[0].serve: is missing: the flag has no variant on');
  assert.is(
    sentenceOf(await put({ value: true })),
    'rules[0].serve.value: the flag is of type string, wanted text',
  );
  assert.is(
    sentenceOf(await put({ value: 'red' })),
    'rules[0].serve.value: no variant has this value, wanted "white" (plain), "black" (dark)',
  );
  const { status, body } = await put({ value: 'black' });
  assert.is(status, 200);
  assert.equal((body as { rules: { serve: JsonValue }[] }).rules[0]?.serve, { variant: 'dark' });
});

test('what the file would become is judged as a whole: 422', async ({ server, ana }) => {
  const conditions = [{ attribute: 'email', operator: 'MATCHES', value: '(' }];
  const refused = await server.ask(RULES, { token: ana, body: { conditions } });
  assert.is(refused.status, 422);
  const clause = await server.ask(RULES, {
    token: ana,
    body: { conditions: [{ clause: { attribut: 'x' } }] },
  });
  assert.is(clause.status, 422);
  const unknown = { operator: 'IN_SEGMENT', segment: 'nowhere' };
  assert.is((await server.ask(RULES, { token: ana, body: { conditions: [unknown] } })).status, 422);
  assert.is(fileOf(server), RULES_FILE);
});

test('an environment admin changes its rules, a member reads them, and no one those elsewhere (004: permissions)', async ({
  server,
  ana,
  lee,
}) => {
  const elsewhere = RULES.replace('production', 'development');
  const body = { id: 'mine' };
  assert.is((await server.ask(RULES, { token: lee })).status, 200);
  assert.is((await server.ask(RULES, { token: lee, body })).status, 403);
  assert.is((await server.ask(elsewhere, { token: ana })).status, 403);
  assert.is((await server.ask(elsewhere, { token: ana, body })).status, 403);
  assert.is((await server.ask(RULES, { token: ana, body })).status, 201);
  assert.is((await server.ask(RULES)).status, 401);
});

test.run();
