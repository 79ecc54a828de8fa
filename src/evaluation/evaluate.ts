import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import type { CompiledEnvironment, CompiledFlag } from './compiled.js';
import { runSteps } from './reference.js';

/** What the flag answers this caller at this moment (epoch milliseconds). It never throws; the answer is shared and frozen. */
export function evaluate(
  environment: CompiledEnvironment,
  flagKey: string,
  context: EvaluationContext,
  now: number,
): Evaluation {
  const flag = environment.flags.get(flagKey);
  if (flag === undefined) return Object.freeze({ kind: 'missing', flagKey, errorCode: 'FLAG_NOT_FOUND' });
  return runSteps(flag, context, now, undefined);
}

/** The same of a flag in hand, for those who evaluate all of `environment.sorted`. */
export function evaluateFlag(flag: CompiledFlag, context: EvaluationContext, now: number): Evaluation {
  return runSteps(flag, context, now, undefined);
}
