import { flagVariants } from '../../model/flag.js';
import type { Flag } from '../../model/snapshot.js';
import type { JsonObject } from '../../model/values.js';
import { flagdBucketer } from '../bucket.js';
import type { CompiledEnvironment, CompiledFlag } from '../compiled.js';
import { type FlagLogic, LogicWriter } from './flag-logic.js';
import type { Inexpressible } from './inexpressible.js';
import { firstOf } from './logic.js';

/** An environment as flagd reads it. */
export interface FlagdDefinitions {
  /** The definition of each flag that can be expressed, as JSON, by its key; sorted by key. */
  readonly flags: ReadonlyMap<string, string>;
  /** What cannot be expressed, in order of the flags. None of those is among the definitions. */
  readonly refused: readonly Inexpressible[];
}

/** How large definitions may become, in bytes. */
export interface DefinitionLimits {
  readonly flag: number;
  readonly environment: number;
}

/**
 * flagd has no references between flags, so whatever one asks is written out in it. Its `$evaluators` would only hide that:
 * who reads them puts their text back in every place, each core in its own way, and some read a `$` in it as a sign.
 */
const LIMITS: DefinitionLimits = { flag: 4_000_000, environment: 16_000_000 };
/** So many places are told. Of the flags after that, each is told by its first. */
const MOST_REFUSED = 1_000;

/**
 * Writes the flags of an environment as flagd's flag definitions, so that who evaluates them gives every caller the
 * variant and the value that `evaluate` gives. A flag for which that cannot be is refused, by what stands in the way.
 * Callers' texts that are hashed are taken to be ASCII: flagd's cores differ from each other on others. It yields after each
 * step of a flag and each that is asked, so that the caller can slice the work.
 *
 * flagd's reasons are fewer: SPLIT is TARGETING_MATCH there, and DISABLED with a value is STATIC or DEFAULT.
 */
export function* writeDefinitions(
  environment: CompiledEnvironment,
  limits: DefinitionLimits = LIMITS,
): Generator<void, FlagdDefinitions> {
  if (environment.bucketer !== flagdBucketer) throw new Error('flagd places callers by its own hash alone');
  const writer = new LogicWriter(environment);
  const flags = new Map<string, string>();
  const refused: Inexpressible[] = [];
  let size = 0;
  for (const flag of environment.sorted) {
    const logic = yield* writer.write(flag);
    const definition = definitionOf(flag.flag, logic);
    const bytes = writer.bytesOf(definition);
    const fits = bytes <= limits.flag && size + bytes <= limits.environment;
    if (logic.refused.length > 0) {
      refused.push(...logic.refused.slice(0, Math.max(1, MOST_REFUSED - refused.length)));
    } else if (!fits) refused.push(tooLarge(environment, flag, limits));
    else {
      size += bytes;
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

function tooLarge(
  environment: CompiledEnvironment,
  { key }: CompiledFlag,
  limits: DefinitionLimits,
): Inexpressible {
  return {
    flag: key,
    environment: environment.key,
    step: 'flag',
    construct: 'size',
    sentence: `with all that it asks written out, the flag has more than ${limits.flag} bytes, or its environment more than ${limits.environment}`,
  };
}
