import type { JsonValue } from '../../../model/values.js';
import { Inexact } from '../draft.js';
import { isList, isObject } from '../read.js';
import { attributeName, operationOf } from './condition.js';
import type { Gives, TargetingReading } from './targeting.js';

/** The split that a `fractional` is. Throws `Inexact` where it gives something else than variants by fixed weights. */
export function fractionalOf(operands: readonly JsonValue[], reading: TargetingReading): Gives {
  const [first, ...others] = operands;
  const isPlaced = first !== undefined && !isList(first);
  const hashed = isPlaced ? hashedBy(first, reading) : { salt: reading.key, bucketBy: 'targetingKey' };
  const weights = weightsOf(isPlaced ? others : operands, reading);
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  if (total === 0 || total > 2 ** 31 - 1) return { kind: 'variant', variant: reading.otherwise };
  if (!isPlaced) reading.about('assumed', 'fractional', HAS_TARGETING_KEY);
  return { kind: 'split', weights, ...hashed };
}

const HAS_TARGETING_KEY =
  'callers have a targetingKey: one without it gets the default variant there; here the userId places them, and a split with all its weight on one variant gives them that';

function weightsOf(
  buckets: readonly JsonValue[],
  { named }: TargetingReading,
): Readonly<Record<string, number>> {
  const weights: Record<string, number> = {};
  for (const bucket of buckets) {
    const [variant, weight = 1, ...more] = isList(bucket) ? bucket : [];
    if (variant === undefined || more.length > 0)
      throw new Inexact('fractional', 'one of its parts is no [variant, weight]');
    if (isObject(variant) || isObject(weight))
      throw new Inexact('fractional', 'a variant or a weight in it is calculated');
    const name = named.nameOf.get(String(variant));
    if (name === undefined)
      throw new Inexact('fractional', `it names ${JSON.stringify(variant)}, which is no variant of the flag`);
    if (Object.hasOwn(weights, name))
      throw new Inexact('fractional', 'it names a variant twice, and a split here names each once');
    if (!Number.isInteger(weight)) throw new Inexact('fractional', 'a weight in it is no whole number');
    weights[name] = Math.max(0, Number(weight));
  }
  return weights;
}

interface Hashed {
  readonly salt: string;
  readonly bucketBy: string;
}

/** What is hashed: a text, and behind it one attribute. */
function hashedBy(logic: JsonValue, reading: TargetingReading): Hashed {
  if (!isObject(logic))
    throw new Inexact('fractional', 'all callers get the same bucket, for what it hashes is fixed');
  const { name, operands } = operationOf(logic);
  const parts = name === 'cat' ? operands.map((part) => partOf(part, reading)) : [partOf(logic, reading)];
  const attribute = parts.at(-1);
  const texts = parts.slice(0, -1);
  if (attribute?.kind !== 'attribute' || texts.some(({ kind }) => kind !== 'text')) {
    throw new Inexact('fractional', 'it hashes something else than a text with one attribute behind it');
  }
  const bucketBy = attribute.text;
  const salt = texts.map(({ text }) => text).join('');
  reading.note(
    'assumed',
    'fractional',
    `callers have the attribute ${bucketBy}, as text or a number: all without it share one bucket there, and are not placed here`,
  );
  if (salt !== '' && salt.length <= 200) return { salt, bucketBy };
  reading.note(
    'moved',
    'fractional',
    `it hashes ${bucketBy} alone, and a split here always has a salt before it`,
  );
  return { salt: reading.key, bucketBy };
}

type Part = { readonly kind: 'text' | 'attribute'; readonly text: string };

function partOf(part: JsonValue, reading: TargetingReading): Part {
  if (typeof part === 'string' || typeof part === 'number') return { kind: 'text', text: String(part) };
  if (!isObject(part) || operationOf(part).name !== 'var') {
    throw new Inexact('fractional', 'it hashes something else than a text with one attribute behind it');
  }
  const name = attributeName(part, reading);
  return typeof name === 'string' ? { kind: 'attribute', text: name } : { kind: 'text', text: name.text };
}
