import type { AttributeClause, Clause } from '../../../model/clause.js';
import type { JsonObject, JsonValue, Scalar } from '../../../model/values.js';
import { allOf, anyOf, negated } from '../combine.js';
import { Inexact, type Note } from '../draft.js';
import { isList, isObject } from '../read.js';
import type { Evaluators } from './evaluators.js';
import { versionClause } from './version.js';

/** What logic is read with. */
export interface LogicReading {
  /** The flag's key; undefined in what several flags share. */
  readonly key: string | undefined;
  readonly evaluators: Evaluators;
  readonly note: Note;
  /** Notes something that is so for all flags. */
  readonly about: Note;
}

/** The clause that holds where the logic gives something true, or whether it always does. Throws `Inexact`. */
export function conditionOf(logic: JsonValue, reading: LogicReading): Clause | boolean {
  if (isList(logic)) throw new Inexact('targeting', 'a list stands where a condition is wanted');
  if (!isObject(logic)) return Boolean(logic);
  const { name, operands } = operationOf(logic);
  const each = (): readonly (Clause | boolean)[] => operands.map((one) => conditionOf(one, reading));
  switch (name) {
    case '$ref':
      return reading.evaluators.clause(String(logic.$ref));
    case 'and':
      return allOf(each());
    case 'or':
      return anyOf(each());
    case '!':
      return negated(conditionOf(operands[0] ?? null, reading));
    case '!!':
      return conditionOf(operands[0] ?? null, reading);
    case 'if':
    case '?:':
      return chosen(operands, reading);
    case 'var':
      return truthy(logic, reading);
    default:
      return compared(name, operands, reading);
  }
}

/** The operation that an object of logic is: one name, and what it is of. Throws `Inexact`. */
export function operationOf(logic: JsonObject): {
  readonly name: string;
  readonly operands: readonly JsonValue[];
} {
  const [entry, second] = Object.entries(logic);
  if (entry === undefined || second !== undefined) {
    throw new Inexact('targeting', 'an object in it has not exactly one operation');
  }
  const [name, operands] = entry;
  return { name, operands: isList(operands) ? operands : [operands] };
}

/**
 * The attribute that a `var` reads, or the text that it always is: the flag's key. Throws `Inexact` for the clock, which no
 * rule here reads, and for what else is no attribute.
 */
export function attributeName(logic: JsonObject, { key }: LogicReading): string | { readonly text: string } {
  const [name, fallback] = isList(logic.var) ? logic.var : [logic.var];
  if (name === '$flagd.flagKey' && key !== undefined) return { text: key };
  if (name === '$flagd.timestamp') throw new Inexact('$flagd.timestamp', 'no rule here reads the clock');
  if (fallback !== undefined) throw new Inexact('var', 'it names a value for callers without the attribute');
  if (
    typeof name !== 'string' ||
    name === '' ||
    name.length > 200 ||
    name in {} ||
    /\\|^\$flagd/.test(name)
  ) {
    throw new Inexact('var', `${JSON.stringify(name)} names no attribute`);
  }
  return name;
}

function chosen(operands: readonly JsonValue[], reading: LogicReading): Clause | boolean {
  const [first = null, ...others] = operands;
  if (others.length === 0) return conditionOf(first, reading);
  const condition = conditionOf(first, reading);
  const [then = null, ...otherwise] = others;
  const yes = allOf([condition, conditionOf(then, reading)]);
  const no = otherwise.length === 0 ? false : allOf([negated(condition), chosen(otherwise, reading)]);
  return anyOf([yes, no]);
}

/** An attribute alone holds where it is there and neither false, 0 nor empty. */
function truthy(logic: JsonObject, reading: LogicReading): Clause | boolean {
  const attribute = attributeName(logic, reading);
  return typeof attribute === 'string' ? { attribute, exists: true, notIn: [false, 0, ''] } : true;
}

function compared(name: string, operands: readonly JsonValue[], reading: LogicReading): Clause | boolean {
  if (name === 'sem_ver')
    return versionClause(
      operands.map((one) => operandOf(one, reading)),
      reading.note,
    );
  const [left, right, third] = operands.map((one) => operandOf(one, reading));
  if (left === undefined || right === undefined) throw unknown(name);
  if (third !== undefined) return between({ name, left, middle: right, right: third, reading });
  return pair({ name, left, right, reading });
}

/** What stands on one side of a comparison. */
export type Operand =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'value'; readonly value: JsonValue };

function operandOf(logic: JsonValue, reading: LogicReading): Operand {
  if (!isObject(logic)) return { kind: 'value', value: logic };
  const { name } = operationOf(logic);
  if (name === '$ref') return operandOf(reading.evaluators.part(String(logic.$ref)), reading);
  if (name !== 'var')
    throw new Inexact(name, 'it calculates a value, and a rule here compares attributes as they are');
  const attribute = attributeName(logic, reading);
  return typeof attribute === 'string'
    ? { kind: 'attribute', name: attribute }
    : { kind: 'value', value: attribute.text };
}

interface Pair {
  readonly name: string;
  readonly left: Operand;
  readonly right: Operand;
  readonly reading: LogicReading;
}

function between({
  name,
  left,
  middle,
  right,
  reading,
}: Pair & { readonly middle: Operand }): Clause | boolean {
  if (name !== '<' && name !== '<=') throw unknown(name);
  return allOf([pair({ name, left, right: middle, reading }), pair({ name, left: middle, right, reading })]);
}

function pair({ name, left, right, reading }: Pair): Clause | boolean {
  if (left.kind === 'attribute' && right.kind === 'value') {
    return attributeTest({ name, attribute: left.name, value: right.value, reading });
  }
  if (left.kind === 'value' && right.kind === 'attribute') {
    if (name === 'in') return textIn(left.value, right.name, reading);
    return attributeTest({ name: TURNED[name] ?? name, attribute: right.name, value: left.value, reading });
  }
  if (left.kind === 'value' && right.kind === 'value' && /^[=!]==?$/.test(name)) {
    const isSame = left.value === right.value;
    if (typeof left.value === typeof right.value) return name.startsWith('=') ? isSame : !isSame;
  }
  throw new Inexact(name, 'it compares two attributes, or none');
}

const TURNED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

interface AttributeTest {
  readonly name: string;
  readonly attribute: string;
  readonly value: JsonValue;
  readonly reading: LogicReading;
}

function attributeTest({ name, attribute, value, reading }: AttributeTest): Clause | boolean {
  switch (name) {
    case '==':
    case '===':
      return sameClause(attribute, value, name === '==' ? reading : undefined);
    case '!=':
    case '!==':
      return negated(sameClause(attribute, value, name === '!=' ? reading : undefined));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return orderClause({ name, attribute, value, reading });
    case 'in':
      return inClause(attribute, value);
    case 'starts_with':
      return { attribute, startsWith: textOperand(name, value) };
    case 'ends_with':
      return { attribute, endsWith: textOperand(name, value) };
    default:
      throw unknown(name);
  }
}

function sameClause(attribute: string, value: JsonValue, loose: LogicReading | undefined): Clause {
  if (value === null) return { attribute, exists: false };
  if (!isScalar(value)) throw new Inexact('==', 'it compares with a list or a map');
  if (loose === undefined) return { attribute, equals: value };
  const type = WORDS[scalarType(value)];
  const isZero = value === false || value === 0;
  const missing = isZero ? 'for some implementations of flagd a missing one is the same' : 'or not at all';
  loose.note(
    'assumed',
    '==',
    `callers have ${attribute} as ${type}, ${missing}: == takes other types for the same there`,
  );
  return isZero
    ? {
        any: [
          { attribute, equals: value },
          { attribute, exists: false },
        ],
      }
    : { attribute, equals: value };
}

const ORDERS = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;

/** A missing attribute counts as 0 there, and passes no test here. */
function orderClause({ name, attribute, value, reading }: AttributeTest): Clause | boolean {
  if (typeof value !== 'number') throw new Inexact(name, 'it compares with something else than a number');
  reading.note(
    'assumed',
    name,
    `callers have ${attribute} as a number, or not at all: ${name} takes other types for numbers there`,
  );
  const clause: AttributeClause = { attribute, [ORDERS[name as keyof typeof ORDERS]]: value };
  return holdsOfZero(name, value) ? { any: [clause, { attribute, exists: false }] } : clause;
}

function holdsOfZero(name: string, limit: number): boolean {
  if (name === '<') return 0 < limit;
  if (name === '<=') return 0 <= limit;
  return name === '>' ? 0 > limit : 0 >= limit;
}

function inClause(attribute: string, value: JsonValue): Clause | boolean {
  if (!isList(value)) throw new Inexact('in', 'it looks for an attribute in something else than a list');
  if (value.length === 0) return false;
  const scalars = value.filter(isScalar);
  if (scalars.length !== value.length)
    throw new Inexact('in', 'its list holds null, a list, a map or something calculated');
  return { attribute, in: scalars };
}

/** In a text the part is looked for, in a list the element. */
function textIn(value: JsonValue, attribute: string, { note }: LogicReading): Clause {
  if (typeof value !== 'string')
    throw new Inexact('in', 'it looks in an attribute for something else than a text');
  note(
    'assumed',
    'in',
    `callers have ${attribute} as text, or as a list in which ${JSON.stringify(value)} is no part of a longer text`,
  );
  return { attribute, contains: value };
}

function textOperand(name: string, value: JsonValue): string {
  if (typeof value === 'string') return value;
  throw new Inexact(name, 'it compares with something else than a text');
}

function isScalar(value: JsonValue): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function scalarType(value: Scalar): keyof typeof WORDS {
  return typeof value as keyof typeof WORDS;
}

const WORDS = { string: 'text', number: 'a number', boolean: 'true or false' } as const;

function unknown(name: string): Inexact {
  return new Inexact(name, 'no rule here says the same');
}
