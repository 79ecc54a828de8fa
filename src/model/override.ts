import type { PersonName } from './segment.js';
import type { Day, KebabText, VariantName } from './values.js';

/** The exceptions for one flag: one file in a project's `overrides` folder, named for the flag. */
export type OverridesFile = readonly OverrideEntry[];

/** Named users and companies that get a fixed variant. A user's entry beats a company's, then file order. */
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
   */
  readonly environments?: readonly KebabText[];
  /** The variant that they get, or null for the caller's own default; `on` where it is left out. */
  readonly serve?: VariantName | null;
  /**
   * Why.
   * @maxLength 2000
   */
  readonly reason?: string;
  /** The last day, in UTC, on which the entry counts. */
  readonly until?: Day;
}
