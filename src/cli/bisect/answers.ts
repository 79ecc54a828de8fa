import { evaluate } from '../../evaluation/evaluate.js';
import type { Evaluation, EvaluationContext } from '../../model/evaluation.js';
import { flagVariants, type Variants } from '../../model/flag.js';
import type { EnvironmentKey } from '../../model/keys.js';
import type { HistoryCommit } from '../../repository/commit-history.js';
import type { Past } from '../../repository/past.js';
import { type BisectedFlag, reachOf } from './reach.js';

/** What is asked at each commit. */
export interface BisectedQuestion extends BisectedFlag {
  readonly environment: EnvironmentKey;
  readonly context: EvaluationContext;
  /** Epoch milliseconds: the same at each commit, or the clock would end answers. */
  readonly now: number;
}

/** What the flag answered as of a commit. */
export interface AnswerAt {
  readonly commit: string;
  readonly evaluation: Evaluation;
  /** The same when that commit was the newest one, for what depends on the time. */
  readonly atItsTime: Evaluation;
  /** Those of the flag; undefined where there was none. */
  readonly variants: Variants | undefined;
  /** The files from which it may have come. */
  readonly reach: readonly string[];
}

/** Loads the organization as the commit had it, and asks. A flag, project or environment that was not there is missing. */
export async function answerAt(
  past: Past,
  { environment, context, now, ...place }: BisectedQuestion,
  { oid, seconds }: Pick<HistoryCommit, 'oid' | 'seconds'>,
): Promise<AnswerAt> {
  const served = await past.orgAt(oid, place.org);
  const compiled = served?.projects.get(place.project)?.environments.get(environment);
  const ask = (moment: number): Evaluation =>
    compiled === undefined
      ? { kind: 'missing', flagKey: place.flag, errorCode: 'FLAG_NOT_FOUND' }
      : evaluate(compiled, place.flag, context, moment);
  const flag = compiled?.flags.get(place.flag);
  return {
    commit: oid,
    evaluation: ask(now),
    atItsTime: ask(seconds * 1_000),
    variants: flag && flagVariants(flag.flag.file),
    reach: reachOf(place, flag),
  };
}
