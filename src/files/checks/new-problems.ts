import type { ProblemCode, Severity } from '../../model/problem.js';

/** What is told of a file, by line or by place in the data. */
interface Told {
  readonly path: string;
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
}

/** What `files/spelling.ts` adds about names that are there. */
const HINT = /; (?:did you mean|known:).*$/s;

/** A problem that only moves to another line, or gets another hint because of a new name, is not a new one. */
export function identityOf({ path, code, message }: Told): string {
  return `${path}\0${code}\0${message.replace(HINT, '')}`;
}

/**
 * What was not told before, as often as it is told more. An error that was a warning is new, a warning that was an error is
 * not.
 */
export function newProblems<Problem extends Told>(
  before: readonly Told[],
  after: readonly Problem[],
): readonly Problem[] {
  const errors = countsOf(before.filter(isError));
  const warnings = countsOf(before.filter((told) => !isError(told)));
  const known = new Set<Problem>(after.filter((told) => isError(told) && take(errors, told)));
  for (const told of after) {
    if (!isError(told) && (take(warnings, told) || take(errors, told))) known.add(told);
  }
  return after.filter((told) => !known.has(told));
}

function isError({ severity }: Told): boolean {
  return severity === 'error';
}

function countsOf(told: readonly Told[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of told) counts.set(identityOf(one), (counts.get(identityOf(one)) ?? 0) + 1);
  return counts;
}

/** Takes one away; false where none is left. */
function take(counts: Map<string, number>, told: Told): boolean {
  const identity = identityOf(told);
  const left = counts.get(identity) ?? 0;
  if (left > 0) counts.set(identity, left - 1);
  return left > 0;
}
