import type { Clause } from './clause.js';
import type { IdText, Timestamp } from './values.js';

/** A reusable group of users: one file in a project's `segments` folder, whose name is the segment's key. */
export interface SegmentFile {
  /** The id that the APIs show. Left out, it is derived from organization, project and key. */
  readonly id?: IdText;
  /**
   * The name for people; the key where it is left out.
   * @maxLength 200
   * @example "Beta testers"
   */
  readonly name?: string;
  /**
   * Who is meant.
   * @maxLength 2000
   * @example "People who asked for it"
   */
  readonly description?: string;
  /** False makes it nobody's; true where it is left out. */
  readonly active?: boolean;
  /** Members by name, whatever `when` says. */
  readonly include?: Names;
  /** Those who are never members, whatever else is said. */
  readonly exclude?: Names;
  /**
   * The clauses that must all hold for everyone else; left out, only the included are members.
   * @minItems 1
   * @maxItems 100
   * @example [{ attribute: "email", endsWith: "@acme.com" }]
   */
  readonly when?: readonly Clause[];
  /** When the segment was made; from git history where it is left out. */
  readonly createdAt?: Timestamp;
  /** When the segment was last changed; from git history where it is left out. */
  readonly updatedAt?: Timestamp;
}

/**
 * Users and companies by name.
 * @example { users: ["u-123"], companies: ["company-9"] }
 */
export interface Names {
  /** User ids, targeting keys or e-mail addresses; addresses compare without regard to case. */
  readonly users?: readonly PersonName[];
  /** Company ids. */
  readonly companies?: readonly PersonName[];
}

/**
 * The id of a user or a company, or a user's e-mail address.
 * @minLength 1
 * @maxLength 320
 * @example "u-123"
 */
export type PersonName = string;
