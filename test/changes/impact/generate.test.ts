import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clauseValues } from '../../../src/changes/impact/clause-values.js';
import { generateContexts } from '../../../src/changes/impact/generate.js';
import { vocabularyOf } from '../../../src/changes/impact/vocabulary.js';
import { compileAll } from '../../../src/evaluation/clause.js';
import type { AttributeClause } from '../../../src/model/clause.js';
import { NOW, type Texts } from '../../files/org-files.js';
import { comparedOf } from './impact-of.js';

const test = suite('generated contexts');

const BEFORE: Texts = {
  'web-app/project.yaml': `environments: [production]
attributes: { plan: [free, pro], country: string, signedUp: date, age: number, beta: boolean, device: string }
`,
  'web-app/flags/a.yaml': flag('[{ id: r, when: [{ attribute: country, in: [DE, AT] }] }]'),
  'web-app/overrides/a.yaml': '- { users: [u-7, eve@example.com] }\n- { companies: [company-9] }\n',
};
const AFTER: Texts = {
  ...BEFORE,
  'web-app/flags/a.yaml': flag('[{ id: r, bucketBy: device, percentage: 10, when: [{ segment: old }] }]'),
  'web-app/segments/old.yaml': 'when: [{ segment: older }]\n',
  'web-app/segments/older.yaml': 'include: { users: [u-8] }\nwhen: [{ attribute: age, gte: 65 }]\n',
};

function flag(rules: string): string {
  return `environments:\n  production: { enabled: true, rules: ${rules}, serve: off }\n`;
}

const VOCABULARY = vocabularyOf(comparedOf({ before: BEFORE, after: AFTER }));

function generate(seed: number, count = 2_000, vocabulary = VOCABULARY) {
  return [...generateContexts({ vocabulary, seed, count, now: NOW })];
}

test('the words of both versions are known, through segments too', () => {
  assert.equal(VOCABULARY.users, ['eve@example.com', 'u-7', 'u-8']);
  assert.equal(VOCABULARY.companies, ['company-9']);
  const named = Object.fromEntries([...VOCABULARY.attributes].map(([name, words]) => [name, words.named]));
  assert.equal(named, {
    age: [64, 65, 66],
    beta: [],
    country: ['AT', 'DE'],
    device: [],
    plan: ['free', 'pro'],
    signedUp: [],
  });
});

test('the same seed makes the same contexts, another one others', () => {
  assert.equal(generate(1), generate(1));
  assert.not.equal(generate(1), generate(2));
  assert.equal(generate(1, 100), generate(1, 2_000).slice(0, 100));
});

test('people have names of their own, and those who are named come once each', () => {
  const contexts = generate(1);
  const names = contexts.map(({ targetingKey }) => targetingKey);
  assert.is(new Set(names).size, names.length);
  assert.equal(names.filter((name) => name === 'u-7' || name === 'u-8').length, 2);
  assert.is(contexts.filter(({ email }) => email === 'eve@example.com').length, 1);
});

test('declared values are all there, limits are met from both sides, and each attribute is missing at times', () => {
  const contexts = generate(1);
  const seen = (name: string) => new Set(contexts.map((context) => context[name]));
  assert.equal([...seen('plan')].sort(), ['free', 'pro', undefined]);
  for (const age of [64, 65, undefined]) assert.ok(seen('age').has(age), `no ${age}`);
  for (const country of ['DE', 'AT']) assert.ok(seen('country').has(country));
  assert.ok(seen('country').size > 100, 'some come from countries that nobody names');
  assert.ok(seen('device').size > 1_000, 'devices are as many as people');
  for (const text of [...seen('signedUp')].slice(0, 20))
    assert.not.ok(Number.isNaN(Date.parse(String(text ?? '2026'))));
});

test('an attribute more changes nothing of the others', () => {
  const attributes = new Map([...VOCABULARY.attributes].filter(([name]) => name !== 'plan'));
  const fewer = generate(1, 200, { ...VOCABULARY, attributes });
  assert.equal(
    generate(1, 200).map(({ plan: _, ...rest }) => rest),
    fewer,
  );
});

const TESTS: readonly Omit<AttributeClause, 'attribute'>[] = [
  { equals: 'DE' },
  { notIn: [1, 2] },
  { contains: 'ab' },
  { startsWith: 'ab' },
  { endsWith: '@acme.com' },
  { lt: 5 },
  { gte: 5 },
  { before: '2026-01-01T00:00:00Z' },
  { after: '2026-01-01T00:00:00Z' },
  { semverGte: '2.4' },
  { semverLt: '2.4.1' },
  { semverRange: '>=2.4.0 <3' },
  { cidr: ['10.0.0.0/8', '2001:db8::/32'] },
  { includesAny: ['a', 'b'] },
  { includesAll: ['a', 'b'] },
];

for (const one of TESTS) {
  test(`${JSON.stringify(one)}: some value passes, and some other does not`, () => {
    const holds = compileAll([{ attribute: 'x', ...one }], { flags: new Map(), segments: new Map() });
    if (typeof holds === 'boolean') throw new Error('it looks at nobody');
    const values = [...clauseValues({ attribute: 'x', ...one }), 'something else'];
    const found = values.map((x) => holds({ x }, NOW, undefined));
    assert.ok(found.includes(true) && found.includes(false), JSON.stringify(values));
  });
}

test.run();
