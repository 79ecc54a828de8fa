import type { StepTrace } from '../../evaluation/trace.js';

/** The steps of one flag that were looked at before and after, in order; the last one decided. */
export interface TracePair {
  readonly before: readonly StepTrace[];
  readonly after: readonly StepTrace[];
}

/**
 * The steps that make the difference between two answers to one caller. Where one step decided both times, it is that
 * one. Else a step that decides on one side was passed on the other: that is the one that changed; where neither was
 * even looked at on the other side, one came, went or moved, and both are named.
 */
export function blamedSteps({ before, after }: TracePair): readonly StepTrace[] {
  const [was, is] = [before.at(-1), after.at(-1)];
  if (was === undefined || is === undefined) return [was, is].filter((step) => step !== undefined);
  if (stepName(was) === stepName(is)) return [is];
  const passed = [...(isIn(before, is) ? [is] : []), ...(isIn(after, was) ? [was] : [])];
  return passed.length > 0 ? passed : [is, was];
}

/** What two versions of one step have in common. */
function stepName(step: StepTrace): string {
  switch (step.step) {
    case 'segment':
      return `segment ${step.segment}`;
    case 'requires':
      return `requires ${step.flag}`;
    case 'rule':
      return `rule ${step.rule}`;
    default:
      return step.step;
  }
}

function isIn(steps: readonly StepTrace[], step: StepTrace): boolean {
  return steps.some((one) => stepName(one) === stepName(step));
}
