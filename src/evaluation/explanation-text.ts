import type { Evaluation } from '../model/evaluation.js';
import { unreachable } from '../model/unreachable.js';
import type { Explanation } from './explain.js';
import type {
  ClauseTrace,
  GateTrace,
  MembershipTrace,
  OverrideTrace,
  RuleTrace,
  SplitTrace,
  StepTrace,
} from './trace.js';

/** The explanation as lines of text for people: the answer, then the steps that were looked at. */
export function formatExplanation(explanation: Explanation): string {
  const { flagKey, environment, evaluation, now } = explanation;
  const title = `${flagKey} in ${environment} at ${new Date(now).toISOString()}: ${formatAnswer(evaluation)}`;
  const steps = explanation.steps.flatMap((step, index) => formatStep(step, index + 1));
  return [title, ...steps].join('\n');
}

function formatAnswer(evaluation: Evaluation): string {
  if (evaluation.kind === 'missing') return 'there is no such flag (FLAG_NOT_FOUND)';
  if (evaluation.kind === 'default') return `no value, the caller's own default (${evaluation.reason})`;
  return `${evaluation.variant} = ${JSON.stringify(evaluation.value)} (${evaluation.reason})`;
}

function formatStep(step: StepTrace, number: number): string[] {
  const [first = '', ...more] = describeStep(step);
  const mark = step.decided ? '=>' : '  ';
  return [`${mark} ${number}. ${first}`, ...indent(more, 6)];
}

function describeStep(step: StepTrace): string[] {
  switch (step.step) {
    case 'killed':
      return [`killed: ${yesNo(step.killed)}`];
    case 'override':
      return [`override: ${describeOverride(step)}`];
    case 'segment':
      return [
        `segment ${step.segment}: ${describeMember(step.membership)}`,
        ...clauses(step.membership.when),
      ];
    case 'enabled':
      return [`enabled: ${yesNo(step.enabled)}`];
    case 'requires':
      return [
        `requires ${step.flag} to give ${step.variant}: it gives ${describeVariant(step.answer.variant)}`,
      ];
    case 'rule':
      return [`rule ${step.rule}: ${describeRule(step, step.decided)}`, ...describeRuleParts(step)];
    case 'serve':
      return [`serve ${JSON.stringify(step.serve)}`, ...splits(step.split)];
    case 'off':
      return [`nothing to bucket by: the off variant, ${describeVariant(step.variant)}`];
    default:
      return unreachable(step);
  }
}

function describeOverride({ caller, entry }: OverrideTrace): string {
  if (entry === undefined) return `none names ${JSON.stringify(caller)}`;
  const until = entry.until === undefined ? '' : ` until ${entry.until}`;
  const reason = entry.reason === undefined ? '' : ` (${entry.reason})`;
  return `entry ${entry.place + 1} gives ${entry.name} ${describeVariant(entry.serve)}${until}${reason}`;
}

function describeRule({ serve }: RuleTrace, decided: boolean): string {
  return decided ? `applies, serves ${JSON.stringify(serve)}` : 'does not apply';
}

function describeRuleParts({ when, percentage, gate, split }: RuleTrace): string[] {
  const gateLines = percentage === undefined ? [] : [describeGate(percentage, gate)];
  return [...clauses(when), ...gateLines, ...splits(split)];
}

function describeGate(percentage: number, gate: GateTrace | undefined): string {
  if (gate === undefined) return `    ${percentage} %`;
  const { bucket, bucketBy, threshold, total, passes } = gate;
  if (bucket === null) return `no  ${percentage} %: there is no ${bucketBy} to bucket by`;
  return `${passed(passes)} ${percentage} %: bucket ${bucket} of ${total}, below ${threshold} passes`;
}

function splits(split: SplitTrace | undefined): string[] {
  if (split === undefined) return [];
  const { bucket, total, bounds, variant, bucketBy } = split;
  if (bucket === null) return [`split: there is no ${bucketBy} to bucket by`];
  const parts = bounds.map((bound) => `${bound.variant} below ${bound.below}`).join(', ');
  return [`split: bucket ${bucket} of ${total} is ${describeVariant(variant)} (${parts})`];
}

function clauses(traces: readonly ClauseTrace[] | undefined): string[] {
  return (traces ?? []).flatMap(describeClause);
}

function describeClause(trace: ClauseTrace): string[] {
  const mark = passed(trace.holds);
  switch (trace.clause) {
    case 'attribute': {
      const tests = trace.tests.map((test) => `${test.test} ${JSON.stringify(test.wanted)}`).join(' and ');
      const value = trace.value === undefined ? 'missing' : JSON.stringify(trace.value);
      return [`${mark} ${trace.attribute} ${tests}: it is ${value}`];
    }
    case 'segment': {
      const lines = indent(clauses(trace.membership.when), 4);
      return [`${mark} segment ${trace.segment}: ${describeMember(trace.membership)}`, ...lines];
    }
    case 'flag':
      return [
        `${mark} flag ${trace.flag} gives ${trace.variant}: it gives ${describeVariant(trace.answer.variant)}`,
      ];
    case 'all':
    case 'any':
      return [`${mark} ${trace.clause} of`, ...indent(clauses(trace.clauses), 4)];
    case 'not':
      return [`${mark} not`, ...indent(describeClause(trace.inner), 4)];
    default:
      return unreachable(trace);
  }
}

function describeMember({ member, by }: MembershipTrace): string {
  return `${member ? 'a member' : 'not a member'} (${by})`;
}

function describeVariant(variant: string | null): string {
  return variant ?? "no value (the caller's own default)";
}

function indent(lines: readonly string[], width: number): string[] {
  return lines.map((line) => ' '.repeat(width) + line);
}

function passed(holds: boolean): string {
  return holds ? 'yes' : 'no ';
}

function yesNo(holds: boolean): string {
  return holds ? 'yes' : 'no';
}
