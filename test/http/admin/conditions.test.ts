import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { printYaml } from '../../../src/files/print.js';
import { readConditions, readConditionsIn, shownConditions } from '../../../src/http/admin/conditions.js';
import type { Clause } from '../../../src/model/clause.js';
import { Failure } from '../../../src/model/failure.js';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import { anyWhen } from './random-clauses.js';

test('what the dialect shows of any clauses, it reads as the same YAML (004: rules round-trip)', () => {
  fc.assert(
    fc.property(anyWhen, (when) => {
      const sent = JSON.parse(JSON.stringify(shownConditions(when)));
      const written = printYaml(readConditions(sent, 'conditions') as unknown as JsonValue);
      assert.equal(parse(written), parse(printYaml(when as unknown as JsonValue)));
    }),
    { numRuns: 2_000 },
  );
});

const WORDS: readonly (readonly [Clause, JsonObject])[] = [
  [
    { attribute: 'country', equals: 'DE' },
    { attribute: 'country', operator: 'EQUALS', value: 'DE' },
  ],
  [
    { attribute: 'beta', notEquals: true },
    { attribute: 'beta', operator: 'NOT_EQUALS', value: true },
  ],
  [
    { attribute: 'email', contains: '@' },
    { attribute: 'email', operator: 'CONTAINS', value: '@' },
  ],
  [
    { attribute: 'email', startsWith: 'm' },
    { attribute: 'email', operator: 'STARTS_WITH', value: 'm' },
  ],
  [
    { attribute: 'email', endsWith: '.com' },
    { attribute: 'email', operator: 'ENDS_WITH', value: '.com' },
  ],
  [
    { attribute: 'email', matches: '^m' },
    { attribute: 'email', operator: 'MATCHES', value: '^m' },
  ],
  [
    { attribute: 'plan', in: ['pro', 7] },
    { attribute: 'plan', operator: 'IN', value: ['pro', 7] },
  ],
  [
    { attribute: 'plan', notIn: ['free'] },
    { attribute: 'plan', operator: 'NOT_IN', value: ['free'] },
  ],
  [
    { attribute: 'age', gt: 17 },
    { attribute: 'age', operator: 'GREATER_THAN', value: 17 },
  ],
  [
    { attribute: 'age', lt: 70.5 },
    { attribute: 'age', operator: 'LESS_THAN', value: 70.5 },
  ],
  [{ segment: 'beta-testers' }, { operator: 'IN_SEGMENT', segment: 'beta-testers' }],
];

test('the operators of seed 004 are clauses of the files, and the other way round (004: operators)', () => {
  for (const [clause, condition] of WORDS) {
    const shown = { operator: 'AND', conditions: [condition] };
    assert.equal(shownConditions([clause]), shown);
    assert.equal(readConditions(shown, ''), [clause]);
  }
});

test('IN SEGMENT is IN_SEGMENT (004)', () => {
  const conditions = [{ operator: 'IN SEGMENT', segment: 'internal' }];
  assert.equal(readConditions({ conditions }, ''), [{ segment: 'internal' }]);
});

test('what the dialect has no words for, stands as the files write it (004: neither lost nor hidden)', () => {
  const clauses: readonly Clause[] = [
    { attribute: 'app.version', semverGte: '2.4.0' },
    { attribute: 'age', gt: 17, lt: 70 },
    { attribute: 'country', equals: 'DE', ignoreCase: true },
    { not: { segment: 'internal' } },
    { flag: 'theme', variant: 'dark' },
  ];
  assert.equal(
    shownConditions(clauses).conditions,
    clauses.map((clause) => ({ clause })),
  );
});

test('conditions join by AND or OR, in one another too (004)', () => {
  const [first, second] = [{ segment: 'one' }, { segment: 'two' }];
  const either = { operator: 'OR', conditions: [shown('one'), shown('two')] };
  assert.equal(shownConditions([{ any: [first, second] }]), either);
  assert.equal(shownConditions([first, { any: [first, second] }]), {
    operator: 'AND',
    conditions: [shown('one'), either],
  });
  assert.equal(shownConditions([{ all: [first, second] }]), {
    operator: 'AND',
    conditions: [{ operator: 'AND', conditions: [shown('one'), shown('two')] }],
  });
});

test('nothing asked is AND of nothing', () => {
  assert.equal(shownConditions(undefined), { operator: 'AND', conditions: [] });
  assert.equal(readConditions({ operator: 'AND', conditions: [] }, ''), []);
});

test('an object with conditions may say one of the two fields: the other is as it was', () => {
  const when: readonly Clause[] = [{ any: [{ segment: 'one' }] }];
  const read = (object: JsonObject) => readConditionsIn({ object, place: '' }, when);
  assert.is(read({}), undefined);
  assert.equal(read({ operator: 'AND' }), [{ segment: 'one' }]);
  assert.equal(read({ conditions: [shown('two')] }), [{ any: [{ segment: 'two' }] }]);
  assert.equal(read({ conditions: [] }), []);
  assert.equal(read({ conditions: null }), []);
});

const REFUSED: readonly (readonly [JsonValue, string])[] = [
  ['AND', 'when: wanted an object'],
  [{ operator: 'XOR', conditions: [] }, 'when.operator: wanted AND or OR'],
  [{ operator: 'AND' }, 'when.conditions: is missing'],
  [{ operator: 'OR', conditions: [] }, 'when.conditions: with OR, at least one is wanted'],
  [
    { conditions: [{ operator: 'AND', conditions: [] }] },
    'when.conditions[0].conditions: wanted a list of 1',
  ],
  [{ conditions: [7] }, 'when.conditions[0]: wanted an object'],
  [{ conditions: [{}] }, 'when.conditions[0].operator: wanted EQUALS, NOT_EQUALS'],
  [asking('EQUALS', null), 'when.conditions[0].value: wanted text, a number, true or false'],
  [asking('EQUALS', '\ud800'), 'when.conditions[0].value: half a character'],
  [asking('IN', 'DE'), 'when.conditions[0].value: wanted a list'],
  [asking('IN', ['DE', {}]), 'when.conditions[0].value[1]: wanted text'],
  [asking('CONTAINS', 7), 'when.conditions[0].value: wanted text'],
  [asking('MATCHES', 'x'.repeat(257)), 'when.conditions[0].value: wanted text of 0 to 256 characters'],
  [asking('LESS_THAN', '7'), 'when.conditions[0].value: wanted a number'],
  [{ conditions: [{ attribute: 'x', operator: 'EQUALS' }] }, 'when.conditions[0].value: is missing'],
  [{ conditions: [{ operator: 'EQUALS', value: 1 }] }, 'when.conditions[0].attribute: is missing'],
  [{ conditions: [{ operator: 'IN_SEGMENT', segment: '../x' }] }, 'when.conditions[0].segment: not in the'],
  [{ conditions: [{ ...shown('one'), value: 1 }] }, 'when.conditions[0].value: no such field'],
  [{ conditions: [{ clause: 'x' }] }, 'when.conditions[0].clause: wanted an object'],
];

test('what cannot be meant is refused with its place (RELIABILITY 3)', () => {
  for (const [sent, sentence] of REFUSED) {
    const failure = failureOf(() => readConditions(sent, 'when'));
    assert.is(failure?.code, 'INVALID_REQUEST', JSON.stringify(sent));
    assert.ok(failure?.message.startsWith(sentence), `${failure?.message} for ${JSON.stringify(sent)}`);
  }
});

function shown(segment: string): JsonObject {
  return { operator: 'IN_SEGMENT', segment };
}

function asking(operator: string, value: JsonValue): JsonObject {
  return { conditions: [{ attribute: 'x', operator, value }] };
}

function failureOf(read: () => unknown): Failure | undefined {
  try {
    read();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  return undefined;
}

test.run();
