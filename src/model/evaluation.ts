import type { FlatMetadata, JsonObject, JsonValue } from './values.js';

/** Who asks: attributes by name. `targetingKey`, `userId`, `email` and `companyId` have a meaning of their own. */
export type EvaluationContext = JsonObject;

/**
 * Why an answer is what it is, in OpenFeature's words.
 * @markdownEnumDescriptions [
 *   "no context and no time could change the answer",
 *   "nothing that asks about the caller decided",
 *   "an override, a segment or a rule decided",
 *   "a percentage or weights decided",
 *   "the flag is off or killed"]
 */
export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED';

/** What a flag answers. Evaluations are shared and frozen: the same outcome is the same object, so it can key a cache. */
export type Evaluation = ValueEvaluation | DefaultEvaluation | MissingEvaluation;

/** The flag gives one of its variants. */
export interface ValueEvaluation {
  readonly kind: 'value';
  readonly flagKey: string;
  readonly variant: string;
  readonly value: JsonValue;
  readonly reason: Reason;
  /** The flag's own facts and what decided: `rule`, `segment`, `override` or `requires`. Flat. */
  readonly metadata: FlatMetadata;
}

/** The flag gives no value: the caller's own default holds. */
export interface DefaultEvaluation {
  readonly kind: 'default';
  readonly flagKey: string;
  readonly reason: Reason;
  readonly metadata: FlatMetadata;
}

/** There is no such flag. */
export interface MissingEvaluation {
  readonly kind: 'missing';
  readonly flagKey: string;
  readonly errorCode: 'FLAG_NOT_FOUND';
}
