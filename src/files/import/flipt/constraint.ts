import { parseMoment } from '../../../evaluation/check.js';
import type { Clause } from '../../../model/clause.js';
import type { JsonObject, JsonValue, Scalar } from '../../../model/values.js';
import { Inexact, type Note } from '../draft.js';
import { textOf } from '../read.js';

/** What constraints are read with. */
export interface ConstraintReading {
  /** Notes something about the whole source. */
  readonly about: Note;
  /** As what the properties are compared, by their names: callers here have each as one type. */
  readonly types: Map<string, ValueType>;
}

/** As what a constraint compares a property. */
export type ValueType = 'string' | 'number' | 'boolean' | 'datetime';

/** The clause of one constraint, or whether it always or never holds. Throws `Inexact`. */
export function constraintClause(constraint: JsonObject, reading: ConstraintReading): Clause | boolean {
  const operator = textOf(constraint.operator) ?? '';
  const { attribute, type } = subjectOf(constraint, reading);
  const test: Test = { attribute, operator, value: constraint.value ?? '' };
  const clause = CLAUSES[type](test);
  if (clause === undefined)
    throw new Inexact('constraint', `${JSON.stringify(operator)} is no operator for a ${type}`);
  return clause;
}

interface Test {
  readonly attribute: string;
  readonly operator: string;
  readonly value: JsonValue;
}

const TYPES: Readonly<Record<string, ValueType>> = {
  STRING_COMPARISON_TYPE: 'string',
  NUMBER_COMPARISON_TYPE: 'number',
  BOOLEAN_COMPARISON_TYPE: 'boolean',
  DATETIME_COMPARISON_TYPE: 'datetime',
};

/** An entity's id is the caller's targetingKey. */
function subjectOf(
  constraint: JsonObject,
  { about, types }: ConstraintReading,
): { readonly attribute: string; readonly type: ValueType } {
  const name = textOf(constraint.type) ?? '';
  if (name === 'ENTITY_ID_COMPARISON_TYPE') return { attribute: 'targetingKey', type: 'string' };
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  const attribute = textOf(constraint.property);
  if (type === undefined) throw new Inexact('constraint', `${JSON.stringify(name)} is no type of comparison`);
  if (attribute === undefined || attribute.length > 200 || attribute in {} || attribute === 'targetingKey')
    throw new Inexact('constraint', `${JSON.stringify(attribute)} names no attribute here`);
  const known = types.get(attribute) ?? type;
  if (known !== type)
    throw new Inexact(
      'constraint',
      `${attribute} is compared as a ${type} here and as a ${known} elsewhere, and callers here have it as one`,
    );
  types.set(attribute, type);
  about('assumed', 'constraint', `callers have ${attribute} ${WORDS[type]}, or not at all`);
  return { attribute, type };
}

const WORDS: Readonly<Record<ValueType, string>> = {
  string: 'as text without spaces around it',
  number: 'as a number; there it is written as text',
  boolean: 'as true or false; there it is written as text',
  datetime: 'as RFC 3339 text to the whole second',
};

const CLAUSES: Readonly<Record<ValueType, (test: Test) => Clause | boolean | undefined>> = {
  string: textClause,
  number: numberClause,
  boolean: booleanClause,
  datetime: momentClause,
};

/** An empty text counts as a missing one. */
function textClause({ attribute, operator, value }: Test): Clause | boolean | undefined {
  if (operator === 'empty')
    return {
      any: [
        { attribute, exists: false },
        { attribute, equals: '' },
      ],
    };
  if (operator === 'notempty') return { attribute, notEquals: '' };
  const text = textIn(value);
  const anything: Clause = { attribute, notEquals: '' };
  switch (operator) {
    case 'eq':
      return text !== '' && { attribute, equals: text };
    case 'neq':
      return text === '' ? anything : { attribute, notIn: [text, ''] };
    case 'prefix':
      return text === '' ? anything : { attribute, startsWith: text };
    case 'suffix':
      return text === '' ? anything : { attribute, endsWith: text };
    case 'contains':
      return text === '' ? anything : { attribute, contains: text };
    case 'notcontains':
      return text !== '' && { attribute, notContains: text, notEquals: '' };
    case 'isoneof':
      return among(
        attribute,
        listIn(text, 'string').filter((one) => one !== ''),
      );
    case 'isnotoneof':
      return { attribute, notIn: [...new Set([...listIn(text, 'string'), ''])] };
    default:
      return undefined;
  }
}

function numberClause({ attribute, operator, value }: Test): Clause | boolean | undefined {
  if (operator === 'present' || operator === 'notpresent')
    return { attribute, exists: operator === 'present' };
  if (operator === 'isoneof') return among(attribute, listIn(textIn(value), 'number'));
  if (operator === 'isnotoneof') {
    const values = listIn(textIn(value), 'number');
    return values.length === 0 ? { attribute, exists: true } : { attribute, notIn: values };
  }
  const number = numberIn(value);
  switch (operator) {
    case 'eq':
      return { attribute, equals: number };
    case 'neq':
      return { attribute, notEquals: number };
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { attribute, [operator]: number };
    default:
      return undefined;
  }
}

function booleanClause({ attribute, operator }: Test): Clause | undefined {
  if (operator === 'present' || operator === 'notpresent')
    return { attribute, exists: operator === 'present' };
  return operator === 'true' || operator === 'false' ? { attribute, equals: operator === 'true' } : undefined;
}

/** Moments are compared to the millisecond, so up to one is before the next. */
function momentClause({ attribute, operator, value }: Test): Clause | undefined {
  if (operator === 'present' || operator === 'notpresent')
    return { attribute, exists: operator === 'present' };
  const moment = momentIn(value);
  const at = (offset: number): string => new Date(moment + offset).toISOString();
  switch (operator) {
    case 'eq':
      return { attribute, after: at(-1), before: at(1) };
    case 'neq':
      return {
        any: [
          { attribute, before: at(0) },
          { attribute, after: at(0) },
        ],
      };
    case 'lt':
      return { attribute, before: at(0) };
    case 'lte':
      return { attribute, before: at(1) };
    case 'gt':
      return { attribute, after: at(0) };
    case 'gte':
      return { attribute, after: at(-1) };
    default:
      return undefined;
  }
}

function among(attribute: string, values: readonly Scalar[]): Clause | boolean {
  return values.length > 0 && { attribute, in: values };
}

/** YAML has read away how a number was written: 1.10 and 1.1 are other texts. */
function textIn(value: JsonValue): string {
  if (typeof value === 'string') return value;
  throw new Inexact('constraint', `its value ${JSON.stringify(value)} is no text: write it in quotes`);
}

/** Whole numbers alone: Flipt's clients and its server do not agree on others. */
function numberIn(value: JsonValue): number {
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw new Inexact(
    'constraint',
    `its value ${JSON.stringify(value)} is no whole number: clients of Flipt take no other`,
  );
}

function momentIn(value: JsonValue): number {
  const moment = typeof value === 'string' ? parseMoment(value) : undefined;
  if (moment !== undefined) return moment;
  throw new Inexact('constraint', `its value ${JSON.stringify(value)} is no moment as RFC 3339 writes it`);
}

/** Lists are written as JSON in a text. */
function listIn(text: string, type: 'string' | 'number'): readonly Scalar[] {
  const list = parseList(text);
  const isGood = list?.every((one) => typeof one === type && (type === 'string' || Number.isInteger(one)));
  if (list === undefined || isGood !== true)
    throw new Inexact(
      'constraint',
      `its value ${text} is no list of ${type === 'string' ? 'texts' : 'whole numbers'} in JSON`,
    );
  return list as readonly Scalar[];
}

function parseList(text: string): readonly JsonValue[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
