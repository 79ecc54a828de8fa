import type { Edit } from '../files/edit.js';
import type { Pointer } from '../model/problem.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import { isObject } from './body.js';

/**
 * The edits that a JSON merge patch asks for: null removes, objects are merged, everything else is set whole. `current`
 * is what the patch is about, undefined where it is not there; it tells only what is no object and so gives way to one.
 * What the patch does not name is in no edit, so nobody else's change to it is lost. Source: RFC 7396, 2.
 */
export function mergeEdits(
  patch: JsonObject,
  current: JsonValue | undefined,
  at: Pointer = [],
): readonly Edit[] {
  return Object.entries(patch).flatMap(([name, value]): readonly Edit[] => {
    const place = [...at, name];
    const there = isObject(current) && Object.hasOwn(current, name) ? current[name] : undefined;
    if (value === null) return [{ at: place, remove: true }];
    if (!isObject(value)) return [{ at: place, set: value }];
    const made = withoutNulls(value);
    const isMerged = isObject(there) || (there === undefined && Object.keys(made).length > 0);
    return isMerged ? mergeEdits(value, there, place) : [{ at: place, set: made }];
  });
}

/** What a patch makes of nothing. */
function withoutNulls(patch: JsonObject): JsonObject {
  const entries = Object.entries(patch).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isObject(value) ? withoutNulls(value) : value]),
  );
}
