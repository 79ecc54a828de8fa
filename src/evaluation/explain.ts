import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import type { CompiledEnvironment } from './compiled.js';
import type { StepTrace } from './trace.js';

/** Why a flag answers what it answers: every step that was looked at, in order. Plain JSON data. */
export interface Explanation {
  readonly flagKey: string;
  readonly environment: string;
  readonly context: EvaluationContext;
  /** The moment of the question, RFC 3339, UTC. */
  readonly now: string;
  readonly evaluation: Evaluation;
  readonly steps: readonly StepTrace[];
}

export function explain(
  _environment: CompiledEnvironment,
  _flagKey: string,
  _context: EvaluationContext,
  _now: number,
): Explanation {
  throw new Error('not yet');
}

/** The explanation as lines of text for people. */
export function formatExplanation(_explanation: Explanation): string {
  throw new Error('not yet');
}
