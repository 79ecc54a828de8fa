import type { AttributeClause, Clause } from '../../model/clause.js';
import { parseSegmentKey } from '../../model/keys.js';
import { unreachable } from '../../model/unreachable.js';
import type { JsonObject, JsonValue, Scalar } from '../../model/values.js';
import { isObject } from '../body.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readKey,
  readList,
  readObjectAt,
  readText,
  refuseUnwritable,
  required,
} from '../json-fields.js';

/** Clauses in the words of the admin APIs. AND holds where all of them do, of none too; OR where one of them does. */
export interface Conditions {
  readonly operator: 'AND' | 'OR';
  readonly conditions: readonly Condition[];
}

/** One condition. A clause that has no words of its own here stands as the files write it, so that none is hidden. */
export type Condition =
  | Conditions
  | { readonly attribute: string; readonly operator: AttributeOperator; readonly value: JsonValue }
  | { readonly operator: 'IN_SEGMENT'; readonly segment: string }
  | { readonly clause: JsonObject };

/** The tests on an attribute that have words here. */
export type AttributeOperator = keyof typeof TESTS;

/** What each operator is in the files. */
const TESTS = {
  EQUALS: 'equals',
  NOT_EQUALS: 'notEquals',
  CONTAINS: 'contains',
  STARTS_WITH: 'startsWith',
  ENDS_WITH: 'endsWith',
  MATCHES: 'matches',
  IN: 'in',
  NOT_IN: 'notIn',
  GREATER_THAN: 'gt',
  LESS_THAN: 'lt',
} as const satisfies Readonly<Record<string, keyof AttributeClause>>;

const IN_SEGMENT = 'IN_SEGMENT';
/** The product that these words come from writes it so. */
const IN_SEGMENT_SPACED = 'IN SEGMENT';
const OPERATORS = Object.keys(TESTS) as readonly AttributeOperator[];
const ATTRIBUTE_LENGTH = { from: 1, to: 200 };
const PATTERN_LENGTH = { to: 256 };
/** No body is longer. */
const VALUE_LENGTH = { to: 1024 * 1024 };
const MOST_ITEMS = 100_000;

/** What a list of clauses says, all of which must hold; of a list that is not there, nothing is asked. */
export function shownConditions(when: readonly Clause[] | undefined): Conditions {
  const [only, ...others] = when ?? [];
  if (only !== undefined && others.length === 0 && 'any' in only) return shownAny(only.any);
  return { operator: 'AND', conditions: (when ?? []).map(shownCondition) };
}

/**
 * The clauses that conditions mean, the exact inverse of `shownConditions`; none where they ask nothing. Throws a
 * `Failure` of kind `invalid` that names the place. What is in a `clause`, the judge of the files reads.
 */
export function readConditions(value: JsonValue | undefined, place: string): readonly Clause[] {
  const fields = readFields(value, place, ['operator', 'conditions']);
  const items = readItems(fields, 0);
  if (readJoin(fields) === 'AND') return items;
  if (items.length > 0) return [{ any: items }];
  throw invalidAt(placeOf(fields, 'conditions'), 'with OR, at least one is wanted');
}

/**
 * The clauses that the fields `operator` and `conditions` of an object mean. What is left out is as it is in `when`; null
 * is none. Undefined where it has neither. Throws as `readConditions` does.
 */
export function readConditionsIn(
  fields: Fields,
  when: readonly Clause[] | undefined,
): readonly Clause[] | undefined {
  const operator = fieldOf(fields, 'operator');
  const given = fieldOf(fields, 'conditions');
  if (operator === undefined && given === undefined) return undefined;
  const now = shownConditions(when);
  const conditions = given === undefined ? asJson(now.conditions) : (given ?? []);
  const isEmpty = Array.isArray(conditions) && conditions.length === 0;
  return readConditions({ operator: operator ?? (isEmpty ? 'AND' : now.operator), conditions }, fields.place);
}

function shownAny(any: readonly Clause[]): Conditions {
  return { operator: 'OR', conditions: any.map(shownCondition) };
}

function shownCondition(clause: Clause): Condition {
  if ('all' in clause) return { operator: 'AND', conditions: clause.all.map(shownCondition) };
  if ('any' in clause) return shownAny(clause.any);
  if ('segment' in clause) return { operator: IN_SEGMENT, segment: clause.segment };
  const test = 'attribute' in clause ? shownTest(clause) : undefined;
  return test ?? { clause: asJson(clause) as JsonObject };
}

/** Undefined where one operator and its value do not say all of it. */
function shownTest(clause: AttributeClause): Condition | undefined {
  const [test, ...others] = Object.keys(clause).filter((name) => name !== 'attribute');
  const operator = OPERATORS.find((name) => TESTS[name] === test);
  if (operator === undefined || others.length > 0) return undefined;
  return { attribute: clause.attribute, operator, value: asJson(clause[TESTS[operator]] ?? null) };
}

function readItems(fields: Fields, from: number): readonly Clause[] {
  const items = required(readList(fields, 'conditions', { from, to: MOST_ITEMS }), fields, 'conditions');
  return items.map((item, index) => readCondition(item, `${placeOf(fields, 'conditions')}[${index}]`));
}

function readJoin(fields: Fields): 'AND' | 'OR' {
  const operator = fieldOf(fields, 'operator') ?? 'AND';
  if (operator === 'AND' || operator === 'OR') return operator;
  throw invalidAt(placeOf(fields, 'operator'), 'wanted AND or OR');
}

function readCondition(item: JsonValue, place: string): Clause {
  const object = isObject(item) ? item : {};
  if (Object.hasOwn(object, 'clause')) return readClause(readFields(item, place, ['clause']));
  if (Object.hasOwn(object, 'conditions')) {
    const fields = readFields(item, place, ['operator', 'conditions']);
    const clauses = readItems(fields, 1);
    return readJoin(fields) === 'AND' ? { all: clauses } : { any: clauses };
  }
  const { operator } = object;
  return operator === IN_SEGMENT || operator === IN_SEGMENT_SPACED
    ? readMembership(readFields(item, place, ['operator', 'segment']))
    : readTest(readFields(item, place, ['attribute', 'operator', 'value']));
}

/** Its shape is judged with the file that it becomes part of. */
function readClause(fields: Fields): Clause {
  return required(readObjectAt(fields, 'clause'), fields, 'clause') as unknown as Clause;
}

function readMembership(fields: Fields): Clause {
  return { segment: required(readKey(fields, 'segment', parseSegmentKey), fields, 'segment') };
}

function readTest(fields: Fields): Clause {
  const operator = OPERATORS.find((name) => name === fieldOf(fields, 'operator'));
  if (operator === undefined) {
    throw invalidAt(placeOf(fields, 'operator'), `wanted ${[...OPERATORS, IN_SEGMENT].join(', ')}`);
  }
  const attribute = required(readText(fields, 'attribute', ATTRIBUTE_LENGTH), fields, 'attribute');
  return { attribute, [TESTS[operator]]: required(readOperand(fields, operator), fields, 'value') };
}

function readOperand(fields: Fields, operator: AttributeOperator): JsonValue | undefined {
  const place = placeOf(fields, 'value');
  const value = fieldOf(fields, 'value');
  switch (operator) {
    case 'EQUALS':
    case 'NOT_EQUALS':
      return value === undefined ? undefined : readScalar(value, place);
    case 'IN':
    case 'NOT_IN':
      return readList(fields, 'value', { from: 1, to: MOST_ITEMS })?.map((item, index) =>
        readScalar(item, `${place}[${index}]`),
      );
    case 'GREATER_THAN':
    case 'LESS_THAN':
      return value === undefined ? undefined : readNumber(value, place);
    case 'MATCHES':
      return readText(fields, 'value', PATTERN_LENGTH);
    case 'CONTAINS':
    case 'STARTS_WITH':
    case 'ENDS_WITH':
      return readText(fields, 'value', VALUE_LENGTH);
    default:
      return unreachable(operator);
  }
}

function readScalar(value: JsonValue, place: string): Scalar {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    refuseUnwritable(value, place);
    return value;
  }
  throw invalidAt(place, 'wanted text, a number, true or false');
}

function readNumber(value: JsonValue, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidAt(place, 'wanted a number');
}

/** What a file holds is what JSON can write. */
function asJson(value: object | Scalar | null): JsonValue {
  return value as JsonValue;
}
