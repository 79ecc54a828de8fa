import {
  type EnvironmentStates,
  type FlagFile,
  flagType,
  flagVariants,
  offVariant,
} from '../../model/flag.js';
import { type EnvironmentKey, type FlagKey, parseFlagKey } from '../../model/keys.js';
import { type Fields, fieldOf, invalidAt, placeOf } from '../json-fields.js';
import { readFlag } from './flags-body.js';
import { readValue } from './flags-variants.js';
import { variantOfValue } from './rules-serve.js';

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** The variant that a default value alone makes. */
const DEFAULT = 'default';

/** The key of a flag that is to be made. Throws a `Failure` of kind `invalid` that names the place. */
export function readNewKey(fields: Fields): FlagKey {
  const text = fieldOf(fields, 'key');
  if (text === undefined) throw invalidAt(placeOf(fields, 'key'), 'is missing');
  const key = typeof text === 'string' && KEBAB.test(text) ? parseFlagKey(text) : undefined;
  if (key !== undefined) return key;
  const sentence = 'wanted lower-case letters and digits, joined by hyphens, such as new-checkout';
  throw invalidAt(placeOf(fields, 'key'), sentence);
}

/**
 * The file of a new flag, off in each of these environments. `defaultValue` is what it gives while it is off: the value
 * of one of its variants, or of the only one where none is named. Throws a `Failure` of kind `invalid` that names the
 * place.
 */
export function readNewFlag(fields: Fields, key: FlagKey, environments: readonly EnvironmentKey[]): FlagFile {
  const flag = withDefault(fields, readFlag(fields, key));
  return { ...flag, environments: offIn(environments, flag) };
}

function withDefault(fields: Fields, flag: FlagFile): FlagFile {
  const type = flagType(flag);
  const hasVariants = Object.keys(flagVariants(flag)).length > 0;
  if ((fieldOf(fields, 'defaultValue') ?? null) === null) {
    if (hasVariants) return flag;
    const sentence = `is missing: a flag of type ${type} has none of its own; a defaultValue makes one`;
    throw invalidAt(placeOf(fields, 'variants'), sentence);
  }
  const place = placeOf(fields, 'defaultValue');
  if (flag.offVariant !== undefined) throw invalidAt(place, 'wanted this or offVariant');
  const value = readValue(fields, 'defaultValue', type);
  if (!hasVariants) return { ...flag, variants: { [DEFAULT]: value }, offVariant: DEFAULT };
  const off = variantOfValue(value, place, flag);
  return off === offVariant(flag, { enabled: false }) ? flag : { ...flag, offVariant: off };
}

/**
 * A block that is written says what the flag gives when it is enabled. Without a variant `on` that is what it gives while
 * it is off, until somebody says more; where that is nothing either, no block is written.
 */
function offIn(environments: readonly EnvironmentKey[], flag: FlagFile): EnvironmentStates {
  const hasOn = Object.hasOwn(flagVariants(flag), 'on');
  const serve = hasOn ? undefined : offVariant(flag, { enabled: false });
  if (!hasOn && serve === undefined) return {};
  const off = { enabled: false, ...(serve === undefined ? {} : { serve }) };
  return Object.fromEntries(environments.map((environment) => [environment, off]));
}
