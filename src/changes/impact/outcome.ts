import { isDeepStrictEqual } from 'node:util';
import type { Evaluation } from '../../model/evaluation.js';
import type { Outcome } from './impact.js';

/** What the caller sees of an answer; undefined is that of a flag that is not there. */
export function outcomeOf(evaluation: Evaluation | undefined): Outcome {
  if (evaluation === undefined || evaluation.kind === 'missing') return MISSING;
  if (evaluation.kind === 'default') return DEFAULT;
  return { kind: 'value', variant: evaluation.variant, value: evaluation.value };
}

const MISSING: Outcome = { kind: 'missing' };
const DEFAULT: Outcome = { kind: 'default' };

/** True where a caller cannot tell one from the other; why they are given does not count. */
export function isSameOutcome(one: Outcome, other: Outcome): boolean {
  if (one.kind !== 'value' || other.kind !== 'value') return one.kind === other.kind;
  return one.variant === other.variant && isDeepStrictEqual(one.value, other.value);
}
