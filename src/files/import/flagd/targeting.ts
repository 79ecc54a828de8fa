import type { Clause } from '../../../model/clause.js';
import type { Split } from '../../../model/flag.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact, type NamedVariants } from '../draft.js';
import { isList, isObject } from '../read.js';
import { conditionOf, type LogicReading, operationOf } from './condition.js';
import { fractionalOf } from './fractional.js';

/** What callers get who get so far, and get by no case before. */
export interface Case {
  /** All of these hold; everyone where there is none. */
  readonly when: readonly Clause[];
  readonly gives: Gives;
}

/** A variant, null for the caller's own default, or a split. */
export type Gives =
  | { readonly kind: 'variant'; readonly variant: string | null }
  | { readonly kind: 'split'; readonly weights: Split; readonly salt: string; readonly bucketBy: string };

/** What the targeting of one flag is read with. */
export interface TargetingReading extends LogicReading {
  readonly key: string;
  readonly named: NamedVariants;
  /** The default variant. */
  readonly otherwise: string | null;
}

/** The cases of a targeting, in order; those that no caller reaches are not among them. Throws `Inexact`. */
export function casesOf(written: JsonValue | undefined, reading: TargetingReading): readonly Case[] {
  const isReference = isObject(written) && Object.keys(written).join() === '$ref';
  const targeting = isReference ? reading.evaluators.part(String(written.$ref)) : written;
  if ((isList(targeting) || typeof targeting === 'string') && targeting.length > 0)
    throw new Inexact('targeting', 'it is a text or a list, where an operation was wanted');
  // To flagd a targeting without members is none.
  if (!isObject(targeting) || Object.keys(targeting).length === 0) return [];
  const all = [...results(targeting, [], reading)];
  const last = all.findIndex(({ when }) => when.length === 0);
  const cases = last === -1 ? all : all.slice(0, last + 1);
  const salts = new Set(cases.flatMap(({ gives }) => (gives.kind === 'split' ? [gives.salt] : [])));
  if (salts.size > 1) {
    reading.note(
      'moved',
      'fractional',
      'it hashes several texts with the value, and a flag here has one salt',
    );
  }
  return cases;
}

/**
 * The cases of a part that stands where a result is wanted, for those for whom all of `when` holds. A part that nobody
 * reaches is read too: flagd refuses the whole flag where one is broken.
 */
function* results(
  logic: JsonValue,
  when: readonly Clause[],
  reading: TargetingReading,
): Generator<Case, void> {
  if (!isObject(logic)) {
    yield { when, gives: constant(logic, reading) };
    return;
  }
  const { name, operands } = operationOf(logic);
  if (name === 'if' || name === '?:') yield* branches(operands, when, reading);
  else if (name === '$ref') yield* results(reading.evaluators.part(String(logic.$ref)), when, reading);
  else if (name === 'fractional') yield { when, gives: fractionalOf(operands, reading) };
  else yield* truth(logic, when, reading);
}

function* branches(
  operands: readonly JsonValue[],
  when: readonly Clause[],
  reading: TargetingReading,
): Generator<Case, void> {
  for (let place = 0; place < operands.length; place += 2) {
    const [condition = null, result = null] = operands.slice(place, place + 2);
    if (place === operands.length - 1) {
      yield* results(condition, when, reading);
      return;
    }
    const clause = conditionOf(condition, reading);
    const cases = [...results(result, typeof clause === 'boolean' ? when : [...when, clause], reading)];
    if (clause !== false) yield* cases;
  }
  yield { when, gives: { kind: 'variant', variant: reading.otherwise } };
}

/** A condition where a result is wanted names the variant `true` or `false`, where it is surely one of both. */
function* truth(
  logic: JsonObject,
  when: readonly Clause[],
  reading: TargetingReading,
): Generator<Case, void> {
  if (!isBoolean(logic)) {
    const { name } = operationOf(logic);
    throw new Inexact(
      name,
      'what it gives is taken for the name of a variant, and cannot be told beforehand',
    );
  }
  const condition = conditionOf(logic, reading);
  const [yes, no] = [constant(true, reading), constant(false, reading)];
  if (condition !== false) yield { when: condition === true ? when : [...when, condition], gives: yes };
  if (condition !== true) yield { when, gives: no };
}

/** True for what gives true or false and nothing else: `and` and `or` give one of their operands. */
function isBoolean(logic: JsonValue): boolean {
  if (typeof logic === 'boolean') return true;
  if (!isObject(logic)) return false;
  const { name, operands } = operationOf(logic);
  if (name === 'and' || name === 'or') return operands.every(isBoolean);
  return TESTS.has(name);
}

/** What gives true or false: operations on texts and versions give null where an operand is none. */
const TESTS: ReadonlySet<string> = new Set(['==', '===', '!=', '!==', '<', '<=', '>', '>=', '!', '!!', 'in']);

/** A text, a number, true or false is the name of a variant; one that is not there gives the caller's own default. */
function constant(value: JsonValue, { named, otherwise, note }: TargetingReading): Gives {
  if (isList(value)) throw new Inexact('targeting', 'a list stands where the name of a variant is wanted');
  if (value === null) return { kind: 'variant', variant: otherwise };
  const variant = named.nameOf.get(String(value));
  if (variant === undefined) {
    note(
      'dropped',
      'variant',
      `the targeting names ${JSON.stringify(value)}, which is no variant: an error there, the caller's own default in both`,
    );
  }
  return { kind: 'variant', variant: variant ?? null };
}
