import { murmur3 } from '../../evaluation/bucket.js';
import type { EvaluationContext } from '../../model/evaluation.js';
import type { AttributeTypeName } from '../../model/project.js';
import type { JsonValue } from '../../model/values.js';
import type { AttributeWords, Vocabulary } from './vocabulary.js';

/** What contexts are made from. */
export interface Generated {
  readonly vocabulary: Vocabulary;
  /** Another seed makes other people. */
  readonly seed: number;
  readonly count: number;
  /** The moment that dates lie around, in epoch milliseconds. */
  readonly now: number;
}

/** One in so many callers lacks an attribute, as callers do. */
const LACKS_ONE_IN = 10;
/** One in so many callers has a value that nobody names. */
const OTHER_ONE_IN = 5;
/** The people whom the flags name are at most so large a part of all. */
const NAMED_ONE_IN = 10;
const COMPANIES = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
const MOST_DAYS = 1_000;

/**
 * Makes contexts: each person has a name of their own and, of the attributes that the project declares or its flags
 * test, values that decide something and some that do not. Those whom the flags name come once each, first. The same
 * seed makes the same contexts, and an attribute more changes none of the others.
 */
export function* generateContexts(options: Generated): Generator<EvaluationContext> {
  const { vocabulary, count } = options;
  const named = vocabulary.users.slice(0, Math.floor(count / NAMED_ONE_IN));
  for (let index = 0; index < count; index += 1) yield contextAt(index, named[index], options);
}

type Dice = (what: string) => number;

function contextAt(index: number, name: string | undefined, options: Generated): EvaluationContext {
  const { vocabulary, seed, now } = options;
  const dice: Dice = (what) => murmur3(`${seed}/${index}/`, what);
  const { companies, attributes } = vocabulary;
  const own = `user-${seed}-${index}`;
  const context: Record<string, JsonValue> = {};
  for (const [attribute, words] of attributes) {
    const value = attributeValue(attribute, words, { dice, now });
    if (value !== undefined) context[attribute] = value;
  }
  const person = name === undefined || name.includes('@') ? own : name;
  context.targetingKey = person;
  if (attributes.has('userId')) context.userId = person;
  if (companies.length > 0 || attributes.has('companyId')) context.companyId = company(companies, dice);
  if (name?.includes('@')) context.email = name;
  return context;
}

/** Half of them are of a company that somebody names, where there is one. */
function company(named: readonly string[], dice: Dice): string {
  const roll = dice('companyId');
  const isNamed = named.length > 0 && roll % 2 === 0;
  return isNamed ? pick(named, roll >>> 1) : `company-${(roll >>> 1) % COMPANIES}`;
}

function attributeValue(
  attribute: string,
  { type, named, isClosed }: AttributeWords,
  { dice, now }: { readonly dice: Dice; readonly now: number },
): JsonValue | undefined {
  if (dice(`${attribute}/lacks`) % LACKS_ONE_IN === 0) return undefined;
  const roll = dice(attribute);
  const isOther = named.length === 0 || (!isClosed && dice(`${attribute}/other`) % OTHER_ONE_IN === 0);
  return isOther ? otherValue(attribute, type, { roll, now }) : pick(named, roll);
}

function otherValue(
  attribute: string,
  type: AttributeTypeName,
  { roll, now }: { readonly roll: number; readonly now: number },
): JsonValue {
  switch (type) {
    case 'number':
      return roll % 100;
    case 'boolean':
      return roll % 2 === 0;
    case 'date':
      return new Date(now + ((roll % (2 * MOST_DAYS)) - MOST_DAYS) * DAY_MS).toISOString();
    case 'semver':
      return `${roll % 10}.${(roll >>> 4) % 10}.${(roll >>> 8) % 10}`;
    case 'list':
      return [`${attribute}-${roll % 10}`];
    default:
      return `${attribute}-${roll}`;
  }
}

function pick<Item>(items: readonly Item[], roll: number): Item {
  const item = items[roll % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
