import type { Clause } from './clause.js';
import type {
  Day,
  FlatMetadata,
  IdText,
  JsonValue,
  KebabText,
  NameText,
  Timestamp,
  VariantName,
} from './values.js';

/** A feature flag: one file in a project's `flags` folder, whose name is the flag's key. */
export interface FlagFile {
  /** The id that the APIs show. Left out, it is derived from organization, project and key. */
  readonly id?: IdText;
  /**
   * The name for people; the key where it is left out.
   * @maxLength 200
   * @example "New checkout"
   */
  readonly name?: string;
  /**
   * What the flag is for.
   * @maxLength 2000
   * @example "Redesigned checkout page"
   */
  readonly description?: string;
  /** What kind of value the variants hold; `boolean` where it is left out. */
  readonly type?: FlagType;
  /**
   * Who answers for the flag: a team or a person.
   * @maxLength 200
   * @example "team-payments"
   */
  readonly owner?: string;
  /** Where the flag is in its life; `development` where it is left out. It never changes an answer. */
  readonly status?: FlagStatus;
  /**
   * Words to find the flag by.
   * @maxItems 100
   * @example ["web", "checkout"]
   */
  readonly tags?: readonly TagText[];
  /** The day after which the flag is reported as overdue. It never changes an answer. */
  readonly expires?: Day;
  /** True where browsers and other clients whose key is no secret may evaluate the flag. */
  readonly client?: boolean;
  /** Flat facts, returned with each answer. */
  readonly metadata?: FlatMetadata;
  /**
   * What is hashed with the caller's value to place the caller; the key where it is left out. Changing it moves people.
   * @minLength 1
   * @maxLength 200
   * @example "new-checkout"
   */
  readonly salt?: string;
  /** The attribute whose value places the caller; `targetingKey` where it is left out. */
  readonly bucketBy?: AttributeName;
  /** The variants by name. A boolean flag has `on: true` and `off: false` where it is left out. */
  readonly variants?: Variants;
  /** The variant of those who get nothing else; `off` where there is a variant of that name. */
  readonly offVariant?: VariantName;
  /** When the flag was made; from git history where it is left out. */
  readonly createdAt?: Timestamp;
  /** When the flag was last changed; from git history where it is left out. */
  readonly updatedAt?: Timestamp;
  /** The flag's state by environment. An environment that is left out is `{ enabled: false }`. */
  readonly environments: EnvironmentStates;
}

/**
 * The type of the values that a flag's variants hold.
 * @markdownEnumDescriptions [
 *   "`true` or `false`; it has the variants `on` and `off` by itself",
 *   "text; it needs `variants`",
 *   "a number; it needs `variants`",
 *   "an object; it needs `variants`"]
 */
export type FlagType = 'boolean' | 'string' | 'number' | 'object';

/**
 * Where a flag is in its life.
 * @markdownEnumDescriptions [
 *   "being built or rolled out",
 *   "in use for good",
 *   "to be removed: code should ask no more"]
 */
export type FlagStatus = 'development' | 'active' | 'deprecated';

/**
 * A word to find a flag by.
 * @minLength 1
 * @maxLength 100
 */
export type TagText = string;

/**
 * The name of an attribute of the context: the exact name, else a dotted path into objects.
 * @minLength 1
 * @maxLength 200
 * @example "targetingKey"
 * @example "companyId"
 */
export type AttributeName = string;

/**
 * A flag's variants: name to value.
 * @minProperties 1
 * @maxProperties 100
 * @example { blue: "#0000ff", green: "#00ff00" }
 * @defaultSnippets [{
 *   label: "two variants", description: "Two variants by name.",
 *   body: { "${1:blue}": "${2:value}", "${3:green}": "${4:value}" } }]
 */
export interface Variants {
  readonly [name: VariantName]: JsonValue;
}

/**
 * A flag's state by environment key. The keys are those of the project's `project.yaml`.
 * @example { development: { enabled: true }, production: { enabled: false } }
 * @defaultSnippets [{
 *   label: "on in an environment", description: "On for everyone there.",
 *   body: { "${1:production}": { enabled: true } } }]
 */
export interface EnvironmentStates {
  readonly [environment: KebabText]: EnvironmentState;
}

/** What the flag does in one environment. The first of override, attached segment, requires, rule and serve that applies decides. */
export interface EnvironmentState {
  /** The global switch. Overrides and attached segments still allow while it is false. */
  readonly enabled: boolean;
  /** The kill switch: true gives everyone the off variant, overrides too. */
  readonly killed?: boolean;
  /** Another off variant for this environment. */
  readonly offVariant?: VariantName;
  /**
   * Segments whose members get `on`, or the variant named.
   * @maxItems 100
   * @example ["beta-testers"]
   */
  readonly segments?: readonly Attachment[];
  /**
   * Flags of the same project that must give `on`, or the variant named, or everyone here gets the off variant.
   * @maxItems 100
   * @example ["layout-v2", { flag: "theme", variant: "dark" }]
   */
  readonly requires?: readonly Requirement[];
  /**
   * Targeting rules; the first that applies decides.
   * @maxItems 500
   */
  readonly rules?: readonly Rule[];
  /** What all others get: a variant, a split by weights, or null for the caller's own default; `on` where it is left out. */
  readonly serve?: Serve;
}

/** A segment by its key, or with the variant that its members get. */
export type Attachment = NameText | AttachmentEntry;

/** A segment, and what its members get. */
export interface AttachmentEntry {
  /** The key of the segment. */
  readonly segment: NameText;
  /** The variant of the members, or null for the caller's own default; `on` where it is left out. */
  readonly serve?: VariantName | null;
}

/** A flag by its key, or with the variant that it must give. */
export type Requirement = NameText | RequirementEntry;

/** A flag, and what it must give. */
export interface RequirementEntry {
  /** The key of the required flag. */
  readonly flag: NameText;
  /** The variant that it must give; `on` where it is left out. */
  readonly variant?: VariantName;
}

/**
 * One targeting rule.
 * @example { id: "german-pros", when: [{ attribute: "country", equals: "DE" }], serve: "on" }
 * @example { id: "canary", percentage: 5 }
 * @defaultSnippets [{
 *   label: "rule with a condition", description: "Gives a variant to those of whom every clause holds.",
 *   body: { id: "${1:german-pros}", when: [{ attribute: "${2:country}", equals: "${3:DE}" }], serve: "${4:on}" } }, {
 *   label: "rule with a percentage", description: "Gives `on` to a share; the others go on to the next rule.",
 *   body: { id: "${1:canary}", percentage: "^${2:5}" } }]
 */
export interface Rule {
  /** The rule's name: unique in its environment and stable. It is returned with each answer and places people in its percentage. */
  readonly id: NameText;
  /**
   * Why the rule is there.
   * @maxLength 2000
   * @example "Legal cleared Germany first"
   */
  readonly description?: string;
  /**
   * The clauses that must all hold; everyone where it is left out.
   * @minItems 1
   * @maxItems 100
   * @example [{ attribute: "country", equals: "DE" }, { segment: "internal" }]
   */
  readonly when?: readonly Clause[];
  /** A gate: this share of the people, from 0 to 100 with up to three decimals. Those outside go on to the next rule. */
  readonly percentage?: Percentage;
  /** The attribute whose value places the caller in this rule, instead of the flag's. */
  readonly bucketBy?: AttributeName;
  /** What the rule gives: a variant, a split by weights, or null for the caller's own default; `on` where it is left out. */
  readonly serve?: Serve;
}

/**
 * A share in per cent, with up to three decimals.
 * @minimum 0
 * @maximum 100
 * @example 5
 * @example 12.5
 */
export type Percentage = number;

/**
 * What is given: a variant, a split by weights, or null for the caller's own default; `on` where it is left out.
 * @example { on: 20, off: 80 }
 * @defaultSnippets [{
 *   label: "split by weights", description: "The same people always get the same variant.",
 *   bodyText: "{ ${1:on}: ${2:20}, ${3:off}: ${4:80} }" }]
 */
export type Serve = VariantName | Split | null;

/**
 * Whole-number weights by variant. People are placed in file order, so reordering moves people.
 * @minProperties 1
 * @maxProperties 100
 * @example { on: 20, off: 80 }
 */
export interface Split {
  readonly [variant: VariantName]: Weight;
}

/**
 * A share of the sum of all weights: `{ on: 20, off: 80 }` gives `on` to a fifth.
 * @asType integer
 * @example 20
 * @minimum 0
 * @maximum 2147483647
 */
export type Weight = number;

const BOOLEAN_VARIANTS: Variants = Object.freeze({ on: true, off: false });
const NO_VARIANTS: Variants = Object.freeze({});
const ABSENT_STATE: EnvironmentState = Object.freeze({ enabled: false });

/** The flag's type, `boolean` where the file says none. */
export function flagType(flag: FlagFile): FlagType {
  return flag.type ?? 'boolean';
}

/** The flag's variants; those of a boolean flag where the file says none. */
export function flagVariants(flag: FlagFile): Variants {
  return flag.variants ?? (flagType(flag) === 'boolean' ? BOOLEAN_VARIANTS : NO_VARIANTS);
}

/** What the flag does in this environment; `{ enabled: false }` where the file does not name it. */
export function environmentState(flag: FlagFile, environment: string): EnvironmentState {
  return Object.hasOwn(flag.environments, environment)
    ? (flag.environments[environment] ?? ABSENT_STATE)
    : ABSENT_STATE;
}

/** The name of the off variant in this environment, or undefined where there is none and callers get their own default. */
export function offVariant(flag: FlagFile, state: EnvironmentState): VariantName | undefined {
  const named = state.offVariant ?? flag.offVariant;
  if (named !== undefined) return named;
  return Object.hasOwn(flagVariants(flag), 'off') ? 'off' : undefined;
}

/** The attachment as an entry, whichever way it was written; `serve` is `on` where none is named. */
export function attachmentEntry(attachment: Attachment): Required<AttachmentEntry> {
  if (typeof attachment === 'string') return { segment: attachment, serve: 'on' };
  return { segment: attachment.segment, serve: attachment.serve === undefined ? 'on' : attachment.serve };
}

/** The requirement as an entry, whichever way it was written; `variant` is `on` where none is named. */
export function requirementEntry(requirement: Requirement): Required<RequirementEntry> {
  if (typeof requirement === 'string') return { flag: requirement, variant: 'on' };
  return { flag: requirement.flag, variant: requirement.variant ?? 'on' };
}
