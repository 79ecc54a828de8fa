import type { Reason } from './evaluation.js';
import type { JsonObject, JsonValue, KebabText, NameText, Timestamp, VariantName } from './values.js';

/** What one flag must answer: one file in a project's `tests` folder, named for the flag. */
export type TestsFile = readonly TestCase[];

/**
 * One caller, and the answer that the flag must give. It judges targeting, not state: `enabled` is true and `killed` false
 * unless the case sets them.
 * @example { name: "a German sees it", context: { targetingKey: "u-1", country: "DE" }, expect: { variant: "on" } }
 * @defaultSnippets [{
 *   label: "test case", description: "A caller, and what the flag must answer.",
 *   body: { name: "${1:a German sees it}", environment: "${2:production}",
 *     context: { targetingKey: "${3:u-1}", "${4:country}": "${5:DE}" }, expect: { variant: "${6:on}" } } }]
 */
export interface TestCase {
  /**
   * What the case shows, in words.
   * @minLength 1
   * @maxLength 300
   * @example "a German pro sees it"
   */
  readonly name: string;
  /** The environment; the project's default one where it is left out. */
  readonly environment?: KebabText;
  /**
   * Who asks: attributes by name.
   * @example { targetingKey: "u-1", country: "DE" }
   */
  readonly context?: JsonObject;
  /** The moment of the question; the moment of the run where it is left out. */
  readonly now?: Timestamp;
  /** The flag's switch in this case; true where it is left out. */
  readonly enabled?: boolean;
  /** The kill switch in this case; false where it is left out. */
  readonly killed?: boolean;
  /** What the answer must be. Only what is named is compared. */
  readonly expect: Expectation;
}

/**
 * The parts of an answer that must be so.
 * @minProperties 1
 */
export interface Expectation {
  /** The variant, or null where the caller's own default must be used. */
  readonly variant?: VariantName | null;
  /** The value. */
  readonly value?: JsonValue;
  /** The reason. */
  readonly reason?: Reason;
  /** The id of the rule that decided, or null where none may. */
  readonly rule?: NameText | null;
  /** The key of the attached segment that decided, or null where none may. */
  readonly segment?: NameText | null;
  /** The name in the override that decided, or null where none may. */
  readonly override?: string | null;
}
