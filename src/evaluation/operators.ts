import type { Range } from 'semver';
import type { AttributeClause } from '../model/clause.js';
import type { JsonValue, Scalar } from '../model/values.js';
import { parseMoment } from './moment.js';
import { networkTest } from './network.js';
import { regexTest } from './regex.js';
import { comparisonWith, parseRange, parseVersion } from './version.js';

/** A test on the value of an attribute; undefined and null are a missing attribute. */
export type ValueTest = (value: JsonValue | undefined) => boolean;

/** The name of a test in a clause. */
export type Operator = Exclude<keyof AttributeClause, 'attribute' | 'ignoreCase'>;

/** What a clause gives an operator to compare with. */
type Operand<Op extends Operator> = NonNullable<AttributeClause[Op]>;

/** To add an operator: a field of `AttributeClause` and an entry here. */
const OPERATORS: { readonly [Op in Operator]: (operand: Operand<Op>, ignoreCase: boolean) => ValueTest } = {
  equals: (wanted, ignoreCase) => (ignoreCase ? some(sameAs(wanted, ignoreCase)) : isOrHas(wanted)),
  notEquals: (wanted, ignoreCase) => none(sameAs(wanted, ignoreCase)),
  in: (wanted, ignoreCase) => some(oneOf(wanted, ignoreCase)),
  notIn: (wanted, ignoreCase) => none(oneOf(wanted, ignoreCase)),
  contains: (part, ignoreCase) => some(containing(part, ignoreCase)),
  notContains: (part, ignoreCase) => noText(containing(part, ignoreCase)),
  startsWith: (start, ignoreCase) =>
    some(onText(start, ignoreCase, (text, folded) => text.startsWith(folded))),
  endsWith: (end, ignoreCase) => some(onText(end, ignoreCase, (text, folded) => text.endsWith(folded))),
  matches: (pattern, ignoreCase) => some(textOnly(regexTest(pattern, ignoreCase))),
  lt: (limit) => some((value) => typeof value === 'number' && value < limit),
  lte: (limit) => some((value) => typeof value === 'number' && value <= limit),
  gt: (limit) => some((value) => typeof value === 'number' && value > limit),
  gte: (limit) => some((value) => typeof value === 'number' && value >= limit),
  before: (limit) => some(moment(limit, (value, wanted) => value < wanted)),
  after: (limit) => some(moment(limit, (value, wanted) => value > wanted)),
  semverEq: (wanted) => some(version(wanted, (order) => order === 0)),
  semverLt: (wanted) => some(version(wanted, (order) => order < 0)),
  semverLte: (wanted) => some(version(wanted, (order) => order <= 0)),
  semverGt: (wanted) => some(version(wanted, (order) => order > 0)),
  semverGte: (wanted) => some(version(wanted, (order) => order >= 0)),
  semverRange: (wanted) => some(inRange(parseRange(wanted))),
  exists: (wanted) => (value) => isThere(value) === wanted,
  cidr: (networks) => some(textOnly(networkTest(typeof networks === 'string' ? [networks] : networks))),
  includesAny: (wanted, ignoreCase) => includesAny(oneOf(wanted, ignoreCase)),
  includesAll: (wanted, ignoreCase) => includesAll(wanted, ignoreCase),
};

/** The operators of a clause, in file order. */
export function operatorsOf(clause: AttributeClause): Operator[] {
  const operators: Operator[] = [];
  for (const name of Object.keys(clause) as (keyof AttributeClause)[]) {
    if (name !== 'attribute' && name !== 'ignoreCase') operators.push(name);
  }
  return operators;
}

/** Makes the test of one operator of the clause. */
export function compileOperator<Op extends Operator>(clause: AttributeClause, operator: Op): ValueTest {
  const operand = clause[operator] as Operand<Op>;
  return OPERATORS[operator](operand, clause.ignoreCase === true);
}

/** A positive test: on a list, some element passes. */
function some(test: ValueTest): ValueTest {
  return (value) => (Array.isArray(value) ? value.some((element) => test(element)) : test(value));
}

/** A negative test: the attribute is there, and on a list no element passes the positive. */
function none(test: ValueTest): ValueTest {
  const anyPasses = some(test);
  return (value) => isThere(value) && !anyPasses(value);
}

/** A negative test on text: what is neither text nor a list cannot pass. */
function noText(test: ValueTest): ValueTest {
  const nonePasses = none(test);
  return (value) => (typeof value === 'string' || Array.isArray(value)) && nonePasses(value);
}

function isThere(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

/** The commonest test, in one closure. */
function isOrHas(wanted: Scalar): ValueTest {
  return (value) => value === wanted || (Array.isArray(value) && value.includes(wanted));
}

function sameAs(wanted: Scalar, ignoreCase: boolean): ValueTest {
  if (!ignoreCase || typeof wanted !== 'string') return (value) => value === wanted;
  return onText(wanted, ignoreCase, (text, folded) => text === folded);
}

function oneOf(wanted: readonly Scalar[], ignoreCase: boolean): ValueTest {
  const isOne = isAmong(ignoreCase ? wanted.map(fold) : wanted);
  return ignoreCase ? (value) => isOne(fold(value)) : isOne;
}

/** A short list is quicker to go through than to hash, and takes no more memory than the file's own. */
function isAmong(wanted: readonly (JsonValue | undefined)[]): ValueTest {
  if (wanted.length <= 8) return (value) => wanted.includes(value);
  const values = new Set(wanted);
  return (value) => values.has(value);
}

function containing(part: string, ignoreCase: boolean): ValueTest {
  return onText(part, ignoreCase, (text, folded) => text.includes(folded));
}

function onText(
  wanted: string,
  ignoreCase: boolean,
  test: (text: string, wanted: string) => boolean,
): ValueTest {
  if (!ignoreCase) return (value) => typeof value === 'string' && test(value, wanted);
  const folded = wanted.toLowerCase();
  return (value) => typeof value === 'string' && test(value.toLowerCase(), folded);
}

function textOnly(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}

function fold<Value>(value: Value): Value | string {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function moment(limit: string | number, test: (value: number, limit: number) => boolean): ValueTest {
  const wanted = parseMoment(limit);
  if (wanted === undefined) return never;
  return (value) => {
    const given = parseMoment(value);
    return given !== undefined && test(given, wanted);
  };
}

function version(limit: string, test: (order: number) => boolean): ValueTest {
  const wanted = parseVersion(limit);
  if (wanted === undefined) return never;
  const compare = comparisonWith(wanted);
  return (value) => {
    const order = typeof value === 'string' ? compare(value) : undefined;
    return order !== undefined && test(order);
  };
}

function inRange(range: Range | undefined): ValueTest {
  if (range === undefined) return never;
  return (value) => {
    const given = typeof value === 'string' ? parseVersion(value) : undefined;
    return given !== undefined && range.test(given);
  };
}

/** For an operand that means nothing. Files with such a one are refused before they come here. */
function never(): boolean {
  return false;
}

function includesAny(isWanted: ValueTest): ValueTest {
  return (value) => Array.isArray(value) && value.some((element) => isWanted(element));
}

function includesAll(wanted: readonly Scalar[], ignoreCase: boolean): ValueTest {
  const all = ignoreCase ? wanted.map(fold) : wanted;
  return (value) => {
    if (!Array.isArray(value)) return false;
    const present = new Set(ignoreCase ? value.map(fold) : value);
    return all.every((element) => present.has(element));
  };
}
