import { isDeepStrictEqual } from 'node:util';

/**
 * The value with what it has not of another: fields of objects, entries of lists. What it has stays as it is, and is the
 * same object where nothing is missing. An entry with a `label` is there where another has that label.
 */
export function addMissing(value: unknown, wanted: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(wanted)) return withEntries(value, wanted);
  if (isObject(value) && isObject(wanted)) return withFields(value, wanted);
  return value;
}

type Fields = Readonly<Record<string, unknown>>;

function withFields(value: Fields, wanted: Fields): Fields {
  const entries = Object.entries(wanted).map(([name, part]): [string, unknown] => [
    name,
    Object.hasOwn(value, name) ? addMissing(value[name], part) : part,
  ]);
  const isSame = entries.every(([name, part]) => Object.hasOwn(value, name) && value[name] === part);
  return isSame ? value : { ...value, ...Object.fromEntries(entries) };
}

function withEntries(value: readonly unknown[], wanted: readonly unknown[]): readonly unknown[] {
  const missing = wanted.filter((entry) => !value.some((other) => isSameEntry(other, entry)));
  return missing.length === 0 ? value : [...value, ...missing];
}

function isSameEntry(one: unknown, other: unknown): boolean {
  if (isObject(one) && isObject(other) && one.label !== undefined) return one.label === other.label;
  return isDeepStrictEqual(one, other);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
