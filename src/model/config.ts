import type { Percentage } from './flag.js';
import type { CheckCode } from './problem.js';
import type { KebabText } from './values.js';

/** The settings of the whole repository: `.flagstaff.yaml` at its top. */
export interface ConfigFile {
  /** The organization of callers who name none; else the only or first one. */
  readonly defaultOrg?: KebabText;
  /**
   * How much each check counts, by its code. An `error` stops merging and writes that add it, never serving; a
   * `warning` stops nothing; `off` says nothing. Errors that make a file unservable have no level.
   */
  readonly checks?: CheckLevels;
  /** The rules of the house, for people and writes alike. */
  readonly policy?: Policy;
}

/** How much a check counts. */
export type Level = 'off' | 'warning' | 'error';

/** Levels by code; a check that is left out has its own default. */
export interface CheckLevels extends Readonly<Partial<Record<CheckCode, Level>>> {
  /** A clause tests an attribute that project.yaml does not declare; `warning` where it is left out. */
  readonly UNDECLARED_ATTRIBUTE?: Level;
  /** A clause compares a declared attribute with what it can never be; `warning` where it is left out. */
  readonly ATTRIBUTE_VALUE?: Level;
  /** A rule, an attachment, a clause or an included name that never decides; `warning` where it is left out. */
  readonly UNREACHABLE?: Level;
  /** An override whose last day is past; `warning` where it is left out. */
  readonly PAST_UNTIL?: Level;
  /** A flag whose day of removal is past; `warning` where it is left out. */
  readonly EXPIRED?: Level;
  /** A segment that no flag and no segment uses; `warning` where it is left out. */
  readonly UNUSED_SEGMENT?: Level;
  /** An override names an e-mail address, which stays in git for ever; `warning` where it is left out. */
  readonly EMAIL_IN_OVERRIDE?: Level;
  /** A word that older YAML reads as true or false; `warning` where it is left out. */
  readonly YAML_1_1_WORD?: Level;
  /** Tabs, blanks and line ends that differ from the rest; `warning` where it is left out. */
  readonly STYLE?: Level;
  /** A flag, a rule, an attachment or a serve that no test case reaches; `off` where it is left out. */
  readonly UNTESTED?: Level;
  /** A flag that has given everybody the same for longer than `policy.fullyOnDays`; `warning` where it is left out. */
  readonly FULLY_ON?: Level;
  /** A change that gives people another place in a percentage or a split; `warning` where it is left out. */
  readonly REBUCKETED?: Level;
  /** A flag that `policy.owner` wants an owner for; `error` where it is left out. */
  readonly OWNER_REQUIRED?: Level;
  /** A name that `policy.names` does not allow; `error` where it is left out. */
  readonly NAME_PATTERN?: Level;
  /** A change that ramps up by more than `policy.ramp` allows one person; `warning` where it is left out. */
  readonly RAMP_TOO_STEEP?: Level;
}

/** The rules of the house. What is left out is no rule. */
export interface Policy {
  /** Which flags need an owner. */
  readonly owner?: OwnerPolicy;
  /** What names must look like. */
  readonly names?: NamePolicy;
  /** How far one change may ramp up without a second person. */
  readonly ramp?: RampPolicy;
  /**
   * After so many days without a change, a flag that gives everybody the same is reported; 30 where it is left out.
   * @asType integer
   * @minimum 1
   * @maximum 3650
   */
  readonly fullyOnDays?: number;
}

/** Flags that are enabled in one of these environments need an owner. */
export interface OwnerPolicy {
  /**
   * The environments.
   * @minItems 1
   * @maxItems 100
   */
  readonly environments: readonly KebabText[];
}

/** Regular expressions (RE2 syntax) that must match somewhere in the name: `^` and `$` mean its ends. */
export interface NamePolicy {
  /** The keys of flags. */
  readonly flags?: NamePattern;
  /** The keys of segments. */
  readonly segments?: NamePattern;
  /** The ids of rules. */
  readonly rules?: NamePattern;
  /** The names of variants that a flag lists. */
  readonly variants?: NamePattern;
}

/**
 * A regular expression in RE2 syntax.
 * @minLength 1
 * @maxLength 256
 * @example "^[a-z0-9-]+$"
 */
export type NamePattern = string;

/** A change that gives a variant to so many more people is for two to decide. */
export interface RampPolicy {
  /** The most percentage points by which one change may raise the share of people who get a variant. */
  readonly points: Percentage;
  /**
   * The environments that it counts in; all where it is left out.
   * @minItems 1
   * @maxItems 100
   */
  readonly environments?: readonly KebabText[];
}
