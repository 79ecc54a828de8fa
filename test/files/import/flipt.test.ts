import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../../src/evaluation/compile.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import { readFlipt } from '../../../src/files/import/flipt/flipt.js';
import { type Imported, UnreadableSource } from '../../../src/files/import/imported.js';
import { fliptSubject } from '../../support/import/flipt.js';
import { flagOf, notes } from '../../support/import/imported.js';
import { projectOf } from '../../support/import/proof.js';

const TARGETS = { of: (theirs: string | undefined) => [theirs ?? 'production'] };

function read(text: string, ...more: readonly string[]): Imported {
  const texts = new Map([text, ...more].map((one, place) => [`${place}/features.yaml`, one]));
  return readFlipt({ texts, targets: TARGETS });
}

const DOCUMENT = `
version: "1.5"
namespace: { key: default, name: Default }
flags:
  - key: theme
    name: Theme
    type: VARIANT_FLAG_TYPE
    description: Colours of the page
    enabled: true
    metadata: { ticket: PAY-123, deep: { a: 1 } }
    variants:
      - key: blue
        default: true
      - key: red
    rules:
      - segment: { keys: [germans, staff], operator: AND_SEGMENT_OPERATOR }
        distributions:
          - { variant: red, rollout: 100 }
      - segment: staff
        distributions:
          - { variant: red, rollout: 30 }
          - { variant: blue, rollout: 70 }
  - key: new-checkout
    type: BOOLEAN_FLAG_TYPE
    enabled: false
    rollouts:
      - { description: staff first, segment: { key: staff, value: true } }
      - threshold: { percentage: 25, value: true }
segments:
  - key: germans
    match_type: ALL_MATCH_TYPE
    constraints:
      - { type: STRING_COMPARISON_TYPE, property: country, operator: eq, value: DE }
  - key: staff
    name: Our people
    match_type: ANY_MATCH_TYPE
    constraints:
      - { type: STRING_COMPARISON_TYPE, property: email, operator: suffix, value: "@acme.com" }
      - { type: ENTITY_ID_COMPARISON_TYPE, operator: isoneof, value: '["u-1","u-2"]' }
`;

test('features.yaml of Flipt becomes flags and segments, and what moves people or is dropped is told', () => {
  const imported = read(DOCUMENT);
  assert.equal(flagOf(imported, 'theme'), {
    name: 'Theme',
    description: 'Colours of the page',
    metadata: { ticket: 'PAY-123' },
    type: 'string',
    variants: { blue: 'blue', red: 'red' },
    environments: {
      production: {
        enabled: true,
        rules: [
          { id: 'rule-1', when: [{ segment: 'germans' }, { segment: 'staff' }], serve: 'red' },
          { id: 'rule-2', when: [{ segment: 'staff' }], serve: { red: 30, blue: 70 } },
        ],
        serve: 'blue',
      },
    },
  });
  assert.equal(flagOf(imported, 'new-checkout')?.environments.production, {
    enabled: true,
    rules: [
      { id: 'rollout-1', description: 'staff first', when: [{ segment: 'staff' }] },
      { id: 'rollout-2', percentage: 25 },
    ],
    serve: 'off',
  });
  const staff = imported.files.find(({ kind, key }) => kind === 'segment' && key === 'staff');
  assert.equal(staff?.value, {
    name: 'Our people',
    when: [
      {
        any: [
          { attribute: 'email', endsWith: '@acme.com' },
          { attribute: 'targetingKey', in: ['u-1', 'u-2'] },
        ],
      },
    ],
  });
  assert.equal(notes(imported), [
    'theme: dropped: metadata',
    'theme: moved: distributions',
    'new-checkout: moved: threshold',
  ]);
  projectOf(imported);
});

test('distributions and thresholds give the same shares as the engine of Flipt, to other people', async () => {
  const everyone = { key: 'everyone', match_type: 'ALL_MATCH_TYPE', constraints: [] };
  const distributions = [
    { variant: 'red', rollout: 30 },
    { variant: 'blue', rollout: 70 },
  ];
  const subject = await fliptSubject({
    flags: [
      {
        key: 'theme',
        type: 'VARIANT_FLAG_TYPE',
        enabled: true,
        variants: [{ key: 'red' }, { key: 'blue' }],
        rules: [{ segment: 'everyone', distributions }],
      },
      {
        key: 'beta',
        type: 'BOOLEAN_FLAG_TYPE',
        enabled: false,
        rollouts: [{ threshold: { percentage: 25, value: true } }],
      },
    ],
    segments: [everyone],
  });
  const imported = readFlipt({ texts: subject.texts, targets: TARGETS });
  const environment = compileNow(projectOf(imported)).environments.get('production');
  if (environment === undefined) throw new Error('no production');
  const counts = { theirs: new Map<unknown, number>(), ours: new Map<unknown, number>() };
  const add = (map: Map<unknown, number>, value: unknown): unknown =>
    map.set(value, (map.get(value) ?? 0) + 1);
  for (let number = 0; number < 5000; number += 1) {
    const entityId = `u-${number}`;
    for (const key of ['theme', 'beta']) {
      add(counts.theirs, await subject.ask(key, { entityId, context: {} }));
      const answer = evaluate(environment, key, { targetingKey: entityId }, 0);
      add(counts.ours, answer.kind === 'value' ? answer.value : undefined);
    }
  }
  for (const map of Object.values(counts)) {
    for (const [value, share] of [
      ['red', 30],
      ['blue', 70],
      [true, 25],
      [false, 75],
    ] as const)
      assert.ok(Math.abs((map.get(value) ?? 0) - share * 50) < 160, JSON.stringify([...map]));
  }
  assert.equal(notes(imported), [
    'all: dropped: segment',
    'theme: moved: distributions',
    'beta: moved: threshold',
  ]);
});

test('what cannot be said leaves the flag out, with the construct', () => {
  const constraint = (fields: string): string => `
flags: [{ key: a, type: BOOLEAN_FLAG_TYPE, enabled: true, rollouts: [{ segment: { key: s, value: false } }] }]
segments: [{ key: s, match_type: ALL_MATCH_TYPE, constraints: [${fields}] }]`;
  for (const fields of [
    '{ type: NUMBER_COMPARISON_TYPE, property: age, operator: gt, value: "17.5" }',
    '{ type: STRING_COMPARISON_TYPE, property: version, operator: eq, value: 1.10 }',
    '{ type: STRING_COMPARISON_TYPE, property: country, operator: isoneof, value: "DE, FR" }',
    '{ type: DATETIME_COMPARISON_TYPE, property: since, operator: lt, value: "yesterday" }',
    '{ type: STRING_COMPARISON_TYPE, property: country, operator: soundslike, value: DE }',
    '{ type: UNKNOWN, property: country, operator: eq, value: DE }',
    '{ type: STRING_COMPARISON_TYPE, property: a, operator: eq, value: "1" }, { type: NUMBER_COMPARISON_TYPE, property: a, operator: eq, value: "1" }',
  ]) {
    assert.equal(
      notes(read(constraint(fields))),
      ['all: dropped: constraint', 'a: left out: constraint'],
      fields,
    );
  }
  const flag = (fields: string): string => `
flags: [{ key: a, enabled: true, ${fields} }]
segments: [{ key: s, constraints: [{ type: ENTITY_ID_COMPARISON_TYPE, operator: notempty }] }]`;
  for (const [fields, construct] of [
    ['type: OTHER_FLAG_TYPE', 'type'],
    ['variants: []', 'variants'],
    ['variants: [{ key: b, attachment: { x: 1 } }, { key: c }]', 'attachment'],
    ['variants: [{ key: b }], rules: [{ segment: gone }]', 'segment'],
    [
      'variants: [{ key: b }], rules: [{ segment: s, distributions: [{ variant: b, rollout: 50 }] }]',
      'distributions',
    ],
  ] as const) {
    assert.equal(notes(read(flag(fields))), [`a: left out: ${construct}`], fields);
  }
});

test('namespaces go into one project, and the second flag of one key is left out', () => {
  const one = 'namespace: one\nflags: [{ key: a, type: BOOLEAN_FLAG_TYPE, enabled: true }]';
  const imported = read(one, one.replace('one', 'two'));
  assert.equal(notes(imported), ['a: left out: key', 'all: dropped: namespace']);
  assert.equal(flagOf(imported, 'a')?.environments, { production: { enabled: true } });
});

test('a file that Flipt does not write cannot be read', () => {
  assert.throws(
    () => read('flags: none'),
    (error: unknown) =>
      error instanceof UnreadableSource && /features\.yaml: no list of flags/.test(error.message),
  );
});

test.run();
