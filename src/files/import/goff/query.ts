import { checkVersion } from '../../../evaluation/check.js';
import type { Clause } from '../../../model/clause.js';
import type { Scalar } from '../../../model/values.js';
import { allOf, anyOf, negated } from '../combine.js';
import { Inexact, type Note } from '../draft.js';
import { attributeOf } from './attribute.js';
import { type Token, tokensOf } from './tokens.js';

/** The condition of a query in the language of nikunjy/rules: `country eq "DE" and not (age lt 18)`. Throws `Inexact`. */
export function queryCondition(query: string, note: Note): Clause | boolean {
  const reader = new Reader(tokensOf(query), note);
  const condition = reader.query();
  if (!reader.isAtEnd)
    throw new Inexact('query', `something follows where the query could end: ${query.slice(0, 60)}`);
  return condition;
}

const DEEPEST = 200;

/** Reads pieces from the left. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #note: Note;
  #place = 0;
  /** How many brackets are open. */
  #depth = 0;

  constructor(tokens: readonly Token[], note: Note) {
    this.#tokens = tokens;
    this.#note = note;
  }

  get isAtEnd(): boolean {
    return this.#place === this.#tokens.length;
  }

  /** `and` and `or` bind alike there, from the left: `a or b and c` is `(a or b) and c`. */
  query(): Clause | boolean {
    let condition = this.#part();
    for (let word = this.#joint(); word !== undefined; word = this.#joint()) {
      this.#place += 1;
      const next = this.#part();
      condition = word === 'and' ? allOf([condition, next]) : anyOf([condition, next]);
    }
    return condition;
  }

  #joint(): 'and' | 'or' | undefined {
    const word = this.#word()?.toLowerCase();
    return word === 'and' || word === 'or' ? word : undefined;
  }

  #part(): Clause | boolean {
    const isNegated = this.#word()?.toLowerCase() === 'not' && this.#isMark('(', 1);
    if (isNegated) this.#place += 1;
    if (!this.#isMark('(')) return this.#comparison();
    this.#place += 1;
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new Inexact('query', 'it is nested too deep');
    const inner = this.query();
    this.#depth -= 1;
    this.#expect(')');
    return isNegated ? negated(inner) : inner;
  }

  #comparison(): Clause | boolean {
    const name = this.#word();
    if (name === undefined) throw this.#unexpected();
    this.#place += 1;
    const token = this.#tokens[this.#place];
    const sign = token?.kind === 'word' || token?.kind === 'mark' ? token.text : '';
    const operator = operatorOf(sign);
    if (operator === undefined) throw this.#unexpected();
    this.#place += 1;
    const attribute = attributeOf(name, this.#note);
    if (operator === 'pr') return this.#orAnonymous(name, { attribute, exists: true });
    if (operator === 'in') return among(attribute, this.#list(), this.#note);
    const compared = comparisonOf({ attribute, operator, value: this.#value(), note: this.#note });
    return compared.holdsOfFalse ? this.#orAnonymous(name, compared.clause) : compared.clause;
  }

  /** Who does not say whether they are anonymous is not, there. */
  #orAnonymous(name: string, clause: Clause): Clause | boolean {
    return name === 'anonymous' ? anyOf([clause, { attribute: name, exists: false }]) : clause;
  }

  #value(): Value {
    const token = this.#tokens[this.#place];
    this.#place += 1;
    if (token?.kind === 'text' || token?.kind === 'version') return token;
    if (token?.kind === 'number') return token;
    const word = token?.kind === 'word' ? token.text : undefined;
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
    if (word === 'null') return { kind: 'null' };
    this.#place -= 1;
    throw this.#unexpected();
  }

  #list(): readonly Scalar[] {
    this.#expect('[');
    const values: Scalar[] = [];
    do {
      const value = this.#value();
      if (value.kind === 'text') values.push(value.text);
      else if (value.kind === 'number') values.push(value.value);
      else throw this.#unexpected();
    } while (this.#take(','));
    this.#expect(']');
    return values;
  }

  #word(): string | undefined {
    const token = this.#tokens[this.#place];
    return token?.kind === 'word' ? token.text : undefined;
  }

  #isMark(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#place + ahead];
    return token?.kind === 'mark' && token.text === text;
  }

  #take(text: string): boolean {
    const isThere = this.#isMark(text);
    if (isThere) this.#place += 1;
    return isThere;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected();
  }

  #unexpected(): Inexact {
    const token = this.#tokens[this.#place];
    const shown =
      token === undefined ? 'its end' : JSON.stringify('text' in token ? token.text : token.value);
    return new Inexact('query', `${shown} stands where something else was wanted`);
  }
}

type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'version'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' };

type Operator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'co' | 'sw' | 'ew' | 'in' | 'pr';

const OPERATORS: Readonly<Record<string, Operator>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  eq: 'eq',
  ne: 'ne',
  lt: 'lt',
  le: 'le',
  gt: 'gt',
  ge: 'ge',
  co: 'co',
  sw: 'sw',
  ew: 'ew',
  in: 'in',
  pr: 'pr',
};

function operatorOf(sign: string): Operator | undefined {
  const name = sign.toLowerCase();
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}

interface Comparison {
  readonly attribute: string;
  readonly operator: Operator;
  readonly value: Value;
  readonly note: Note;
}

interface Compared {
  readonly clause: Clause;
  /** True where the value false passes. */
  readonly holdsOfFalse: boolean;
}

function comparisonOf(comparison: Comparison): Compared {
  const { attribute, operator, value, note } = comparison;
  if (attribute === 'anonymous' && value.kind === 'null')
    throw new Inexact('query', 'anonymous is always true or false there');
  const clause = clauseOf(comparison);
  if (clause === undefined)
    throw new Inexact('query', `${operator} with such a value says nothing that a rule here says`);
  if (value.kind !== 'null')
    note('assumed', 'query', `callers have ${attribute} ${WORDS[value.kind]}, or not at all`);
  const holdsOfFalse = value.kind === 'boolean' && (operator === 'eq') === (value.value === false);
  return { clause, holdsOfFalse };
}

const WORDS = {
  text: 'as text',
  number: 'as a number, whole where it is compared with a whole one',
  boolean: 'as true or false',
  version: 'as the text of a version with three numbers and no v before it',
} as const;

function clauseOf({ attribute, operator, value }: Comparison): Clause | undefined {
  switch (value.kind) {
    case 'null':
      return operator === 'eq' || operator === 'ne' ? { attribute, exists: operator === 'ne' } : undefined;
    case 'boolean':
      if (operator === 'eq') return { attribute, equals: value.value };
      return operator === 'ne' ? { attribute, notEquals: value.value } : undefined;
    case 'number':
      return numberClause(attribute, operator, value.value);
    case 'version':
      return versionClause(attribute, operator, value.text);
    default:
      return textClause(attribute, operator, value.text);
  }
}

/** Texts are compared there without regard to case. */
function textClause(attribute: string, operator: Operator, text: string): Clause | undefined {
  const tests = { eq: 'equals', ne: 'notEquals', co: 'contains', sw: 'startsWith', ew: 'endsWith' } as const;
  const test = tests[operator as keyof typeof tests];
  if (test === undefined) return undefined;
  return text.toLowerCase() === text.toUpperCase()
    ? { attribute, [test]: text }
    : { attribute, [test]: text, ignoreCase: true };
}

function numberClause(attribute: string, operator: Operator, value: number): Clause | undefined {
  const tests = { eq: 'equals', ne: 'notEquals', lt: 'lt', le: 'lte', gt: 'gt', ge: 'gte' } as const;
  const test = tests[operator as keyof typeof tests];
  return test === undefined ? undefined : { attribute, [test]: value };
}

function versionClause(attribute: string, operator: Operator, text: string): Clause | undefined {
  const tests = { eq: 'semverEq', lt: 'semverLt', le: 'semverLte', gt: 'semverGt', ge: 'semverGte' } as const;
  const problem = checkVersion(text);
  if (problem !== undefined) throw new Inexact('query', problem);
  if (operator === 'ne')
    return {
      any: [
        { attribute, semverLt: text },
        { attribute, semverGt: text },
      ],
    };
  const test = tests[operator as keyof typeof tests];
  return test === undefined ? undefined : { attribute, [test]: text };
}

function among(attribute: string, values: readonly Scalar[], note: Note): Clause {
  const [type, second] = new Set(values.map((value) => typeof value));
  if (second !== undefined) throw new Inexact('query', 'a list in it has texts and numbers');
  const words =
    type === 'string'
      ? 'as text, in the case of the list: the newest versions of the tool take any'
      : 'as a number';
  note('assumed', 'query', `callers have ${attribute} ${words}, or not at all`);
  return { attribute, in: values };
}
