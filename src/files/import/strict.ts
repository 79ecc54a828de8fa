import type { JsonObject, JsonValue } from '../../model/values.js';
import { Inexact } from './draft.js';
import { isList, objectsOf, textsOf } from './read.js';

/**
 * The objects of a list that a flag has; none where there is no list. Throws `Inexact` where something else stands there:
 * who reads on without it lets callers in whom it keeps out.
 */
export function listedObjects(value: JsonValue | undefined, construct: string): readonly JsonObject[] {
  const objects = objectsOf(value);
  if (!isWhole(value, objects)) throw new Inexact(construct, `${construct} is no list of maps`);
  return objects;
}

/** The same of texts. */
export function listedTexts(value: JsonValue | undefined, construct: string): readonly string[] {
  const texts = textsOf(value);
  if (!isWhole(value, texts)) throw new Inexact(construct, `${construct} is no list of texts`);
  return texts;
}

/** True or false; false where nothing is there. Throws `Inexact` for a text that says so, and for all else. */
export function switchOf(value: JsonValue | undefined, construct: string): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return value === true;
  throw new Inexact(construct, `${construct} is neither true nor false`);
}

/** The number; 0 where nothing is there. Throws `Inexact` for all else. */
export function shareOf(value: JsonValue | undefined, construct: string): number {
  if (value === undefined || value === null || typeof value === 'number') return value ?? 0;
  throw new Inexact(construct, `${construct} is no number`);
}

function isWhole(value: JsonValue | undefined, items: readonly JsonValue[]): boolean {
  return value === undefined || value === null || (isList(value) && items.length === value.length);
}
