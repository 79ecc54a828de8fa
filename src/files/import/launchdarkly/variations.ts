import type { JsonObject, JsonValue } from '../../../model/values.js';
import { freeName, Inexact, type NamedVariants, type Note, nameVariants } from '../draft.js';
import { isList, isObject, objectsOf } from '../read.js';

/** The variations under names. LaunchDarkly knows them by their place; ours have names. */
export interface NamedVariations extends NamedVariants {
  /** Our names by their places. */
  readonly names: readonly string[];
}

/** Names the variations of a flag, in order. Throws `Inexact`. */
export function variationsOf(flag: JsonObject, note: Note): NamedVariations {
  const values = valuesOf(flag);
  const names = variationNames(flag);
  const entries = names.map((name, place) => [name, values[place] ?? null] as const);
  return { ...nameVariants(entries, note), names };
}

/** Our names of the variations: on and off, a value that is a name, or v1, v2. */
export function variationNames(flag: JsonObject): readonly string[] {
  const names: string[] = [];
  for (const [place, value] of valuesOf(flag).entries())
    names.push(freeName(nameOf(value, place), (name) => names.includes(name)));
  return names;
}

/** The API wraps each value together with its name; SDKs get the values alone. */
function valuesOf({ variations }: JsonObject): readonly JsonValue[] {
  if (!isList(variations)) throw new Inexact('variations', 'the flag has no variations');
  const wrapped = objectsOf(variations);
  const isWrapped =
    wrapped.length === variations.length &&
    wrapped.every((one) => isObject(one) && '_id' in one && 'value' in one);
  return isWrapped ? wrapped.map(({ value = null }) => value) : variations;
}

function nameOf(value: JsonValue, place: number): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return `v${value}`;
  const isName = typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,60}$/.test(value) && !(value in {});
  return isName ? value : `variation-${place + 1}`;
}
