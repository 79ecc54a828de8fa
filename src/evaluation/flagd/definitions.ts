import { flagVariants } from '../../model/flag.js';
import type { Flag } from '../../model/snapshot.js';
import type { JsonObject } from '../../model/values.js';
import { flagdBucketer } from '../bucket.js';
import type { CompiledEnvironment, CompiledFlag } from '../compiled.js';
import { type FlagLogic, LogicWriter } from './flag-logic.js';
import type { Inexpressible } from './inexpressible.js';
import { firstOf, writtenSize } from './logic.js';

/** An environment as flagd reads it. */
export interface FlagdDefinitions {
  /** The definition of each flag that can be expressed, as JSON, by its key; sorted by key. */
  readonly flags: ReadonlyMap<string, string>;
  /** What cannot be expressed, in order of the flags. None of those is among the definitions. */
  readonly refused: readonly Inexpressible[];
}

/** How large definitions may become, in values as they are written out. */
export interface DefinitionLimits {
  readonly flag: number;
  readonly environment: number;
}

/** flagd has no references between flags, so whatever one asks is written out in it. */
const LIMITS: DefinitionLimits = { flag: 100_000, environment: 3_000_000 };

/**
 * Writes the flags of an environment as flagd's flag definitions, so that who evaluates them gives every caller the
 * variant and the value that `evaluate` gives. A flag for which that cannot be is refused, by what stands in the way.
 * Callers' texts that are hashed are taken to be ASCII: flagd's cores differ from each other on others. It yields after each
 * flag, so that the caller can slice the work.
 *
 * flagd's reasons are fewer: SPLIT is TARGETING_MATCH there, and DISABLED with a value is STATIC or DEFAULT.
 */
export function* writeDefinitions(
  environment: CompiledEnvironment,
  limits: DefinitionLimits = LIMITS,
): Generator<void, FlagdDefinitions> {
  if (environment.bucketer !== flagdBucketer) throw new Error('flagd places callers by its own hash alone');
  const writer = new LogicWriter(environment);
  const sizes = new WeakMap<object, number>();
  const flags = new Map<string, string>();
  const refused: Inexpressible[] = [];
  let size = 0;
  for (const flag of environment.sorted) {
    const logic = writer.write(flag);
    const definition = definitionOf(flag.flag, logic);
    const written = writtenSize(definition, sizes);
    const fits = written <= limits.flag && size + written <= limits.environment;
    if (logic.refused.length > 0) refused.push(...logic.refused);
    else if (!fits) refused.push(tooLarge(environment, flag));
    else {
      size += written;
      flags.set(flag.key, JSON.stringify(definition));
    }
    yield;
  }
  return { flags, refused };
}

/**
 * The default variant is what flagd gives where the targeting gives null, so null as an answer and a default variant
 * exclude each other: where a case gives null, the rest is a case too.
 */
function definitionOf({ file }: Flag, { cases, rest, reason }: FlagLogic): JsonObject {
  const variants = flagVariants(file);
  const metadata = file.metadata === undefined ? {} : { metadata: file.metadata };
  if (cases.length === 0) {
    // flagd's word for "the caller's own default" is DISABLED, where that is why.
    const state = rest === null && reason === 'DISABLED' ? 'DISABLED' : 'ENABLED';
    return { state, variants, defaultVariant: rest, ...metadata };
  }
  const givesNull = rest === null || cases.some(({ gives }) => gives === null);
  const targeting = firstOf(cases, givesNull ? rest : null);
  return { state: 'ENABLED', variants, defaultVariant: givesNull ? null : rest, targeting, ...metadata };
}

function tooLarge(environment: CompiledEnvironment, { key }: CompiledFlag): Inexpressible {
  return {
    flag: key,
    environment: environment.key,
    step: 'flag',
    construct: 'size',
    sentence: 'with all that it asks written out, the flag or its environment is too large',
  };
}
