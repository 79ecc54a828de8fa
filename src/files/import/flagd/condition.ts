import type { Clause } from '../../../model/clause.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { allOf, anyOf, negated } from '../combine.js';
import { Inexact, type Note } from '../draft.js';
import { isList, isObject } from '../read.js';
import { attributeTest, noteOfOne, textIn, unknown } from './attribute-test.js';
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
    case 'or':
      refuseUnlisted(name, logic);
      return name === 'and' ? allOf(each()) : anyOf(each());
    case '!':
    case '!!': {
      const inner = conditionOf(only(name, operands), reading);
      return name === '!' ? negated(inner) : inner;
    }
    case 'if':
    case '?:':
      return chosen(operands, reading);
    case 'var':
      return truthy(logic, reading);
    default:
      return compared(name, operands, reading);
  }
}

/** Of nothing, and of what is no list, some implementations make an error and others false. */
function refuseUnlisted(name: string, logic: JsonObject): void {
  const operands = logic[name];
  if (!isList(operands) || operands.length === 0)
    throw new Inexact(name, 'it is of nothing, or of something else than a list');
}

function only(name: string, operands: readonly JsonValue[]): JsonValue {
  const [operand, second] = operands;
  if (operand === undefined || second !== undefined) throw new Inexact(name, 'it is not of one condition');
  return operand;
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
    name.split('.').some((part) => part in {}) ||
    /\\|^\$flagd|\.(?:length|\d+)(?:\.|$)/.test(name)
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
  if (typeof attribute !== 'string') return true;
  noteOfOne('var', attribute, reading);
  return { attribute, exists: true, notIn: [false, 0, ''] };
}

function compared(name: string, operands: readonly JsonValue[], reading: LogicReading): Clause | boolean {
  if (name === 'sem_ver')
    return versionClause(
      operands.map((one) => operandOf(one, reading)),
      reading.note,
    );
  const [left, right, third, fourth] = operands.map((one) => operandOf(one, reading));
  if (left === undefined || right === undefined || fourth !== undefined) throw unknown(name);
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
