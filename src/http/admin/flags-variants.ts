import { type FlagFile, type FlagType, flagVariants, type Variants } from '../../model/flag.js';
import type { JsonValue } from '../../model/values.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readList,
  readText,
  refuseUnwritable,
  required,
} from '../json-fields.js';
import { refuseOtherType } from './rules-serve.js';

/** One of a flag's variants in the words of the admin API. */
export interface ShownVariant {
  readonly key: string;
  readonly value: JsonValue;
}

const MOST_VARIANTS = 100;
const NAME_LENGTH = { from: 1, to: 100 };
const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/;

/** The variants in file order; of a boolean flag that names none, those that it has all the same. */
export function shownVariants(flag: FlagFile): readonly ShownVariant[] {
  return Object.entries(flagVariants(flag)).map(([key, value]) => ({ key, value }));
}

/**
 * What the field `variants` asks for, whose values must be of this type; undefined where it is left out. Throws a
 * `Failure` of kind `invalid` that names the place.
 */
export function readVariants(fields: Fields, type: FlagType): Variants | undefined {
  const list = readList(fields, 'variants', { from: 1, to: MOST_VARIANTS });
  if (list === undefined) return undefined;
  const variants = new Map<string, JsonValue>();
  for (const [index, item] of list.entries()) {
    const entry = readFields(item, `${placeOf(fields, 'variants')}[${index}]`, ['key', 'value']);
    const name = readName(entry);
    if (variants.has(name)) throw invalidAt(placeOf(entry, 'key'), `${name} is there twice`);
    variants.set(name, readValue(entry, 'value', type));
  }
  return Object.fromEntries(variants);
}

/** A value that a variant of this type can have. Throws a `Failure` of kind `invalid` that names the place. */
export function readValue(fields: Fields, name: string, type: FlagType): JsonValue {
  const value = required(fieldOf(fields, name), fields, name);
  refuseOtherType(value, placeOf(fields, name), type);
  refuseUnwritable(value, placeOf(fields, name));
  return value;
}

function readName(entry: Fields): string {
  const name = required(readText(entry, 'key', NAME_LENGTH), entry, 'key');
  if (NAME.test(name)) return name;
  const sentence = 'wanted letters, digits, underscores, dots and hyphens, a letter first';
  throw invalidAt(placeOf(entry, 'key'), sentence);
}
