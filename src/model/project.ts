import type { Recordings } from './recording.js';
import type { IdText, KebabText, Timestamp } from './values.js';
import type { Webhook } from './webhook.js';

/** A project: the `project.yaml` of its folder, whose name is the project's key. */
export interface ProjectFile {
  /** The id that the APIs show. Left out, it is derived from organization and key. */
  readonly id?: IdText;
  /**
   * The name for people; the key where it is left out.
   * @maxLength 200
   */
  readonly name?: string;
  /**
   * What the project is.
   * @maxLength 2000
   * @example "The shop's pages"
   */
  readonly description?: string;
  /**
   * The environments, in the order of promotion.
   * @minItems 1
   * @maxItems 100
   * @example ["development", "production"]
   */
  readonly environments: readonly Environment[];
  /** The environment of callers who name none; else `production`, else the last of the list. */
  readonly defaultEnvironment?: KebabText;
  /** The attributes that contexts may have. An attribute that a file uses and that is not declared here is a warning. */
  readonly attributes?: AttributeDeclarations;
  /**
   * Who is told what changes in the project.
   * @maxItems 20
   */
  readonly webhooks?: readonly Webhook[];
  /** What servers record of those who ask, for `flagstaff impact`; nothing where it is left out. */
  readonly recording?: Recordings;
  /** When the project was made; from git history where it is left out. */
  readonly createdAt?: Timestamp;
}

/** An environment by its key, or with a name for people. */
export type Environment = KebabText | EnvironmentEntry;

/** An environment. */
export interface EnvironmentEntry {
  /** The key. */
  readonly key: KebabText;
  /**
   * The name for people; the key where it is left out.
   * @maxLength 200
   */
  readonly name?: string;
  /** The id that the APIs show. Left out, it is derived. */
  readonly id?: IdText;
}

/**
 * Attribute name to its type, or to the list of its values.
 * @maxProperties 500
 * @example { country: "string", plan: ["free", "pro"] }
 */
export interface AttributeDeclarations {
  readonly [attribute: string]: AttributeType;
}

/** The type of an attribute: a name of a type, or the list of the values that it may have. */
export type AttributeType = AttributeTypeName | readonly AttributeValue[];

/**
 * The types that an attribute may have.
 * @markdownEnumDescriptions [
 *   "text",
 *   "a number",
 *   "`true` or `false`",
 *   "RFC 3339 text or epoch milliseconds",
 *   "a semantic version",
 *   "an array"]
 */
export type AttributeTypeName = 'string' | 'number' | 'boolean' | 'date' | 'semver' | 'list';

/** One of the values that an attribute may have. */
export type AttributeValue = string | number | boolean;

/** The keys of the project's environments, in file order. */
export function environmentKeys(project: ProjectFile): readonly string[] {
  return project.environments.map((environment) =>
    typeof environment === 'string' ? environment : environment.key,
  );
}

/** The environment of callers who name none. */
export function defaultEnvironment(project: ProjectFile): string {
  const keys = environmentKeys(project);
  if (project.defaultEnvironment !== undefined) return project.defaultEnvironment;
  return keys.includes('production') ? 'production' : (keys.at(-1) ?? 'production');
}
