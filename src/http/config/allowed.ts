import { type FlagFile, flagType, flagVariants } from '../../model/flag.js';
import type { VariantName } from '../../model/values.js';

/**
 * Whether what an override or an attachment serves is access, in the words of seed 002: of a boolean flag a variant whose
 * value is true, of all others the variant `on`.
 */
export function givesAccess(flag: FlagFile, serve: VariantName | null = 'on'): boolean {
  if (serve === null || !Object.hasOwn(flagVariants(flag), serve)) return false;
  return flagType(flag) === 'boolean' ? flagVariants(flag)[serve] === true : serve === 'on';
}

/** The variant that is served to give access, `on` where that does; undefined where the flag has none. */
export function accessVariant(flag: FlagFile): VariantName | undefined {
  if (givesAccess(flag)) return 'on';
  return Object.keys(flagVariants(flag)).find((variant) => givesAccess(flag, variant));
}
