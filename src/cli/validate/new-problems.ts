import type { Problem } from '../../model/problem.js';
import { identityOf } from '../../repository/judge.js';

/** Those that were not there before, as often as they are more; what only moved to another line is not new. */
export function newProblems(before: readonly Problem[], after: readonly Problem[]): readonly Problem[] {
  const left = new Map<string, number>();
  for (const problem of before) {
    const identity = identityOf(problem);
    left.set(identity, (left.get(identity) ?? 0) + 1);
  }
  return after.filter((problem) => {
    const identity = identityOf(problem);
    const known = left.get(identity) ?? 0;
    left.set(identity, known - 1);
    return known <= 0;
  });
}
