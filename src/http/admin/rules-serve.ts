import { isSame, isWrittenSame } from '../../changes/difference/same.js';
import { type FlagFile, type FlagType, flagType, flagVariants, type Serve } from '../../model/flag.js';
import type { JsonValue } from '../../model/values.js';
import { isObject } from '../body.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readList,
  readText,
  required,
} from '../json-fields.js';

/** What is given, in the words of the admin API: a variant, a split by weights, or no value and so the caller's own default. */
export type ShownServe =
  | { readonly variant: string }
  | { readonly split: readonly ShownWeight[] }
  | { readonly none: true };

/** People are placed in this order. */
interface ShownWeight {
  readonly variant: string;
  readonly weight: number;
}

const WAYS = ['variant', 'value', 'split', 'none'] as const;
/** The greatest sum that people are spread over. */
const MOST_WEIGHT = 2 ** 31 - 1;
const MOST_VARIANTS = 100;
const NAME_LENGTH = { from: 1, to: 100 };

/** What a flag's file says; left out it is the variant `on`, or null where the flag has none of that name. */
export function shownServe(serve: Serve | undefined, flag: FlagFile): ShownServe | null {
  if (serve !== undefined) return serveWords(serve);
  return Object.hasOwn(flagVariants(flag), 'on') ? { variant: 'on' } : null;
}

/** The same of what is said. */
export function serveWords(serve: Serve): ShownServe {
  if (serve === null) return { none: true };
  if (typeof serve === 'string') return { variant: serve };
  return { split: Object.entries(serve).map(([variant, weight]) => ({ variant, weight })) };
}

/**
 * What the field `serve` asks for; undefined where it is left out or null. A variant may be meant by its value, which
 * must then be of the flag's type. Throws a `Failure` of kind `invalid` that names the place.
 */
export function readServe(fields: Fields, flag: FlagFile): Serve | undefined {
  const value = fieldOf(fields, 'serve') ?? undefined;
  if (value === undefined) return undefined;
  const asked = readFields(value, placeOf(fields, 'serve'), WAYS);
  const [way, ...others] = WAYS.filter((name) => fieldOf(asked, name) !== undefined);
  if (way === undefined || others.length > 0) {
    throw invalidAt(asked.place, `wanted one of ${WAYS.join(', ')}`);
  }
  if (way === 'variant') return readVariant(asked, 'variant', flag);
  if (way === 'value') return variantOfValue(fieldOf(asked, 'value') ?? null, placeOf(asked, 'value'), flag);
  if (way === 'split') return readSplit(asked, flag);
  if (fieldOf(asked, 'none') === true) return null;
  throw invalidAt(placeOf(asked, 'none'), 'wanted true');
}

/** One variant or none: what the members of a segment can get. Throws as `readServe` does. */
export function readWholeServe(fields: Fields, flag: FlagFile): string | null | undefined {
  const serve = readServe(fields, flag);
  if (typeof serve !== 'object' || serve === null) return serve;
  throw invalidAt(placeOf(fields, 'serve'), 'wanted variant, value or none');
}

/** The name of one of the flag's variants; undefined where it is left out. */
export function readVariant(fields: Fields, name: string, flag: FlagFile): string | undefined {
  const variant = readText(fields, name, NAME_LENGTH);
  const names = Object.keys(flagVariants(flag));
  if (variant === undefined || names.includes(variant)) return variant;
  throw invalidAt(placeOf(fields, name), `the flag has no such variant, wanted ${names.join(', ')}`);
}

/** True where both say the same in the files: the order of a split's variants places people. */
export function isSameServe(one: Serve | undefined, other: Serve | undefined): boolean {
  return isWrittenSame(one === undefined ? 'on' : one, other === undefined ? 'on' : other);
}

/** The variant that has this value. Throws a `Failure` of kind `invalid` with the place where none has. */
export function variantOfValue(value: JsonValue, place: string, flag: FlagFile): string {
  refuseOtherType(value, place, flagType(flag));
  const variants = Object.entries(flagVariants(flag));
  const found = variants.find(([, each]) => isSame(each, value));
  if (found !== undefined) return found[0];
  const values = variants.map(([name, each]) => `${JSON.stringify(each)} (${name})`).join(', ');
  throw invalidAt(place, `no variant has this value, wanted ${values.slice(0, 500)}`);
}

const TYPE_WORDS: Readonly<Record<FlagType, string>> = {
  boolean: 'true or false',
  string: 'text',
  number: 'a number',
  object: 'an object',
};

/** Throws a `Failure` of kind `invalid` with the place of a value that no variant of such a flag can have. */
export function refuseOtherType(value: JsonValue, place: string, type: FlagType): void {
  if (!isOfType(value, type))
    throw invalidAt(place, `the flag is of type ${type}, wanted ${TYPE_WORDS[type]}`);
}

function isOfType(value: JsonValue, type: FlagType): boolean {
  return type === 'object' ? isObject(value) : typeof value === type;
}

function readSplit(fields: Fields, flag: FlagFile): Serve {
  const list = required(readList(fields, 'split', { from: 1, to: MOST_VARIANTS }), fields, 'split');
  const place = placeOf(fields, 'split');
  const split = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const entry = readFields(item, `${place}[${index}]`, ['variant', 'weight']);
    const variant = required(readVariant(entry, 'variant', flag), entry, 'variant');
    if (split.has(variant)) throw invalidAt(placeOf(entry, 'variant'), `${variant} is there twice`);
    split.set(variant, readWeight(entry));
  }
  const sum = [...split.values()].reduce((total, weight) => total + weight, 0);
  if (sum >= 1 && sum <= MOST_WEIGHT) return Object.fromEntries(split);
  throw invalidAt(place, `the weights' sum is ${sum}, wanted 1 to ${MOST_WEIGHT}`);
}

function readWeight(fields: Fields): number {
  const weight = required(fieldOf(fields, 'weight'), fields, 'weight');
  const isWeight = typeof weight === 'number' && Number.isInteger(weight);
  if (isWeight && weight >= 0 && weight <= MOST_WEIGHT) return weight;
  throw invalidAt(placeOf(fields, 'weight'), `wanted a whole number from 0 to ${MOST_WEIGHT}`);
}
