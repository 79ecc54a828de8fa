import fc from 'fast-check';
import type { Clause } from '../../../src/model/clause.js';

/** Random clauses of every kind that a file can hold: those that the admin APIs have words for, and all others. */

const scalar = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.boolean(),
);
const scalars = fc.array(scalar, { minLength: 1, maxLength: 3 });
const text = fc.string({ unit: 'binary', maxLength: 8 });
const name = fc.constantFrom('beta-testers', 'internal', 'Layout_v2');
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0);
const moment = fc.constantFrom('2026-01-01T00:00:00Z', 1_767_225_600_000);
const version = fc.constantFrom('2.4', '3.0.0');

const OPERANDS = {
  equals: scalar,
  notEquals: scalar,
  in: scalars,
  notIn: scalars,
  contains: text,
  notContains: text,
  startsWith: text,
  endsWith: text,
  matches: fc.constantFrom('^[A-Z]+$', '\\d'),
  lt: number,
  lte: number,
  gt: number,
  gte: number,
  before: moment,
  after: moment,
  semverEq: version,
  semverLt: version,
  semverLte: version,
  semverGt: version,
  semverGte: version,
  semverRange: fc.constant('>=2.4.0 <3'),
  exists: fc.boolean(),
  cidr: fc.constantFrom('10.0.0.0/8', ['10.0.0.0/8', '::/0']),
  includesAny: scalars,
  includesAll: scalars,
} as const;

const attribute = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });

/** One operator is the usual clause; two, or `ignoreCase`, the dialects have no words for. */
const attributeClause: fc.Arbitrary<Clause> = fc
  .record({
    named: fc.record({ attribute }),
    tests: fc.oneof(
      { weight: 4, arbitrary: fc.subarray(Object.keys(OPERANDS), { minLength: 1, maxLength: 1 }) },
      fc.subarray(Object.keys(OPERANDS), { minLength: 2, maxLength: 3 }),
    ),
    operands: fc.record(OPERANDS),
    ignoring: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, fc.record({ ignoreCase: fc.boolean() })),
    isNamedLast: fc.boolean(),
  })
  .map(({ named, tests, operands, ignoring, isNamedLast }) => {
    const chosen = Object.fromEntries(Object.entries(operands).filter(([each]) => tests.includes(each)));
    const clause = isNamedLast ? { ...chosen, ...ignoring, ...named } : { ...named, ...chosen, ...ignoring };
    return clause as Clause;
  });

const leaf: fc.Arbitrary<Clause> = fc.oneof(
  { weight: 4, arbitrary: attributeClause },
  fc.record({ segment: name }),
  fc.record({ flag: name, variant: fc.constantFrom('on', 'blue') }, { requiredKeys: ['flag'] }),
);

const { clause } = fc.letrec<{ clause: Clause; clauses: Clause[] }>((tie) => ({
  clause: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ all: tie('clauses') }),
    fc.record({ any: tie('clauses') }),
    fc.record({ not: tie('clause') }),
  ),
  clauses: fc.array(tie('clause'), { minLength: 1, maxLength: 3 }),
}));

/** What a rule or a segment may ask; an empty list asks nothing. */
export const anyWhen: fc.Arbitrary<readonly Clause[]> = fc.array(clause, { maxLength: 4 });
