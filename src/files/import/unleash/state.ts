import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact } from '../draft.js';
import { isObject } from '../read.js';
import { listOf, wholeObjects } from './whole.js';

/** The strategies of a feature, whose lists are lists of objects. Throws `Inexact`. */
export function readStrategies(value: JsonValue): readonly JsonObject[] {
  const strategies = wholeObjects(value, 'strategies');
  for (const { parameters, constraints, segments, variants } of strategies) {
    if (parameters !== undefined && parameters !== null && !isObject(parameters))
      throw new Inexact('parameters', 'the parameters of a strategy are no object');
    wholeObjects(constraints, 'constraints');
    listOf(segments, 'segments');
    readVariants(variants);
  }
  return strategies;
}

/** The variants, whose overrides are lists of objects. Throws `Inexact`. */
export function readVariants(value: JsonValue | undefined): readonly JsonObject[] {
  const variants = wholeObjects(value, 'variants');
  for (const { overrides } of variants) wholeObjects(overrides, 'overrides');
  return variants;
}

/** Without strategies a feature is on for everyone, so they are not taken for none. Throws `Inexact`. */
export function required(strategies: JsonValue | undefined): JsonValue {
  if (strategies === undefined || strategies === null)
    throw new Inexact('strategies', 'its strategies are not in the export');
  return strategies;
}

/** A switch; left out, it is off. Throws `Inexact` for all but true and false. */
export function isTrue(value: JsonValue | undefined): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw new Inexact('enabled', 'its switch is neither true nor false');
}
