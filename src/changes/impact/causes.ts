import type { CompiledFlag, CompiledSegment } from '../../evaluation/compiled.js';
import { evaluateFlag } from '../../evaluation/evaluate.js';
import { explainFlag } from '../../evaluation/explain.js';
import { askSegment, type Reference, referencesOfClauses } from '../../evaluation/reference.js';
import type { StepTrace } from '../../evaluation/trace.js';
import type { EvaluationContext } from '../../model/evaluation.js';
import { environmentState } from '../../model/flag.js';
import type { Difference } from '../difference.js';
import { blamedSteps } from './blame.js';
import { causeText } from './cause-text.js';
import type { ComparedEnvironment } from './comparison.js';
import type { Moved } from './flag-tally.js';
import type { Cause } from './impact.js';
import { isSameOutcome, outcomeOf } from './outcome.js';
import { type Asker, type Pair, targets } from './pair.js';
import { PlaceDifferences } from './place-differences.js';

/** A flag of which somebody asks why it moves people. */
export interface Questioned {
  readonly compared: ComparedEnvironment;
  readonly flag: string;
  /** The moment of the questions, in epoch milliseconds. */
  readonly now: number;
  /** All that is different between the two versions. */
  readonly differences: readonly Difference[];
}

/**
 * What of the change moves them, what moves most first. Some of those who moved are asked again, on both sides, with
 * every step; what is different about the steps that part the two answers is the cause, or about what those steps ask.
 */
export function causesOf(
  { compared, flag, now, differences }: Questioned,
  moved: readonly Moved[],
): readonly Cause[] {
  if (moved.length === 0) return [];
  const search = { compared, now, differences: new PlaceDifferences(differences, compared) };
  const [before, after] = [compared.before?.flags.get(flag), compared.after?.flags.get(flag)];
  const weights = new Map<Difference, number>();
  for (const { contexts, callers } of moved) {
    const found = callers.flatMap((context) =>
      causesOfFlag({ key: flag, before, after }, { ...search, context, seen: new Set() }),
    );
    for (const cause of new Set(found)) weights.set(cause, (weights.get(cause) ?? 0) + contexts);
  }
  return [...weights].sort(([, one], [, other]) => other - one).map(([cause]) => toCause(cause, flag));
}

function toCause(difference: Difference, flag: string): Cause {
  const { path, resource, environment, part, sentence } = difference;
  const where = environment === undefined ? {} : { environment };
  return { text: causeText(difference, flag), path, resource, ...where, part, sentence };
}

/** One caller, of whom it is asked why the answers differ. */
interface Search {
  readonly compared: ComparedEnvironment;
  readonly differences: PlaceDifferences;
  readonly context: EvaluationContext;
  readonly now: number;
  /** The flags and segments that were come to. */
  readonly seen: Set<string>;
}

type Found = readonly Difference[];

function causesOfFlag(flag: Pair<CompiledFlag>, search: Search): Found {
  if (isSeen(`flag ${flag.key}`, search)) return [];
  const { compared, differences } = search;
  const { before, after } = flag;
  if (before === undefined || after === undefined || !compared.before || !compared.after) {
    return differences.comingOrGoing(flag.key);
  }
  const { context, now } = search;
  const traces = {
    before: explainFlag(compared.before, before, context, now),
    after: explainFlag(compared.after, after, context, now),
  };
  const [was, is] = [outcomeOf(traces.before.evaluation), outcomeOf(traces.after.evaluation)];
  if (was.kind === 'value' && is.kind === 'value' && was.variant === is.variant && !isSameOutcome(was, is)) {
    return differences.ofVariant(flag.key, is.variant);
  }
  const steps = { before: traces.before.steps, after: traces.after.steps };
  const found = blamedSteps(steps).flatMap((step) => causesOfStep(step, flag, search));
  return found.length > 0 ? found : differences.ofFlag(flag.key);
}

function isSeen(name: string, { seen }: Search): boolean {
  if (seen.has(name)) return true;
  seen.add(name);
  return false;
}

/** What is different about the step itself, and about what it asks, as far as that says something else to this caller. */
function causesOfStep(step: StepTrace, flag: Pair<CompiledFlag>, search: Search): Found {
  const own = search.differences.ofStep(flag.key, step);
  const asked = referencesOf(step, flag, search).flatMap((reference) =>
    causesOfAsked(reference, flag, search),
  );
  return [...own, ...asked];
}

function referencesOf(step: StepTrace, flag: Pair<CompiledFlag>, { compared }: Search): readonly Reference[] {
  if (step.step === 'segment') return [{ kind: 'segment', key: step.segment }];
  if (step.step === 'requires') return [{ kind: 'flag', key: step.flag }];
  if (step.step !== 'rule') return [];
  const versions = [flag.before, flag.after].flatMap((version) => {
    const { rules = [] } = version ? environmentState(version.flag.file, compared.environment) : {};
    return rules.filter(({ id }) => id === step.rule);
  });
  const references = versions.flatMap(({ when }) => referencesOfClauses(when));
  return [
    ...new Map(references.map((reference) => [`${reference.kind} ${reference.key}`, reference])).values(),
  ];
}

function causesOfAsked({ kind, key }: Reference, asker: Pair<Asker>, search: Search): Found {
  if (kind === 'segment') return causesOfSegment({ key, ...targets(asker, 'segment', key) }, search);
  const flag = { key, ...targets(asker, 'flag', key) };
  const [was, is] = [answer(flag.before, search), answer(flag.after, search)];
  return isSameOutcome(was, is) ? [] : causesOfFlag(flag, search);
}

function answer(flag: CompiledFlag | undefined, { context, now }: Search) {
  return outcomeOf(flag && evaluateFlag(flag, context, now));
}

function causesOfSegment(segment: Pair<CompiledSegment>, search: Search): Found {
  const [was, is] = [isMember(segment.before, search), isMember(segment.after, search)];
  if (was === is || isSeen(`segment ${segment.key}`, search)) return [];
  const nested = new Set(
    [segment.before, segment.after].flatMap((version) => version?.uses ?? []).map(({ key }) => key),
  );
  const asked = [...nested].flatMap((key) => causesOfAsked({ kind: 'segment', key }, segment, search));
  return [...search.differences.ofSegment(segment.key), ...asked];
}

function isMember(segment: CompiledSegment | undefined, { context, now }: Search): boolean {
  return segment !== undefined && askSegment(segment, context, now, undefined);
}
