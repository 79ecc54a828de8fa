import type { AttributeClause, Clause } from '../../../model/clause.js';
import type { JsonValue, Scalar } from '../../../model/values.js';
import { negated } from '../combine.js';
import { Inexact } from '../draft.js';
import { isList } from '../read.js';
import type { LogicReading } from './condition.js';

/** A comparison of an attribute with a value. */
export interface AttributeTest {
  readonly name: string;
  readonly attribute: string;
  readonly value: JsonValue;
  readonly reading: LogicReading;
}

/** The clause that the comparison is, the attribute on its left. Throws `Inexact`. */
export function attributeTest({ name, attribute, value, reading }: AttributeTest): Clause | boolean {
  switch (name) {
    case '==':
    case '===':
      return sameClause({ name, attribute, value, reading });
    case '!=':
    case '!==':
      return negated(sameClause({ name, attribute, value, reading }));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return orderClause({ name, attribute, value, reading });
    case 'in':
      return inClause({ name, attribute, value, reading });
    case 'starts_with':
    case 'ends_with':
      if (typeof value !== 'string') throw new Inexact(name, 'it compares with something else than a text');
      noteOfOne(name, attribute, reading);
      return { attribute, [name === 'starts_with' ? 'startsWith' : 'endsWith']: value };
    default:
      throw unknown(name);
  }
}

/** Notes that an attribute is no list: a list passes here where one of its elements does. */
export function noteOfOne(name: string, attribute: string, { note }: LogicReading): void {
  if (attribute !== 'targetingKey')
    note(
      'assumed',
      name,
      `callers have ${attribute} as one value, or not at all: in lists each element counts here`,
    );
}

function sameClause({ name, attribute, value, reading }: AttributeTest): Clause {
  const isLoose = name === '==' || name === '!=';
  if (value === null) {
    if (isLoose) reading.note('assumed', name, `callers have no 0, false, list or map as ${attribute}`);
    return { attribute, exists: false };
  }
  if (!isScalar(value)) throw new Inexact(name, 'it compares with a list or a map');
  if (isLoose) return looseClause(attribute, value, reading);
  noteOfOne(name, attribute, reading);
  return { attribute, equals: value };
}

function looseClause(attribute: string, value: Scalar, { note }: LogicReading): Clause {
  const type = WORDS[scalarType(value)];
  const isZero = value === false || value === 0;
  const missing = isZero ? 'for some implementations of flagd a missing one is the same' : 'or not at all';
  note(
    'assumed',
    '==',
    `callers have ${attribute} as ${type}, ${missing}: == takes other types for the same there`,
  );
  const clause: Clause = { attribute, equals: value };
  return isZero ? { any: [clause, { attribute, exists: false }] } : clause;
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

function inClause({ name, attribute, value, reading }: AttributeTest): Clause | boolean {
  if (!isList(value)) throw new Inexact('in', 'it looks for an attribute in something else than a list');
  if (value.length === 0) return false;
  const scalars = value.filter(isScalar);
  if (scalars.length !== value.length)
    throw new Inexact('in', 'its list holds null, a list, a map or something calculated');
  noteOfOne(name, attribute, reading);
  return { attribute, in: scalars };
}

/** The clause of a text that an attribute has: in a text the part is looked for, in a list the element. Throws `Inexact`. */
export function textIn(value: JsonValue, attribute: string, { note }: LogicReading): Clause {
  if (typeof value !== 'string' || value === '')
    throw new Inexact('in', 'it looks in an attribute for nothing, or for something else than a text');
  note(
    'assumed',
    'in',
    `callers have ${attribute} as text, or as a list in which ${JSON.stringify(value)} is no part of a longer text`,
  );
  return { attribute, contains: value };
}

function isScalar(value: JsonValue): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function scalarType(value: Scalar): keyof typeof WORDS {
  return typeof value as keyof typeof WORDS;
}

const WORDS = { string: 'text', number: 'a number', boolean: 'true or false' } as const;

/** An operation that nothing here says. */
export function unknown(name: string): Inexact {
  return new Inexact(name, 'no rule here says the same');
}
