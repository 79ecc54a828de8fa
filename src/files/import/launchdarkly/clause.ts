import { parseMoment } from '../../../evaluation/check.js';
import { parseVersion } from '../../../evaluation/version.js';
import type { AttributeClause, Clause } from '../../../model/clause.js';
import type { JsonObject, JsonValue, Scalar } from '../../../model/values.js';
import { allOf, anyOf, negated } from '../combine.js';
import { Inexact, type Note } from '../draft.js';
import { isList, textOf } from '../read.js';
import { listedTexts, switchOf } from '../strict.js';
import { attributeOf, keyAttribute } from './attribute.js';
import { patternOf } from './pattern.js';

/** What clauses are read with. */
export interface ClauseReading {
  readonly note: Note;
  /** The clause of a segment's members, or whether everyone or nobody is one. Throws `Inexact`. */
  readonly segment: (key: string) => Clause | boolean;
}

/** The condition that all the clauses hold. Throws `Inexact`. */
export function conditionOf(clauses: readonly JsonObject[], reading: ClauseReading): Clause | boolean {
  return allOf(clauses.map((clause) => clauseOf(clause, reading)));
}

function clauseOf(clause: JsonObject, reading: ClauseReading): Clause | boolean {
  if (!isList(clause.values)) throw new Inexact('values', 'values is no list');
  const { values } = clause;
  const isNegated = switchOf(clause.negate, 'negate');
  if (clause.op === 'segmentMatch') {
    const members = anyOf(listedTexts(clause.values, 'values').map(reading.segment));
    return isNegated ? negated(members) : members;
  }
  const kind = textOf(clause.contextKind);
  const reference = textOf(clause.attribute) ?? '';
  const attribute = attributeOf({ reference, kind }, reading.note);
  const test = testOf({ op: textOf(clause.op) ?? '', attribute, values, note: reading.note });
  const condition = isNegated ? unlessMissing(attribute, test) : test;
  if (reference !== 'anonymous' && reference !== '/anonymous') return condition;
  const holdsOfFalse = (clause.op === 'in' && values.includes(false)) !== isNegated;
  return holdsOfFalse ? orNotAnonymous(attribute, kind, condition) : condition;
}

/** A negated clause never holds of callers without the attribute. */
function unlessMissing(attribute: string, test: Clause | boolean): Clause | boolean {
  if (typeof test !== 'boolean' && 'attribute' in test && test.in !== undefined)
    return { attribute, notIn: test.in };
  if (typeof test !== 'boolean' && 'attribute' in test && test.equals !== undefined)
    return { attribute, notEquals: test.equals };
  return allOf([{ attribute, exists: true }, negated(test)]);
}

/** A context that does not say whether it is anonymous is not. */
function orNotAnonymous(
  attribute: string,
  kind: string | undefined,
  condition: Clause | boolean,
): Clause | boolean {
  const either = anyOf([condition, { attribute, exists: false }]);
  if (kind === undefined || kind === 'user') return either;
  return allOf([{ attribute: keyAttribute(kind), exists: true }, either]);
}

interface Test {
  readonly op: string;
  readonly attribute: string;
  readonly values: readonly JsonValue[];
  readonly note: Note;
}

/** Holds where the attribute, or one element of a list, passes for one of the values. */
function testOf({ op, attribute, values, note }: Test): Clause | boolean {
  switch (op) {
    case 'in':
      return among(attribute, values.filter(isScalar));
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return anyOf(values.filter(isText).map((value) => ({ attribute, [op]: value })));
    case 'matches':
      return anyOf(
        values.filter(isText).map((value) => ({ attribute, matches: patternOf(value, { attribute, note }) })),
      );
    case 'lessThan':
    case 'lessThanOrEqual':
    case 'greaterThan':
    case 'greaterThanOrEqual':
      return anyOf(values.filter(isNumber).map((value) => ({ attribute, [ORDERS[op]]: value })));
    case 'before':
    case 'after':
      return moments({ op, attribute, values, note });
    default:
      return versions({ op, attribute, values, note });
  }
}

const ORDERS = {
  lessThan: 'lt',
  lessThanOrEqual: 'lte',
  greaterThan: 'gt',
  greaterThanOrEqual: 'gte',
} as const;

function among(attribute: string, values: readonly Scalar[]): Clause | boolean {
  const [first, second] = values;
  if (first === undefined) return false;
  return second === undefined ? { attribute, equals: first } : { attribute, in: values };
}

function moments({ op, attribute, values, note }: Test): Clause | boolean {
  note(
    'assumed',
    op,
    `callers have ${attribute} as a number of milliseconds, or as the RFC 3339 text of a day that there is`,
  );
  return anyOf(
    values.flatMap((value): AttributeClause[] => {
      const limit = momentOf(value);
      return limit === undefined ? [] : [{ attribute, [op]: limit }];
    }),
  );
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d(?::\d\d)?)$/;

/** What is no date there is before and after nothing. */
function momentOf(value: JsonValue): string | number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !DATE.test(value)) return undefined;
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return undefined;
  return parseMoment(value) === milliseconds ? value : milliseconds;
}

const VERSIONS = {
  semVerEqual: 'semverEq',
  semVerLessThan: 'semverLt',
  semVerGreaterThan: 'semverGt',
} as const;

function versions({ op, attribute, values, note }: Test): Clause | boolean {
  const test = VERSIONS[op as keyof typeof VERSIONS];
  if (test === undefined) throw new Inexact('op', `${JSON.stringify(op)} is no operator that is known here`);
  note(
    'assumed',
    op,
    `callers have ${attribute} as the text of a version without a v or spaces before it: with them it is none there`,
  );
  const limits = values.filter(
    (value) => isText(value) && /^\d/.test(value) && parseVersion(value) !== undefined,
  );
  return anyOf(limits.map((limit) => ({ attribute, [test]: limit })));
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string';
}

function isNumber(value: JsonValue): value is number {
  return typeof value === 'number';
}

function isScalar(value: JsonValue): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
