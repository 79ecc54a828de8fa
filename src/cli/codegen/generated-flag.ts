import { type FlagType, flagType, flagVariants } from '../../model/flag.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import type { JsonValue } from '../../model/values.js';
import { accessorNames } from './accessor-names.js';

/** Whose code asks: that of a server, or that of a browser, which may evaluate the flags with `client: true` alone. */
export type Sdk = 'server' | 'web';

/** A flag as code knows it. */
export interface GeneratedFlag {
  readonly key: string;
  /** What it is called in code: `newCheckout`. */
  readonly name: string;
  readonly type: FlagType;
  /** By the variants' names, in file order. */
  readonly variants: ReadonlyMap<string, JsonValue>;
  /** The value of the off variant; undefined where there is none, and callers have a default of their own. */
  readonly defaultValue: JsonValue | undefined;
  readonly description: string;
  readonly owner: string | undefined;
  readonly expires: string | undefined;
  readonly isDeprecated: boolean;
}

/** The flags that code of this kind may ask, in order of their keys. */
export function generatedFlags({ flags }: ProjectSnapshot, sdk: Sdk): readonly GeneratedFlag[] {
  const asked = [...flags.values()].filter(({ file }) => sdk === 'server' || file.client === true);
  const names = accessorNames(asked.map(({ key }) => key));
  return asked.map((flag) => generatedFlag(flag, names.get(flag.key) ?? flag.key));
}

/** An environment's own off variant counts where the flag answers: code is the same in all of them. */
function generatedFlag({ key, file }: Flag, name: string): GeneratedFlag {
  const variants = new Map(Object.entries(flagVariants(file)));
  return {
    key,
    name,
    type: flagType(file),
    variants,
    defaultValue: variants.get(file.offVariant ?? 'off'),
    description: file.description ?? file.name ?? '',
    owner: file.owner,
    expires: file.expires,
    isDeprecated: file.status === 'deprecated',
  };
}
