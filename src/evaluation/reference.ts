import type { Clause } from '../model/clause.js';
import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import { type EnvironmentState, requirementEntry } from '../model/flag.js';
import type { Answered, CompiledFlag, CompiledSegment, Use } from './compiled.js';
import { type LeafClause, visitLeaves } from './leaves.js';
import { give } from './outcome.js';

/** Where flags and segments are looked up. */
export interface Scope {
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  readonly segments: ReadonlyMap<string, CompiledSegment>;
}

/** A flag or a segment by its key. */
export type Reference = Pick<Use, 'kind' | 'key'>;

/**
 * How many references may lie one below the other, so that no chain fills the stack. A flag above a longer chain gives
 * its off variant to everyone: what cannot be followed must not let anybody in, under `not` least of all.
 */
export const REFERENCE_DEPTH_LIMIT = 100;

/** True where the references below reach too deep to be followed. */
export function isTooDeep(depth: number): boolean {
  return depth > REFERENCE_DEPTH_LIMIT;
}

/** What the references lead to now. */
export function resolve(references: readonly Reference[], scope: Scope): readonly Use[] {
  if (references.length === 0) return NO_USES;
  return references.map(({ kind, key }) =>
    kind === 'flag'
      ? { kind, key, target: scope.flags.get(key) }
      : { kind, key, target: scope.segments.get(key) },
  );
}

/** A scope of what is used, and of nothing else: a reference that led nowhere leads nowhere there. */
export function scopeOf(uses: readonly Use[]): Scope {
  const flags = new Map<string, CompiledFlag>();
  const segments = new Map<string, CompiledSegment>();
  for (const use of uses) {
    if (use.target === undefined) continue;
    if (use.kind === 'flag') flags.set(use.key, use.target);
    else segments.set(use.key, use.target);
  }
  return { flags, segments };
}

/** True where everything used is still what it was. */
export function isUnchanged(uses: readonly Use[], scope: Scope): boolean {
  return uses.every(
    (use) => use.target === (use.kind === 'flag' ? scope.flags : scope.segments).get(use.key),
  );
}

/** How deep something lies that uses these. */
export function depthAbove(uses: readonly Use[]): number {
  let depth = 0;
  for (const use of uses) depth = Math.max(depth, 1 + (use.target?.depth ?? 0));
  return depth;
}

/** The answer of a flag that another one asks. */
export function askFlag(
  flag: CompiledFlag,
  context: EvaluationContext,
  now: number,
  answered: Answered | undefined,
): Evaluation {
  if (flag.depth === 0) return runSteps(flag, context, now, undefined);
  const known = answered?.flags.get(flag);
  if (known !== undefined) return known;
  const book = answered ?? { flags: new Map(), segments: new Map() };
  const answer = runSteps(flag, context, now, book);
  book.flags.set(flag, answer);
  return answer;
}

/** Whether the caller is a member of a segment that a flag or another segment asks. */
export function askSegment(
  segment: CompiledSegment,
  context: EvaluationContext,
  now: number,
  answered: Answered | undefined,
): boolean {
  const { isMember } = segment;
  if (typeof isMember === 'boolean') return isMember;
  if (segment.depth === 0) return isMember(context, now, undefined);
  const known = answered?.segments.get(segment);
  if (known !== undefined) return known;
  const book = answered ?? { flags: new Map(), segments: new Map() };
  const answer = isMember(context, now, book);
  book.segments.set(segment, answer);
  return answer;
}

/** Runs the flag's steps: the first that answers wins. */
export function runSteps(
  flag: CompiledFlag,
  context: EvaluationContext,
  now: number,
  answered: Answered | undefined,
): Evaluation {
  for (const decide of flag.steps) {
    const answer = decide(context, now, answered);
    if (answer !== undefined) return answer;
  }
  return flag.otherwise.made ?? give(flag.otherwise);
}

/** What a flag in this state asks. A state that is killed asks nobody; one that is not enabled, only its attached segments. */
export function referencesOfState(state: EnvironmentState): readonly Reference[] {
  if (state.killed === true) return NONE;
  const { segments, requires, rules } = state;
  if (segments === undefined && requires === undefined && rules === undefined) return NONE;
  const found: Reference[] = [];
  for (const attachment of segments ?? []) {
    found.push({ kind: 'segment', key: typeof attachment === 'string' ? attachment : attachment.segment });
  }
  if (state.enabled) {
    for (const requirement of requires ?? []) {
      found.push({ kind: 'flag', key: requirementEntry(requirement).flag });
    }
    for (const rule of rules ?? []) collect(rule.when, found);
  }
  return found.length === 0 ? NONE : found;
}

/** The keys of the flags among them. */
export function flagsAskedBy(state: EnvironmentState): readonly string[] {
  if (state.requires === undefined && state.rules === undefined) return NO_KEYS;
  const keys: string[] = [];
  for (const { kind, key } of referencesOfState(state)) if (kind === 'flag') keys.push(key);
  return keys.length === 0 ? NO_KEYS : keys;
}

/** What the clauses ask. */
export function referencesOfClauses(clauses: readonly Clause[] | undefined): readonly Reference[] {
  const found: Reference[] = [];
  collect(clauses, found);
  return found.length === 0 ? NONE : found;
}

const NONE: readonly Reference[] = [];
const NO_KEYS: readonly string[] = [];
const NO_USES: readonly Use[] = [];

function collect(clauses: readonly Clause[] | undefined, found: Reference[]): void {
  if (clauses === undefined) return;
  visitLeaves(clauses, [], (clause: LeafClause) => {
    if ('segment' in clause) found.push({ kind: 'segment', key: clause.segment });
    else if ('flag' in clause) found.push({ kind: 'flag', key: clause.flag });
  });
}
