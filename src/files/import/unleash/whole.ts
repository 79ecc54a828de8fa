import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact } from '../draft.js';
import { isList, isObject } from '../read.js';

/** The objects of a list, none where it is left out. Throws `Inexact` for all else: what Unleash makes of that lets in others. */
export function wholeObjects(value: JsonValue | undefined, construct: string): readonly JsonObject[] {
  const items = listOf(value, construct);
  const objects = items.filter(isObject);
  if (objects.length < items.length) throw new Inexact(construct, 'not all that is in its list is an object');
  return objects;
}

/** The texts of a list, none where it is left out. Throws `Inexact` for all else. */
export function wholeTexts(value: JsonValue | undefined, construct: string): readonly string[] {
  const items = listOf(value, construct);
  const texts = items.filter((item) => typeof item === 'string');
  if (texts.length < items.length) throw new Inexact(construct, 'not all that is in its list is text');
  return texts;
}

/** The items of a list, none where it is left out. Throws `Inexact` for all else. */
export function listOf(value: JsonValue | undefined, construct: string): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  if (!isList(value)) throw new Inexact(construct, 'it is no list');
  return value;
}
