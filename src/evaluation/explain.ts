import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import { environmentState, offVariant } from '../model/flag.js';
import type { JsonValue } from '../model/values.js';
import type { CompiledEnvironment, CompiledFlag, Exceptions } from './compiled.js';
import { give, outcomesOf } from './outcome.js';
import { findException } from './override.js';
import { scopeOf } from './reference.js';
import { type Step, stepsOf } from './steps.js';
import {
  type Asking,
  type OverrideTrace,
  type StepTrace,
  traceAnswer,
  traceGate,
  traceSplit,
} from './trace.js';
import { allHold, traceAll, traceMembership } from './trace-clause.js';

export { formatExplanation } from './explanation-text.js';

/** Why a flag answers what it answers: every step that was looked at, in order, the last one decided. Plain JSON data. */
export interface Explanation {
  readonly flagKey: string;
  readonly environment: string;
  readonly context: EvaluationContext;
  /** The moment of the question, in epoch milliseconds. */
  readonly now: number;
  readonly evaluation: Evaluation;
  /** None for an unknown flag. */
  readonly steps: readonly StepTrace[];
}

/** Evaluates as `evaluate` does, through the same steps, and keeps what each of them compared. */
export function explain(
  environment: CompiledEnvironment,
  flagKey: string,
  context: EvaluationContext,
  now: number,
): Explanation {
  const flag = environment.flags.get(flagKey);
  if (flag !== undefined) return explainFlag(environment, flag, context, now);
  const evaluation = { kind: 'missing', flagKey, errorCode: 'FLAG_NOT_FOUND' } as const;
  return { flagKey, environment: environment.key, context, now, evaluation, steps: [] };
}

/** The same of a flag in hand. */
export function explainFlag(
  environment: CompiledEnvironment,
  flag: CompiledFlag,
  context: EvaluationContext,
  now: number,
): Explanation {
  const asked = { flagKey: flag.key, environment: environment.key, context, now };
  const scope = scopeOf(flag.uses);
  return { ...asked, ...walk(flag, environment, { scope, context, now, seen: new Set() }) };
}

/** Walks the flag's steps to the first that answers. */
function walk(
  { flag, exceptions, depth }: CompiledFlag,
  environment: CompiledEnvironment,
  asking: Asking,
): Pick<Explanation, 'evaluation' | 'steps'> {
  const state = environmentState(flag.file, environment.key);
  const { steps, otherwise } = stepsOf({
    flag,
    state,
    exceptions,
    outcomes: outcomesOf(flag),
    scope: asking.scope,
    depth,
    bucketer: environment.bucketer,
  });
  const killed = state.killed === true;
  const traces: StepTrace[] = [{ step: 'killed', killed, decided: killed }];
  const beforeSwitch = steps.filter((step) => step.kind === 'override' || step.kind === 'segment');
  for (const [index, step] of steps.entries()) {
    if (index === beforeSwitch.length) traces.push({ step: 'enabled', enabled: true, decided: false });
    const evaluation = outcomeOf(step, asking);
    traces.push(traceStep(step, evaluation !== undefined, asking));
    if (evaluation !== undefined) return { evaluation, steps: traces };
  }
  if (!killed && !state.enabled) traces.push({ step: 'enabled', enabled: false, decided: true });
  if (!killed && state.enabled) {
    traces.push({ step: 'off', variant: offVariant(flag.file, state) ?? null, decided: true });
  }
  return { evaluation: give(otherwise), steps: traces };
}

function outcomeOf({ outcome }: Step, { context, now }: Asking): Evaluation | undefined {
  if (typeof outcome === 'function') return outcome(context, now, undefined);
  return outcome && give(outcome);
}

function traceStep(step: Step, decided: boolean, asking: Asking): StepTrace {
  switch (step.kind) {
    case 'override':
      return { ...traceOverride(step.exceptions, asking), decided };
    case 'segment': {
      const { segment, serve } = step.attachment;
      return { step: 'segment', segment, serve, membership: traceMembership(segment, asking), decided };
    }
    case 'requires': {
      const { flag, variant } = step.requirement;
      const answer = traceAnswer(flag, asking);
      return { step: 'requires', flag, variant, answer, met: answer.variant === variant, decided };
    }
    case 'rule':
      return traceRule(step, decided, asking);
    case 'serve': {
      const split = step.shares === undefined ? {} : { split: traceSplit(step.shares, asking.context) };
      return { step: 'serve', serve: step.serve, ...split, decided };
    }
  }
}

function traceRule(step: Extract<Step, { kind: 'rule' }>, decided: boolean, asking: Asking): StepTrace {
  const { rule, shares } = step;
  const when = traceAll(rule.when ?? [], asking);
  const gate =
    typeof step.gate !== 'boolean' && allHold(when) ? traceGate(step.gate, asking.context) : undefined;
  const isIn = allHold(when) && step.gate !== false && gate?.passes !== false;
  return {
    step: 'rule',
    rule: rule.id,
    when,
    ...(rule.percentage === undefined ? {} : { percentage: rule.percentage }),
    ...(gate === undefined ? {} : { gate }),
    serve: rule.serve === undefined ? 'on' : rule.serve,
    ...(shares === undefined || !isIn ? {} : { split: traceSplit(shares, asking.context) }),
    decided,
  };
}

function traceOverride(exceptions: Exceptions, { context, now }: Asking): OverrideTrace {
  const caller: Record<string, JsonValue> = {};
  for (const attribute of ['userId', 'email', 'targetingKey', 'companyId']) {
    const value = context[attribute];
    if (value !== undefined) caller[attribute] = value;
  }
  const found = findException(exceptions, context, now);
  if (found === undefined) return { step: 'override', caller };
  const { place, name, entry } = found;
  const { until, reason, serve = 'on' } = entry;
  const facts = { ...(until === undefined ? {} : { until }), ...(reason === undefined ? {} : { reason }) };
  return { step: 'override', caller, entry: { place, name, serve, ...facts } };
}
