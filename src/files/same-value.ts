import type { JsonValue } from '../model/values.js';
import { isMap } from './print.js';

/**
 * True where the two are written the same in JSON: the order of a split's variants places people, so order counts. What
 * two values share is not looked into, so a value and what an edit makes of it are compared in the time of the edit.
 */
export function isSameValue(one: JsonValue, other: JsonValue): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, place) => isSameValue(item, other[place]));
  }
  if (!isMap(one) || !isMap(other)) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return (
    names.length === others.length &&
    names.every((name, place) => {
      return name === others[place] && isSameValue(one[name] ?? null, other[name] ?? null);
    })
  );
}
