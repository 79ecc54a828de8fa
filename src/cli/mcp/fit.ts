import type { JsonObject, JsonValue } from '../../model/values.js';

/** A value of which lists are cut behind whole entries until its compact JSON has at most so many characters. */
export function fitted(value: JsonValue, most: number): JsonValue {
  if (lengthOf(value) <= most) return value;
  if (isList(value)) return fittedList(value, most);
  return isObject(value) ? fittedObject(value, most) : value;
}

/** An entry that is too long even alone is cut itself. */
function fittedList(entries: readonly JsonValue[], most: number): readonly JsonValue[] {
  const kept: JsonValue[] = [];
  let length = 2;
  for (const entry of entries) {
    length += lengthOf(entry) + 1;
    if (length > most) break;
    kept.push(entry);
  }
  const [first] = entries;
  return kept.length > 0 || first === undefined ? kept : [fitted(first, most - 2)];
}

/** The longest member gives way first, so that short lists stay whole; `totals` says how long the cut lists are. */
function fittedObject(object: JsonObject, most: number): JsonObject {
  const totals = Object.entries(object).flatMap(([name, value]) =>
    isList(value) ? [[name, value.length]] : [],
  );
  const told: JsonObject = { truncated: true, totals: Object.fromEntries(totals), ...object };
  const byLength = Object.keys(object).sort((one, other) => lengthIn(object, other) - lengthIn(object, one));
  let cut = told;
  for (const name of byLength) {
    const excess = lengthOf(cut) - most;
    if (excess <= 0) break;
    const value = cut[name];
    if (value === undefined) continue;
    cut = { ...cut, [name]: fitted(value, Math.max(lengthOf(value) - excess, 2)) };
  }
  return cut;
}

function lengthIn(object: JsonObject, name: string): number {
  return lengthOf(object[name] ?? null);
}

function lengthOf(value: JsonValue): number {
  return JSON.stringify(value).length;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
