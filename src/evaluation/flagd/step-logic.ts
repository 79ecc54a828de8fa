import { flagVariants, type Serve } from '../../model/flag.js';
import type { Flag } from '../../model/snapshot.js';
import { unreachable } from '../../model/unreachable.js';
import { isSplit } from '../share.js';
import type { Step } from '../steps.js';
import { answerLogic, type ClauseWriting, clausesLogic } from './clause-logic.js';
import { allOf, type Case, not } from './logic.js';
import { exceptionCases } from './names-logic.js';
import { gateLogic, sharesCase } from './share-logic.js';

/** What the cases of a step are made with. */
export interface StepWriting extends ClauseWriting {
  readonly flag: Flag;
  /** The off variant, or null where there is none. */
  readonly off: string | null;
}

/** The cases in which the step decides. They give the name of a variant, or null for the caller's own default. */
export function stepCases(step: Step, writing: StepWriting): readonly Case[] {
  const { flag, off, refuse } = writing;
  switch (step.kind) {
    case 'override':
      return exceptionCases(step.exceptions, ({ entry }) => variantServed(flag, entry.serve), refuse);
    case 'segment': {
      const { segment, serve } = step.attachment;
      return [{ when: writing.membership(segment), gives: variantIn(flag, serve) }];
    }
    case 'requires': {
      const isMet = answerLogic(step.requirement.flag, step.requirement.variant, writing);
      return [{ when: not(isMet), gives: off }];
    }
    case 'rule':
      return [ruleCase(step, writing)];
    case 'serve':
      return step.shares === undefined ? [] : [sharesCase(step.shares, refuse)];
    default:
      return unreachable(step);
  }
}

/** Null where the flag has no such variant: the caller's own default. */
export function variantIn(flag: Flag, variant: string | null): string | null {
  return variant !== null && Object.hasOwn(flagVariants(flag.file), variant) ? variant : null;
}

function ruleCase({ rule, gate, shares }: Extract<Step, { kind: 'rule' }>, writing: StepWriting): Case {
  const conditions = [
    clausesLogic(rule.when ?? [], writing),
    typeof gate === 'boolean' ? gate : gateLogic(gate, writing.refuse),
  ];
  if (shares === undefined) {
    return { when: allOf(conditions), gives: variantServed(writing.flag, rule.serve) };
  }
  const { when, gives } = sharesCase(shares, writing.refuse);
  return { when: allOf([...conditions, when]), gives };
}

/** What is served without a hash: the variant that is named, or the one that has all the weight. */
function variantServed(flag: Flag, serve: Serve | undefined): string | null {
  if (serve === undefined) return variantIn(flag, 'on');
  if (!isSplit(serve)) return variantIn(flag, serve);
  return variantIn(flag, Object.keys(serve).find((variant) => (serve[variant] ?? 0) > 0) ?? null);
}
