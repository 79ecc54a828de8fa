import type { Clause } from '../../../model/clause.js';
import type { JsonValue } from '../../../model/values.js';
import { type Draft, Inexact, type Note } from '../draft.js';
import { conditionOf, operationOf } from '../flagd/condition.js';
import { Evaluators } from '../flagd/evaluators.js';
import { isDeep, isList, isObject } from '../read.js';
import { attributeOf } from './attribute.js';

/**
 * The condition of a query that is JsonLogic in a text. flagd reads the same language with the same library, so what is read
 * of it there is read here, but for flagd's own operations. Throws `Inexact`.
 */
export function logicCondition(
  query: string,
  { draft, note }: { readonly draft: Draft; readonly note: Note },
): Clause | boolean {
  const logic = parse(query);
  if (!isTest(logic))
    throw new Inexact('query', 'it gives something else than true or false, and only true counts');
  const evaluators = new Evaluators(undefined, draft);
  return conditionOf(renamed(logic, note), { key: undefined, evaluators, note, about: note });
}

function parse(query: string): JsonValue {
  try {
    const logic = JSON.parse(query) as JsonValue;
    if (isDeep(logic)) throw new Inexact('query', 'it is nested too deep');
    return logic;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Inexact('query', 'it starts as JSON, and is none');
    throw error;
  }
}

const TESTS: ReadonlySet<string> = new Set(['==', '===', '!=', '!==', '<', '<=', '>', '>=', '!', '!!', 'in']);

/** True for what gives true or false and nothing else: `and` and `or` give one of their operands. */
function isTest(logic: JsonValue): boolean {
  if (typeof logic === 'boolean') return true;
  if (!isObject(logic)) return false;
  const { name, operands } = operationOf(logic);
  return name === 'and' || name === 'or' ? operands.every(isTest) : TESTS.has(name);
}

/** With our names of attributes. Throws `Inexact` for operations that flagd alone has, and for values that are none there. */
function renamed(logic: JsonValue, note: Note): JsonValue {
  if (isList(logic)) return logic.map((one) => renamed(one, note));
  if (!isObject(logic)) return logic;
  const { name, operands } = operationOf(logic);
  if (name === 'var') return { var: attributeName(operands, note) };
  if (!TESTS.has(name) && name !== 'and' && name !== 'or')
    throw new Inexact(name, 'no rule here says the same');
  return { [name]: operands.map((one) => renamed(one, note)) };
}

function attributeName(operands: readonly JsonValue[], note: Note): string {
  const [name, fallback] = operands;
  if (typeof name !== 'string' || name === '' || fallback !== undefined)
    throw new Inexact('var', 'it names no attribute, or a value for callers without it');
  if (name === 'anonymous')
    throw new Inexact(
      'var',
      'whether somebody is anonymous is false there for who does not say: write the query as text',
    );
  return attributeOf(name, note);
}
