import type { NameText, Scalar, Timestamp, VariantName } from './values.js';

/**
 * One condition on who asks. A list of clauses holds when all of them hold.
 * Which of the shapes it is, its key tells: `attribute`, `segment`, `flag`, `all`, `any` or `not`.
 * @example { attribute: "country", equals: "DE" }
 * @example { any: [{ segment: "internal" }, { attribute: "app.version", semverGte: "2.4.0" }] }
 */
export type Clause = AttributeClause | SegmentClause | FlagClause | AllClause | AnyClause | NotClause;

/** Holds when every clause of the list holds. */
export interface AllClause {
  /**
   * The clauses that must all hold.
   * @minItems 1
   */
  readonly all: readonly Clause[];
}

/** Holds when at least one clause of the list holds. */
export interface AnyClause {
  /**
   * The clauses of which one must hold.
   * @minItems 1
   */
  readonly any: readonly Clause[];
}

/** Holds when the clause in it does not. */
export interface NotClause {
  /** The clause that must not hold. */
  readonly not: Clause;
}

/** Holds for the members of a segment of the same project. */
export interface SegmentClause {
  /** The key of the segment. */
  readonly segment: NameText;
}

/** Holds when another flag of the same project gives this variant to the same caller. Only in rules of flags. */
export interface FlagClause {
  /** The key of the other flag. */
  readonly flag: NameText;
  /** The variant that the other flag must give; `on` where it is left out. */
  readonly variant?: VariantName;
}

/**
 * Tests on one attribute of the context; all that are given must pass. Types are strict: the text "5" is not the
 * number 5. A missing attribute fails every test but `exists: false`. On a list a positive test passes where some
 * element passes, a negative one where none passes its positive.
 */
export interface AttributeClause {
  /**
   * The attribute's name in the context: the exact name, else a dotted path into objects. Which there are, `attributes`
   * of `project.yaml` says.
   * @minLength 1
   * @maxLength 200
   * @example "country"
   * @example "app.version"
   */
  readonly attribute: string;
  /**
   * Passes when the attribute is this value.
   * @example "DE"
   */
  readonly equals?: Scalar;
  /**
   * Passes when the attribute is there and is not this value.
   * @example "DE"
   */
  readonly notEquals?: Scalar;
  /**
   * Passes when the attribute is one of these values.
   * @minItems 1
   * @example ["pro", "enterprise"]
   */
  readonly in?: readonly Scalar[];
  /**
   * Passes when the attribute is there and is none of these values.
   * @minItems 1
   * @example ["free"]
   */
  readonly notIn?: readonly Scalar[];
  /**
   * Passes when the attribute's text contains this text.
   * @example "beta"
   */
  readonly contains?: string;
  /**
   * Passes when the attribute is text that does not contain this text.
   * @example "beta"
   */
  readonly notContains?: string;
  /**
   * Passes when the attribute's text starts with this text.
   * @example "team-"
   */
  readonly startsWith?: string;
  /**
   * Passes when the attribute's text ends with this text.
   * @example "@acme.com"
   */
  readonly endsWith?: string;
  /**
   * Passes when this regular expression (RE2 syntax) matches somewhere in the attribute's text. A text of more than 4,096
   * characters never matches.
   * @maxLength 256
   * @example "^[a-z]+-beta$"
   */
  readonly matches?: string;
  /**
   * Passes when the attribute is a number below this one.
   * @example 18
   */
  readonly lt?: number;
  /**
   * Passes when the attribute is a number up to this one.
   * @example 18
   */
  readonly lte?: number;
  /**
   * Passes when the attribute is a number above this one.
   * @example 18
   */
  readonly gt?: number;
  /**
   * Passes when the attribute is a number from this one.
   * @example 18
   */
  readonly gte?: number;
  /**
   * Passes when the attribute (RFC 3339 text or epoch milliseconds) is a moment before this one.
   * @example "2026-01-15T10:00:00Z"
   */
  readonly before?: Moment;
  /**
   * Passes when the attribute (RFC 3339 text or epoch milliseconds) is a moment after this one.
   * @example "2026-01-15T10:00:00Z"
   */
  readonly after?: Moment;
  /** Passes when the attribute is this semantic version. */
  readonly semverEq?: VersionText;
  /** Passes when the attribute is a semantic version below this one. */
  readonly semverLt?: VersionText;
  /** Passes when the attribute is a semantic version up to this one. */
  readonly semverLte?: VersionText;
  /** Passes when the attribute is a semantic version above this one. */
  readonly semverGt?: VersionText;
  /** Passes when the attribute is a semantic version from this one. */
  readonly semverGte?: VersionText;
  /**
   * Passes when the attribute is a semantic version in this range, as npm writes ranges.
   * @minLength 1
   * @maxLength 256
   * @example ">=2.4.0 <3"
   */
  readonly semverRange?: string;
  /** True passes when the attribute is there, false when it is not. */
  readonly exists?: boolean;
  /** Passes when the attribute is an IP address in this network, or in one of these. */
  readonly cidr?: NetworkText | readonly NetworkText[];
  /**
   * Passes when the attribute is a list that has at least one of these values.
   * @minItems 1
   * @example ["beta", "internal"]
   */
  readonly includesAny?: readonly Scalar[];
  /**
   * Passes when the attribute is a list that has all of these values.
   * @minItems 1
   * @example ["beta", "internal"]
   */
  readonly includesAll?: readonly Scalar[];
  /** With a test on text: compare without regard to case. */
  readonly ignoreCase?: boolean;
}

/** A moment: RFC 3339 text, or epoch milliseconds. */
export type Moment = Timestamp | number;

/**
 * A semantic version; `2.4` means 2.4.0 and a leading `v` is accepted. A short one needs quotes, or YAML reads a number.
 * @minLength 1
 * @maxLength 256
 * @example "2.4.0"
 */
export type VersionText = string;

/**
 * An IP network, as address/bits.
 * @minLength 2
 * @maxLength 64
 * @example "10.0.0.0/8"
 */
export type NetworkText = string;
