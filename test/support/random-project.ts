import fc from 'fast-check';
import type { Clause } from '../../src/model/clause.js';
import type { EvaluationContext } from '../../src/model/evaluation.js';
import type { EnvironmentState, FlagFile, Rule, Serve } from '../../src/model/flag.js';
import type { OverrideEntry } from '../../src/model/override.js';
import type { SegmentFile } from '../../src/model/segment.js';
import type { ProjectParts } from './cases.js';

/** Random projects in which flags and segments ask each other, and callers whom their clauses know. */

const FLAG_KEYS = ['a', 'b', 'c', 'd'] as const;
const SEGMENT_KEYS = ['s', 't', 'u'] as const;
const USERS = ['u-1', 'u-2', 'Marc@Example.com', 'eve@example.com'] as const;
const COMPANIES = ['c-1', 'c-2'] as const;

const variant = fc.constantFrom('on', 'off', 'blue');
const scalar = fc.constantFrom(
  'DE',
  'FR',
  'de',
  'pro',
  '2.4.0',
  '10.0.0.1',
  '2026-01-01T00:00:00Z',
  1,
  5,
  true,
  false,
);

const attributeClause = fc.record({ attribute: fc.constantFrom('x', 'y', 'o.p', 'list') }).chain((named) =>
  fc.oneof(
    fc.record({ ...fixed(named), equals: scalar }),
    fc.record({ ...fixed(named), notEquals: scalar, ignoreCase: fc.boolean() }),
    fc.record({ ...fixed(named), in: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record({
      ...fixed(named),
      notIn: fc.array(scalar, { minLength: 1, maxLength: 3 }),
      exists: fc.boolean(),
    }),
    fc.record({ ...fixed(named), contains: fc.constantFrom('e', 'E'), ignoreCase: fc.boolean() }),
    fc.record({ ...fixed(named), matches: fc.constantFrom('^[A-Z]+$', '\\d') }),
    fc.record({ ...fixed(named), gte: fc.constantFrom(1, 3) }),
    fc.record({ ...fixed(named), semverGte: fc.constantFrom('2', '3.0.0') }),
    fc.record({ ...fixed(named), includesAny: fc.array(scalar, { minLength: 1, maxLength: 2 }) }),
    fc.record({ ...fixed(named), exists: fc.boolean() }),
  ),
);

function fixed(named: { readonly attribute: string }) {
  return { attribute: fc.constant(named.attribute) };
}

function clause(leaf: fc.Arbitrary<Clause>): fc.Arbitrary<Clause> {
  const { tree } = fc.letrec<{ tree: Clause; list: Clause[] }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({ all: tie('list') }),
      fc.record({ any: tie('list') }),
      fc.record({ not: tie('tree') }),
    ),
    list: fc.array(tie('tree'), { maxLength: 3 }),
  }));
  return tree;
}

const segmentClause = fc.record({ segment: fc.constantFrom(...SEGMENT_KEYS, 'nowhere') });
const flagClause = fc.record({ flag: fc.constantFrom(...FLAG_KEYS, 'nowhere'), variant });
const clauses = fc.array(clause(fc.oneof(attributeClause, attributeClause, segmentClause, flagClause)), {
  maxLength: 2,
});
const segmentClauses = fc.array(clause(fc.oneof(attributeClause, segmentClause)), { maxLength: 2 });

const serve: fc.Arbitrary<Serve> = fc.oneof(
  variant,
  fc.constant(null),
  fc.record({ on: fc.nat(3), off: fc.nat(3), blue: fc.nat(3) }),
);

const rule = (id: string): fc.Arbitrary<Rule> =>
  fc.record(
    {
      id: fc.constant(id),
      when: clauses,
      percentage: fc.constantFrom(0, 20, 50.5, 100),
      bucketBy: fc.constantFrom('targetingKey', 'x'),
      serve,
    },
    { requiredKeys: ['id'] },
  );

const state: fc.Arbitrary<EnvironmentState> = fc.record(
  {
    enabled: fc.boolean(),
    killed: fc.constantFrom(false, false, true),
    segments: fc.array(
      fc.record({ segment: fc.constantFrom(...SEGMENT_KEYS), serve: fc.oneof(variant, fc.constant(null)) }),
      { maxLength: 2 },
    ),
    requires: fc.array(fc.record({ flag: fc.constantFrom(...FLAG_KEYS), variant }), { maxLength: 1 }),
    rules: fc.tuple(rule('one'), rule('two')),
    serve,
  },
  { requiredKeys: ['enabled'] },
);

const flag: fc.Arbitrary<FlagFile> = fc.record(
  {
    type: fc.constant('number' as const),
    variants: fc.constant({ on: 1, off: 0, blue: 2 }),
    metadata: fc.constant({ ticket: 'PAY-1' }),
    salt: fc.constantFrom('one', 'größe'),
    environments: fc.record({ production: state }),
  },
  { requiredKeys: ['type', 'variants', 'environments'] },
);

const names = fc.record(
  { users: fc.subarray([...USERS]), companies: fc.subarray([...COMPANIES]) },
  { requiredKeys: [] },
);

const segment: fc.Arbitrary<SegmentFile> = fc.record(
  { active: fc.constantFrom(true, true, false), include: names, exclude: names, when: segmentClauses },
  { requiredKeys: [] },
);

const override: fc.Arbitrary<OverrideEntry> = fc.record(
  {
    users: fc.subarray([...USERS], { minLength: 1 }),
    companies: fc.subarray([...COMPANIES], { minLength: 1 }),
    environments: fc.constantFrom(['production'], ['elsewhere']),
    serve: fc.oneof(variant, fc.constant(null)),
    until: fc.constantFrom('2026-06-14', '2026-06-15'),
  },
  { requiredKeys: [] },
);

/** The parts of a project with flags a to d and segments s to u. Cycles happen. */
export const anyProject: fc.Arbitrary<ProjectParts> = fc.record({
  flags: fc.record({ a: flag, b: flag, c: flag, d: flag }),
  segments: fc.record({ s: segment, t: segment, u: segment }),
  overrides: fc.record({ a: fc.array(override, { maxLength: 2 }) }),
});

const value = fc.oneof(
  scalar,
  fc.constant(null),
  fc.array(scalar, { maxLength: 3 }),
  fc.record({ p: scalar }),
);

/** A caller: names of people and companies that the project knows, and attributes that its clauses ask for. */
export const anyContext: fc.Arbitrary<EvaluationContext> = fc.record(
  {
    targetingKey: fc.constantFrom(...USERS, 'u-9', ''),
    userId: fc.constantFrom(...USERS, 'u-8'),
    email: fc.constantFrom('MARC@example.com', 'eve@example.com'),
    companyId: fc.constantFrom(...COMPANIES, 'c-9'),
    x: value,
    y: value,
    list: value,
    o: value,
    'o.p': value,
  },
  { requiredKeys: [] },
);
