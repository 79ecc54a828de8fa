import type { EvaluationContext } from '../../model/evaluation.js';
import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey } from '../../model/keys.js';
import type { JsonValue } from '../../model/values.js';
import type { Difference } from '../difference.js';

/** What a change does to the contexts that it was tried on. Plain JSON data. */
export interface Impact {
  /** How many contexts get another answer from any flag, in any environment. */
  readonly moved: number;
  /** How many contexts there were. */
  readonly contexts: number;
  /** The flags that may answer otherwise, by environment; those that move most first. */
  readonly flags: readonly FlagImpact[];
}

/** One flag in one environment. */
export interface FlagImpact {
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly environment: EnvironmentKey;
  /** How many contexts asked there. */
  readonly contexts: number;
  readonly moved: number;
  /** From which answer to which; most contexts first. */
  readonly moves: readonly Move[];
  /** Who got what, and who gets what: most contexts first. */
  readonly before: readonly Share[];
  readonly after: readonly Share[];
  /** How many of the moved are, or were, members of a segment; most first. Segments of which none moved are left out. */
  readonly segments: readonly SegmentShare[];
  /** What of the change does it; what moves most first. */
  readonly because: readonly Cause[];
  /** True where only some of the ways in which they moved were looked into: there may be more causes. */
  readonly becauseOfSample: boolean;
}

/** What a caller gets: a variant with its value, the default that the code itself has, or nothing since there is no such flag. */
export type Outcome =
  | { readonly kind: 'value'; readonly variant: string; readonly value: JsonValue }
  | { readonly kind: 'default' }
  | { readonly kind: 'missing' };

/** Those who got one answer and get another. */
export interface Move {
  readonly from: Outcome;
  readonly to: Outcome;
  readonly contexts: number;
  /** Some of them: the same ones whatever the order in which the contexts came. */
  readonly examples: readonly EvaluationContext[];
}

/** Those who get one answer. */
export interface Share {
  readonly outcome: Outcome;
  readonly contexts: number;
}

/** The moved ones in one segment. */
export interface SegmentShare {
  readonly segment: string;
  readonly moved: number;
}

/** A difference that moves people, with a short name for it: `rule canary 5 % → 20 %`. */
export interface Cause extends Pick<Difference, 'path' | 'resource' | 'environment' | 'part' | 'sentence'> {
  readonly text: string;
}

/** One caller of the population, or several who say the same. */
export interface Sample {
  readonly context: EvaluationContext;
  /** How many they are. */
  readonly count: number;
  /** Where they ask; everywhere where it is left out. */
  readonly org?: string;
  readonly project?: string;
  readonly environment?: string;
}

/** What people call an answer. */
export function outcomeText(outcome: Outcome): string {
  if (outcome.kind === 'value') return outcome.variant;
  return outcome.kind === 'default' ? "the caller's default" : 'no flag';
}
