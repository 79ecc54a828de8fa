import { isMap } from '../files/print.js';
import { type FlagFile, flagVariants, offVariant } from '../model/flag.js';
import type { JsonObject, JsonValue } from '../model/values.js';

/**
 * The block of an environment that the value of a flag's file does not have yet: switched off, with these fields. Where
 * `serve` is left out it is `on`, so for a flag without such a variant the block says what its callers get while it is off:
 * the off variant, or null.
 */
export function newState(file: JsonValue, fields: JsonObject): JsonObject {
  const state = { enabled: false, ...fields };
  if (!isMap(file)) return state;
  const flag = file as unknown as FlagFile;
  if (Object.hasOwn(flagVariants(flag), 'on')) return state;
  return { ...state, serve: offVariant(flag, { enabled: false }) ?? null };
}
