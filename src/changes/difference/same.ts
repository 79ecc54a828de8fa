import type { JsonValue } from '../../model/values.js';

/** A text that two values share where they are the same JSON, whatever the order of the names in objects. */
export function identityOf(value: JsonValue): string {
  return JSON.stringify(value, (_, part: unknown) => (isObject(part) ? sortedByName(part) : part));
}

/** True where the two are the same JSON, whatever the order of the names in objects; undefined is only itself. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, place) => isSame(item, other[place]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]));
}

/** True where the two are the same JSON in the same order: the order of a split's variants places people. */
export function isWrittenSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

type PlainObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortedByName(object: PlainObject): unknown {
  const names = Object.keys(object).sort();
  return Object.fromEntries(names.map((name) => [name, object[name]]));
}
