import {
  type AttachmentEntry,
  attachmentEntry,
  type EnvironmentState,
  offVariant,
  type RequirementEntry,
  type Rule,
  requirementEntry,
  type Serve,
} from '../model/flag.js';
import type { Flag } from '../model/snapshot.js';
import { compileAll, compileAnswer, compileMembership } from './clause.js';
import type { Answer, Bucketer, Condition, Decide, Exceptions } from './compiled.js';
import { give, type Outcomes } from './outcome.js';
import { answerOfException, findException } from './override.js';
import { isTooDeep, type Scope } from './reference.js';
import {
  choose,
  compileGate,
  compileShares,
  type Dialing,
  type Gate,
  isLetIn,
  isSplit,
  type Shares,
} from './share.js';

/** What the steps of one flag in one environment are made from. */
export interface StepsInput {
  readonly flag: Flag;
  readonly state: EnvironmentState;
  readonly exceptions: Exceptions | undefined;
  readonly scope: Scope;
  /** How many references lie one below the other. */
  readonly depth: number;
  readonly bucketer: Bucketer;
  readonly outcomes: Outcomes;
}

/** The order of evaluation of one flag in one environment. */
export interface Steps {
  readonly steps: readonly Step[];
  /** Where no step decides. */
  readonly otherwise: Answer;
}

/**
 * One step. Its outcome is an answer where it always decides, undefined where it never does, else a function; so what no
 * caller and no time can change is known before anybody asks.
 */
export type Step = { readonly outcome: Outcome } & (
  | { readonly kind: 'override'; readonly exceptions: Exceptions }
  | { readonly kind: 'segment'; readonly attachment: Required<AttachmentEntry> }
  | { readonly kind: 'requires'; readonly requirement: Required<RequirementEntry> }
  | {
      readonly kind: 'rule';
      readonly rule: Rule;
      readonly gate: Gate | boolean;
      readonly shares: Shares | undefined;
    }
  | { readonly kind: 'serve'; readonly serve: Serve; readonly shares: Shares | undefined }
);

export type Outcome = Decide | Answer | undefined;

/** Makes the steps, in the order in which they are looked at. */
export function stepsOf(input: StepsInput): Steps {
  const { flag, state, outcomes } = input;
  const off = offVariant(flag.file, state) ?? null;
  if (state.killed === true) return { steps: [], otherwise: outcomes(off, 'DISABLED') };
  const rest = outcomes(off, state.enabled ? 'DEFAULT' : 'DISABLED');
  if (isTooDeep(input.depth)) return { steps: [], otherwise: rest };
  const steps: Step[] = [];
  if (input.exceptions !== undefined) steps.push(overrideStep(input.exceptions, outcomes));
  for (const attachment of state.segments ?? []) steps.push(segmentStep(attachmentEntry(attachment), input));
  if (!state.enabled) return { steps, otherwise: rest };
  for (const requirement of state.requires ?? []) {
    steps.push(requiresStep(requirementEntry(requirement), off, input));
  }
  for (const rule of state.rules ?? []) steps.push(ruleStep(rule, input));
  steps.push(serveStep(steps.every(isIdle), input));
  return { steps, otherwise: rest };
}

function isIdle(step: Step): boolean {
  return step.outcome === undefined;
}

function overrideStep(exceptions: Exceptions, outcomes: Outcomes): Step {
  const outcome: Decide = (context, now) => {
    const exception = findException(exceptions, context, now);
    return exception === undefined ? undefined : (exception.answer ?? answerOfException(exception, outcomes));
  };
  return { kind: 'override', exceptions, outcome };
}

function segmentStep(attachment: Required<AttachmentEntry>, { scope, outcomes }: StepsInput): Step {
  const { segment, serve } = attachment;
  const answer = outcomes(serve, 'TARGETING_MATCH', { by: 'segment', name: segment });
  return { kind: 'segment', attachment, outcome: answerIf(compileMembership(segment, scope), answer) };
}

function requiresStep(
  requirement: Required<RequirementEntry>,
  off: string | null,
  { scope, outcomes }: StepsInput,
): Step {
  const { flag, variant } = requirement;
  const isMet = compileAnswer(flag, variant, scope);
  const answer = outcomes(off, 'DEFAULT', { by: 'requires', name: flag });
  return { kind: 'requires', requirement, outcome: answerUnless(isMet, answer) };
}

function ruleStep(rule: Rule, input: StepsInput): Step {
  const when = compileAll(rule.when ?? [], input.scope);
  const dialing = dialingOf(input, rule.bucketBy);
  const gate = compileGate(rule, dialing);
  const served = ruleServed(rule, gate, dialing, input.outcomes);
  const shares = isShares(served) ? served : undefined;
  return { kind: 'rule', rule, gate, shares, outcome: ruleOutcome(when, gate, served) };
}

/** Without `serve` a rule gives `on`. SPLIT is the reason where a gate or a weight decided. */
function ruleServed(rule: Rule, gate: Gate | boolean, dialing: Dialing, outcomes: Outcomes): Served {
  const decider = { by: 'rule', name: rule.id } as const;
  const serve = rule.serve === undefined ? 'on' : rule.serve;
  const reasonOf = (isChosen: boolean) =>
    isChosen || typeof gate !== 'boolean' ? 'SPLIT' : 'TARGETING_MATCH';
  if (!isSplit(serve)) return outcomes(serve, reasonOf(false), decider);
  return compileShares(serve, dialing, (variant, isChosen) => outcomes(variant, reasonOf(isChosen), decider));
}

function ruleOutcome(when: Condition, gate: Gate | boolean, served: Served): Outcome {
  if (when === false || gate === false || served === undefined) return undefined;
  const gated = gate === true ? outcomeOf(served) : behindGate(gate, served);
  if (when === true) return gated;
  if (gated === undefined || typeof gated !== 'function') return gated && answerIf(when, gated);
  return (context, now, answered) =>
    when(context, now, answered) ? gated(context, now, answered) : undefined;
}

function behindGate(gate: Gate, served: Answer | Shares): Decide {
  return isShares(served)
    ? (context) => (isLetIn(gate, context) ? choose(served, context) : undefined)
    : (context) => (isLetIn(gate, context) ? (served.made ?? give(served)) : undefined);
}

/** `isFirst` where nothing before can decide: then the answer of a fixed variant never changes. */
function serveStep(isFirst: boolean, input: StepsInput): Step {
  const serve = input.state.serve === undefined ? 'on' : input.state.serve;
  const fixed = isFirst ? 'STATIC' : 'DEFAULT';
  const served = isSplit(serve)
    ? compileShares(serve, dialingOf(input, undefined), (variant, isChosen) =>
        input.outcomes(variant, isChosen ? 'SPLIT' : fixed),
      )
    : input.outcomes(serve, fixed);
  const shares = isShares(served) ? served : undefined;
  return { kind: 'serve', serve, shares, outcome: outcomeOf(served) };
}

/** What a rule or an environment serves; undefined for a split without any weight. */
type Served = Answer | Shares | undefined;

function outcomeOf(served: Served): Outcome {
  return isShares(served) ? (context) => choose(served, context) : served;
}

function isShares(served: Served): served is Shares {
  return served !== undefined && 'bounds' in served;
}

function dialingOf({ flag, bucketer }: StepsInput, bucketBy: string | undefined): Dialing {
  return {
    salt: flag.file.salt ?? flag.key,
    bucketBy: bucketBy ?? flag.file.bucketBy ?? 'targetingKey',
    bucketer,
  };
}

function answerIf(condition: Condition, answer: Answer): Outcome {
  if (typeof condition === 'boolean') return condition ? answer : undefined;
  return (context, now, answered) =>
    condition(context, now, answered) ? (answer.made ?? give(answer)) : undefined;
}

function answerUnless(condition: Condition, answer: Answer): Outcome {
  if (typeof condition === 'boolean') return condition ? undefined : answer;
  return (context, now, answered) =>
    condition(context, now, answered) ? undefined : (answer.made ?? give(answer));
}
