import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../../src/evaluation/compile.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import { readGoff } from '../../../src/files/import/goff/goff.js';
import { type Imported, UnreadableSource } from '../../../src/files/import/imported.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import { flagOf, notes } from '../../support/import/imported.js';
import { projectOf } from '../../support/import/proof.js';

const TARGETS = { of: () => ['production'] };

function read(text: string): Imported {
  return readGoff({ texts: new Map([['flags.goff.yaml', text]]), targets: TARGETS });
}

/** A flag that is A for those for whom the query holds, and B for all others. */
function asking(query: string): Imported {
  return read(`
a:
  variations: { A: A, B: B }
  targeting: [{ query: ${JSON.stringify(query)}, variation: A }]
  defaultRule: { variation: B }`);
}

/** Whether the query holds; undefined where the flag is left out. */
function holds(query: string, context: EvaluationContext): boolean | undefined {
  const environment = compileNow(projectOf(asking(query))).environments.get('production');
  if (environment === undefined) throw new Error('no production');
  const answer = evaluate(environment, 'a', context, 0);
  return answer.kind === 'value' ? answer.value === 'A' : undefined;
}

test("the flag of GO Feature Flag's documentation is carried, with its rules, shares and metadata", () => {
  const imported = read(`
new-admin-access:
  variations:
    default_var: false
    false_var: false
    true_var: true
  targeting:
    - name: rule1
      query: key eq "random-key"
      percentage:
        false_var: 25.5
        true_var: 74.5
    - name: Legal cleared DE first
      query: country in ["DE", "AT"]
      variation: true_var
    - query: beta eq true
      variation: true_var
      disable: true
  defaultRule:
    name: defaultRule
    variation: default_var
  metadata:
    description: this is a simple feature flag
    issue-link: https://jira.acme.com/GOFF-01
  bucketingKey: teamId
  version: "12"
`);
  assert.equal(flagOf(imported, 'new-admin-access'), {
    description: 'this is a simple feature flag',
    metadata: { 'issue-link': 'https://jira.acme.com/GOFF-01' },
    bucketBy: 'teamId',
    variants: { default_var: false, false_var: false, true_var: true },
    environments: {
      production: {
        enabled: true,
        rules: [
          {
            id: 'rule1',
            when: [{ attribute: 'targetingKey', equals: 'random-key', ignoreCase: true }],
            serve: { false_var: 25_500, true_var: 74_500 },
          },
          {
            id: 'rule-2',
            description: 'Legal cleared DE first',
            when: [{ attribute: 'country', in: ['DE', 'AT'] }],
            serve: 'true_var',
          },
        ],
        serve: 'default_var',
      },
    },
  });
  assert.equal(notes(imported), [
    'new-admin-access: moved: percentage',
    'new-admin-access: dropped: disable',
    'new-admin-access: dropped: version',
  ]);
  projectOf(imported);
});

const ADA: EvaluationContext = {
  targetingKey: 'ada@test.com',
  role: 'Backend Engineer',
  age: 30,
  beta: true,
  version: '1.2.3',
  x: { a: 1, b: { c: 2 } },
};

test('a query decides as the documentation of its language says (nikunjy/rules)', () => {
  for (const [query, expected] of [
    ['key eq "ADA@test.com"', true],
    ['targetingKey ew "@test.com" and role eq "backend engineer"', true],
    ['(key ew "@test.com") and (role eq "backend engineer") and (env eq "pro")', false],
    ['x.a == 1 and x.b.c <= 2', true],
    ['x.a != 1 or (x.b.c > 2)', false],
    ['age IN [29, 30]', true],
    ['role in ["Backend Engineer"]', true],
    ['version eq 1.2.3', true],
    ['version lt 1.3.0-beta.1 and version ge 1.2.3', true],
    ['version ne 1.2.3', false],
    ['role co "END" and role sw "back"', true],
    ['age ge 30 and age lt 30.5', true],
    ['not (age gt 18)', false],
    ['NOT (nothing eq "x")', true],
    ['nothing ne "x"', false],
    ['nothing pr', false],
    ['role pr and nothing eq null', true],
    ['beta ne true', false],
    ['anonymous ne true', true],
    ['anonymous eq false', true],
    ['anonymous eq true', false],
    // Both words bind alike, from the left.
    ['beta eq true or beta eq true and beta eq false', false],
    ['beta eq true or (beta eq true and beta eq false)', true],
  ] as const) {
    assert.is(holds(query, ADA), expected, query);
  }
});

test('a query in JsonLogic decides as its language says', () => {
  for (const [query, expected] of [
    ['{"==": [{"var": "key"}, "ada@test.com"]}', true],
    ['{"and": [{"in": ["@test.com", {"var": "targetingKey"}]}, {"==": [{"var": "beta"}, true]}]}', true],
    ['{"or": [{"<": [{"var": "age"}, 18]}, {"!=": [{"var": "role"}, "Backend Engineer"]}]}', false],
  ] as const) {
    assert.is(holds(query, ADA), expected, query);
  }
});

test('what goes by the clock, or what no rule says, leaves the flag out with the construct', () => {
  const flag = (fields: string): string => `a: { variations: { A: A, B: B }, ${fields} }`;
  const step = '{ variation: A, percentage: 0, date: 2027-01-01T00:00:00Z }';
  for (const [fields, construct] of [
    [`defaultRule: { progressiveRollout: { initial: ${step}, end: ${step} } }`, 'progressiveRollout'],
    ['defaultRule: { variation: A }, experimentation: { end: 2027-01-01T00:00:00Z }', 'experimentation'],
    [
      'defaultRule: { variation: A }, scheduledRollout: [{ date: 2027-01-01T00:00:00Z, disable: true }]',
      'scheduledRollout',
    ],
    ['targeting: []', 'defaultRule'],
    ['defaultRule: { variation: C }', 'variation'],
    ['defaultRule: { percentage: { A: 0 } }', 'percentage'],
  ] as const) {
    assert.equal(notes(read(flag(fields))), [`a: left out: ${construct}`], fields);
  }
  for (const query of [
    'role gt "a"',
    'age==30',
    'age eq',
    'age eq 30 leftover',
    'role eq "a\\\\b"',
    'age in [1, "a"]',
    '',
    '{"==": 1',
    '{"var": "beta"}',
    '{"==": [{"cat": ["a", "b"]}, "ab"]}',
  ]) {
    assert.ok(notes(asking(query))[0]?.startsWith('a: left out: '), query);
  }
});

test("a disabled flag gives the caller's own default, though it has a variant off", () => {
  const imported = read(`
a: { variations: { on: true, off: false }, defaultRule: { variation: on }, disable: true }
b: { variations: { A: 1, B: 2 }, defaultRule: { percentage: { A: 100, B: 0 } }, disable: true }`);
  const environment = compileNow(projectOf(imported)).environments.get('production');
  if (environment === undefined) throw new Error('no production');
  for (const key of ['a', 'b']) assert.is(evaluate(environment, key, ADA, 0).kind, 'default');
  assert.is(flagOf(imported, 'b')?.environments.production?.serve, 'A');
  assert.equal(notes(imported), []);
});

test('a file that is none of GO Feature Flag cannot be read', () => {
  assert.throws(
    () => read('flags: []'),
    (error: unknown) =>
      error instanceof UnreadableSource && /flags\.goff\.yaml: no map of flags/.test(error.message),
  );
});

test.run();
