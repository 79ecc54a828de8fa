import type { PersonName } from './segment.js';
import type { Day, KebabText, VariantName } from './values.js';

/** The exceptions for one flag: one file in a project's `overrides` folder, named for the flag. */
export type OverridesFile = readonly OverrideEntry[];

/**
 * Named users and companies that get a fixed variant. A user's entry beats a company's, then file order.
 * @example { users: ["u-123"], reason: "dogfooding", until: "2027-01-31" }
 * @defaultSnippets [{
 *   label: "exception for users", description: "These users get this variant, until the end of a day.",
 *   body: { users: ["${1:u-123}"], serve: "${2:on}", reason: "${3:why}", until: "${4:2027-01-31}" } }, {
 *   label: "exception for companies", description: "Everyone of these companies gets this variant.",
 *   body: { companies: ["${1:company-9}"], serve: "${2:off}", reason: "${3:why}" } }]
 */
export interface OverrideEntry {
  /**
   * User ids, targeting keys or e-mail addresses; addresses compare without regard to case.
   * @minItems 1
   */
  readonly users?: readonly PersonName[];
  /**
   * Company ids.
   * @minItems 1
   */
  readonly companies?: readonly PersonName[];
  /**
   * The environments that the entry is for; all of them where it is left out.
   * @minItems 1
   * @example ["production"]
   */
  readonly environments?: readonly KebabText[];
  /** The variant that they get, or null for the caller's own default; `on` where it is left out. */
  readonly serve?: VariantName | null;
  /**
   * Why.
   * @maxLength 2000
   * @example "dogfooding"
   */
  readonly reason?: string;
  /** The last day, in UTC, on which the entry counts. */
  readonly until?: Day;
}
