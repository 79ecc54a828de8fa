import { isSame } from '../changes/difference/same.js';
import { Failure } from '../model/failure.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import { isObject } from './body.js';

/** An object that a caller sent, and where: `changes[2]`. What is wrong below it is told with its place. */
export interface Fields {
  readonly object: JsonObject;
  /** Empty for the body itself. */
  readonly place: string;
}

/** What would forge a line of a commit message or of a log, or hide what people read. */
const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The refusal of a request for what is at a place. */
export function invalidAt(place: string, message: string): Failure {
  return new Failure('invalid', 'INVALID_REQUEST', `${place === '' ? 'the body' : place}: ${message}`);
}

/** Reads an object that has no other fields than these. Throws a `Failure` of kind `invalid`. */
export function readFields(value: JsonValue | undefined, place: string, known: readonly string[]): Fields {
  if (!isObject(value)) throw invalidAt(place, 'wanted an object');
  for (const name of Object.keys(value)) {
    if (!known.includes(name))
      throw invalidAt(below(place, name), `no such field, wanted ${known.join(', ')}`);
  }
  return { object: value, place };
}

/** The place of a field. */
export function placeOf({ place }: Fields, name: string): string {
  return below(place, name);
}

/** What a field holds; undefined where it is left out. */
export function fieldOf({ object }: Fields, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A field that must be there. Throws a `Failure` of kind `invalid` where it was left out. */
export function required<Value>(value: Value | undefined, fields: Fields, name: string): Value {
  if (value === undefined) throw invalidAt(placeOf(fields, name), 'is missing');
  return value;
}

/**
 * Fields that cannot be changed may be sent as they are. Throws a `Failure` of kind `invalid` with the place of one that
 * is another now.
 */
export function refuseChanged<Name extends string>(
  fields: Fields,
  names: readonly Name[],
  now: Readonly<Record<Name, unknown>>,
): void {
  for (const name of names) {
    const value = fieldOf(fields, name);
    if (value !== undefined && !isSame(value, now[name]))
      throw invalidAt(placeOf(fields, name), 'cannot be changed');
  }
}

/** One of these words; undefined where it is left out. */
export function readWord<Word extends string>(
  fields: Fields,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = fieldOf(fields, name);
  if (value === undefined) return undefined;
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw invalidAt(placeOf(fields, name), `wanted ${words.join(', ')}`);
}

/** Text of so many characters; undefined where it is left out. */
export function readText(
  fields: Fields,
  name: string,
  { from = 0, to }: { readonly from?: number; readonly to: number },
): string | undefined {
  const value = fieldOf(fields, name);
  if (value === undefined) return undefined;
  const isText = typeof value === 'string' && !LONE_SURROGATE.test(value);
  if (isText && value.length >= from && value.length <= to) return value;
  throw invalidAt(placeOf(fields, name), `wanted text of ${from} to ${to} characters`);
}

/** One line for people, without blanks around it and with something in it; undefined where it is left out. */
export function readLine(fields: Fields, name: string, to: number): string | undefined {
  const value = fieldOf(fields, name);
  if (value === undefined) return undefined;
  const line = typeof value === 'string' ? value.trim() : '';
  if (line !== '' && line.length <= to && !CONTROL.test(line)) return line;
  throw invalidAt(placeOf(fields, name), `wanted one line of 1 to ${to} characters`);
}

/** True or false; undefined where it is left out. */
export function readSwitch(fields: Fields, name: string): boolean | undefined {
  const value = fieldOf(fields, name);
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidAt(placeOf(fields, name), 'wanted true or false');
}

/** A list of so many items; undefined where it is left out. */
export function readList(
  fields: Fields,
  name: string,
  { from, to }: { readonly from: number; readonly to: number },
): readonly JsonValue[] | undefined {
  const value = fieldOf(fields, name);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length >= from && value.length <= to) return value;
  throw invalidAt(placeOf(fields, name), `wanted a list of ${from} to ${to} items`);
}

/** An object of whatever fields that a file can hold; undefined where it is left out. */
export function readObjectAt(fields: Fields, name: string): JsonObject | undefined {
  const value = fieldOf(fields, name);
  if (value === undefined) return undefined;
  const place = placeOf(fields, name);
  if (!isObject(value)) throw invalidAt(place, 'wanted an object');
  refuseUnwritable(value, place);
  return value;
}

/** A key of the grammar that the parser knows; undefined where it is left out. */
export function readKey<Key>(
  fields: Fields,
  name: string,
  parse: (text: string) => Key | undefined,
): Key | undefined {
  const value = fieldOf(fields, name);
  if (value === undefined) return undefined;
  const key = typeof value === 'string' ? parse(value) : undefined;
  if (key !== undefined) return key;
  throw invalidAt(placeOf(fields, name), 'not in the grammar of keys');
}

/**
 * Files are UTF-8, which has no half of a pair, and their numbers are those that JSON knows: one that is too large to be
 * told apart from infinity is none. Throws a `Failure` of kind `invalid` with the place.
 */
export function refuseUnwritable(value: JsonValue, place: string): void {
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) throw invalidAt(place, 'half a character');
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalidAt(place, 'a number that is too large');
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseUnwritable(item, `${place}[${index}]`);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      refuseUnwritable(name, place);
      refuseUnwritable(item, below(place, name));
    }
  }
}

/** Names are the caller's text: what is no plain word is quoted, and cut. */
function below(place: string, name: string): string {
  const word = /^[\w.-]{1,100}$/.test(name) ? name : JSON.stringify(name.slice(0, 100));
  return place === '' ? word : `${place}.${word}`;
}
