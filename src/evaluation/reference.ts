import type { Clause } from '../model/clause.js';
import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import { type EnvironmentState, requirementEntry } from '../model/flag.js';
import { unreachable } from '../model/unreachable.js';
import type { Answered, CompiledFlag, CompiledSegment, Use } from './compiled.js';

/** Where flags and segments are looked up. */
export interface Scope {
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  readonly segments: ReadonlyMap<string, CompiledSegment>;
}

/** A flag or a segment by its key. */
export type Reference = Pick<Use, 'kind' | 'key'>;

/** How many references may lie one below the other; what lies deeper counts as missing, so that no chain fills the stack. */
export const REFERENCE_DEPTH_LIMIT = 100;

/** The flag that a reference means; undefined where there is none, or where it lies too deep. */
export function findFlag(scope: Scope, key: string): CompiledFlag | undefined {
  const flag = scope.flags.get(key);
  return flag !== undefined && flag.depth < REFERENCE_DEPTH_LIMIT ? flag : undefined;
}

/** The segment that a reference means; undefined where there is none, or where it lies too deep. */
export function findSegment(scope: Scope, key: string): CompiledSegment | undefined {
  const segment = scope.segments.get(key);
  return segment !== undefined && segment.depth < REFERENCE_DEPTH_LIMIT ? segment : undefined;
}

/** What the references lead to now. */
export function resolve(references: readonly Reference[], scope: Scope): readonly Use[] {
  if (references.length === 0) return NO_USES;
  return references.map(({ kind, key }) =>
    kind === 'flag'
      ? { kind, key, target: findFlag(scope, key) }
      : { kind, key, target: findSegment(scope, key) },
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
    (use) => use.target === (use.kind === 'flag' ? findFlag(scope, use.key) : findSegment(scope, use.key)),
  );
}

/** How deep something lies that uses these. */
export function depthAbove(uses: readonly Use[]): number {
  return uses.reduce((depth, use) => Math.max(depth, 1 + (use.target?.depth ?? 0)), 0);
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
  return flag.otherwise;
}

/** What a flag in this state asks. A state that is killed asks nobody; one that is not enabled, only its attached segments. */
export function referencesOfState(state: EnvironmentState): readonly Reference[] {
  if (state.killed === true) return NONE;
  const { segments = [], requires = [], rules = [] } = state;
  if (segments.length + requires.length + rules.length === 0) return NONE;
  const found: Reference[] = segments.map((attachment) => ({
    kind: 'segment',
    key: typeof attachment === 'string' ? attachment : attachment.segment,
  }));
  if (state.enabled) {
    for (const requirement of requires) found.push({ kind: 'flag', key: requirementEntry(requirement).flag });
    for (const rule of rules) collect(rule.when ?? [], found);
  }
  return found.length === 0 ? NONE : found;
}

/** What the clauses ask. */
export function referencesOfClauses(clauses: readonly Clause[]): readonly Reference[] {
  const found: Reference[] = [];
  collect(clauses, found);
  return found.length === 0 ? NONE : found;
}

const NONE: readonly Reference[] = [];
const NO_USES: readonly Use[] = [];

function collect(clauses: readonly Clause[], found: Reference[]): void {
  for (const clause of clauses) {
    if ('attribute' in clause) continue;
    if ('segment' in clause) found.push({ kind: 'segment', key: clause.segment });
    else if ('flag' in clause) found.push({ kind: 'flag', key: clause.flag });
    else if ('all' in clause) collect(clause.all, found);
    else if ('any' in clause) collect(clause.any, found);
    else if ('not' in clause) collect([clause.not], found);
    else unreachable(clause);
  }
}
