import fc from 'fast-check';
import type { Clause } from '../../src/model/clause.js';
import type { EvaluationContext } from '../../src/model/evaluation.js';
import type { EnvironmentState, FlagFile, Rule, Serve } from '../../src/model/flag.js';
import type { OverrideEntry } from '../../src/model/override.js';
import type { SegmentFile } from '../../src/model/segment.js';
import type { JsonValue } from '../../src/model/values.js';
import type { ProjectParts } from './cases.js';

/**
 * Random projects of what flagd can express, with a little of what it cannot, and callers with values of every type
 * under every name. Texts are ASCII: flagd's cores hash others each in their own way.
 */

const FLAG_KEYS = ['a', 'b', 'c', 'd', 'e'] as const;
const SEGMENT_KEYS = ['s', 't', 'u'] as const;
const USERS = ['u-1', 'u-2', '5', 'constructor'] as const;
const COMPANIES = ['c-1', 'c-2'] as const;
/** Days long gone and far ahead: what they decide is the same throughout a run. */
const DAYS = ['2001-01-31', '2999-12-31'] as const;

const text = fc.constantFrom(
  'DE',
  'DEU',
  'de',
  '',
  'pro',
  '5',
  '-1',
  'true',
  'null',
  '1,5',
  '[object Object]',
  '$&',
);
const number = fc.oneof(
  fc.constantFrom(0, -0, 1, 5, -1, 0.1, 1e21, -5e-7, 2 ** 53),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const scalar = fc.oneof(text, number, fc.boolean());
const scalars = fc.array(scalar, { minLength: 1, maxLength: 10 });
const attribute = fc.constantFrom('x', 'y', 'plan type', 'größe', 'length', 'email', 'targetingKey');

const TESTS = {
  equals: scalar,
  notEquals: scalar,
  in: scalars,
  notIn: scalars,
  contains: text,
  notContains: text,
  startsWith: text,
  endsWith: text,
  lt: number,
  lte: number,
  gt: number,
  gte: number,
  exists: fc.boolean(),
  includesAny: scalars,
  includesAll: scalars,
} as const;

/** One test, or several on the same attribute. */
const attributeClause: fc.Arbitrary<Clause> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...(Object.keys(TESTS) as (keyof typeof TESTS)[])).chain(oneTest) },
  { weight: 1, arbitrary: fc.record({ attribute, ...TESTS }, { requiredKeys: ['attribute', 'notEquals'] }) },
);

function oneTest(test: keyof typeof TESTS): fc.Arbitrary<Clause> {
  return fc.record({ attribute, [test]: TESTS[test] }) as unknown as fc.Arbitrary<Clause>;
}

/** What flagd cannot express. */
const foreignClause: fc.Arbitrary<Clause> = fc.constantFrom(
  { attribute: 'x', matches: '^D' },
  { attribute: 'x', semverGte: '2.4' },
  { attribute: 'o.p', equals: 'DE' },
  { attribute: 'x', equals: 'DE', ignoreCase: true },
);

function tree(leaf: fc.Arbitrary<Clause>): fc.Arbitrary<Clause> {
  const { clause } = fc.letrec<{ clause: Clause; list: Clause[] }>((tie) => ({
    clause: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({ all: tie('list') }),
      fc.record({ any: tie('list') }),
      fc.record({ not: tie('clause') }),
    ),
    list: fc.array(tie('clause'), { maxLength: 3 }),
  }));
  return clause;
}

const variant = fc.constantFrom('on', 'off', 'blue');
const segmentClause = fc.record({ segment: fc.constantFrom(...SEGMENT_KEYS, 'nowhere') });
const flagClause = fc.record({ flag: fc.constantFrom(...FLAG_KEYS, 'nowhere'), variant });
const when = fc.array(
  tree(
    fc.oneof(
      { weight: 12, arbitrary: attributeClause },
      { weight: 3, arbitrary: segmentClause },
      { weight: 3, arbitrary: flagClause },
      { weight: 1, arbitrary: foreignClause },
    ),
  ),
  { minLength: 1, maxLength: 2 },
);

const serve: fc.Arbitrary<Serve> = fc.oneof(
  variant,
  fc.constant(null),
  fc.record({ on: fc.nat(3), off: fc.nat(3), blue: fc.nat(3) }),
  fc.record({ on: fc.nat(2 ** 29), off: fc.nat(2 ** 30), blue: fc.nat(2 ** 29) }),
);

const rule = (id: string): fc.Arbitrary<Rule> =>
  fc.record(
    {
      id: fc.constant(id),
      when,
      percentage: fc.constantFrom(0, 20, 50.125, 99.999, 100),
      bucketBy: fc.constantFrom('targetingKey', 'x', 'userId'),
      serve,
    },
    { requiredKeys: ['id'] },
  );

const state: fc.Arbitrary<EnvironmentState> = fc.record(
  {
    enabled: fc.constantFrom(true, true, true, false),
    killed: fc.constantFrom(false, false, false, false, true),
    offVariant: variant,
    segments: fc.array(
      fc.record({ segment: fc.constantFrom(...SEGMENT_KEYS), serve: fc.oneof(variant, fc.constant(null)) }),
      { maxLength: 2 },
    ),
    requires: fc.array(fc.record({ flag: fc.constantFrom(...FLAG_KEYS), variant }), { maxLength: 1 }),
    rules: fc.oneof(fc.tuple(rule('one'), rule('two'), rule('three')), fc.tuple(rule('one'))),
    serve,
  },
  { requiredKeys: ['enabled'] },
);

const KINDS = [
  { type: 'boolean', variants: { on: true, off: false, blue: true } },
  { type: 'string', variants: { on: 'yes', off: '', blue: 'blue' } },
  { type: 'number', variants: { on: 1, off: 0, blue: -0.5 } },
  { type: 'object', variants: { on: { a: [1, null] }, off: {}, blue: { a: { b: 'c' } } } },
] as const;

const flag: fc.Arbitrary<FlagFile> = fc
  .tuple(fc.boolean(), fc.boolean(), anyFlag())
  .map(([one, other, file]) => (one && other ? withoutOff(file) : file));

/** The same with the variant off under another name: whoever is not let in gets no value. */
function withoutOff(file: FlagFile): FlagFile {
  return JSON.parse(
    JSON.stringify(file).replaceAll('"off"', '"green"').replaceAll('"offVariant":"green",', ''),
  );
}

function anyFlag(): fc.Arbitrary<FlagFile> {
  return fc.constantFrom(...KINDS).chain((kind) =>
    fc.record(
      {
        type: fc.constant(kind.type),
        variants: fc.constant(kind.variants),
        metadata: fc.constant({ ticket: 'PAY-1', budget: 5, legal: true }),
        salt: fc.constantFrom('one', '{"$ref":"s"}'),
        environments: fc.record({ production: state }),
      },
      { requiredKeys: ['type', 'variants', 'environments'] },
    ),
  );
}

const names = fc.record(
  { users: fc.subarray([...USERS]), companies: fc.subarray([...COMPANIES]) },
  { requiredKeys: [] },
);

const segment: fc.Arbitrary<SegmentFile> = fc.record(
  {
    active: fc.constantFrom(true, true, false),
    include: names,
    exclude: names,
    when: fc.array(tree(fc.oneof(attributeClause, segmentClause)), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const override: fc.Arbitrary<OverrideEntry> = fc.record(
  {
    users: fc.subarray([...USERS], { minLength: 1 }),
    companies: fc.subarray([...COMPANIES], { minLength: 1 }),
    serve: fc.oneof(variant, fc.constant(null)),
    until: fc.constantFrom(...DAYS),
  },
  { requiredKeys: [] },
);

const overrides = fc.array(override, { maxLength: 3 });

/** The parts of a project with flags a to e and segments s to u. Cycles happen. */
export const anyFlagdProject: fc.Arbitrary<ProjectParts> = fc.record({
  flags: fc.record({ a: flag, b: flag, c: flag, d: flag, e: flag }),
  segments: fc.record({ s: segment, t: segment, u: segment }),
  overrides: fc.record({ a: overrides, b: overrides }),
});

const nested: fc.Arbitrary<JsonValue> = fc.oneof(
  scalar,
  fc.constant(null),
  fc.constant({}),
  fc.record({ p: scalar, length: scalar }),
  fc.array(scalar, { maxLength: 2 }),
);
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  scalar,
  scalar,
  fc.constantFrom(...USERS, ...COMPANIES),
  nested,
  fc.array(nested, { maxLength: 4 }),
);
const asciiText = fc.string({ unit: 'binary-ascii', maxLength: 40 });
const person = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...USERS, 'u-9', '') },
  { weight: 3, arbitrary: asciiText },
  { weight: 1, arbitrary: value },
);

/** A caller: names that the project knows or does not, and any value under any name that it asks for. As it comes out of JSON. */
export const anyFlagdContext: fc.Arbitrary<EvaluationContext> = fc
  .record(
    {
      targetingKey: person,
      userId: person,
      email: person,
      companyId: fc.oneof(fc.constantFrom(...COMPANIES, 'c-9'), value),
      x: value,
      y: value,
      'plan type': value,
      größe: value,
      length: value,
      o: value,
    },
    { requiredKeys: [] },
  )
  .map((context) => JSON.parse(JSON.stringify(context)));
