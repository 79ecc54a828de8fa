import type { Severity } from '../model/problem.js';

/** How many problems are told of one file; the rest are mostly the same again. */
const PROBLEMS_LIMIT = 100;

/** As many problems of one file as are told: errors before warnings where there are too many. */
export function mostTelling<Problem extends { readonly severity: Severity }>(
  problems: readonly Problem[],
): readonly Problem[] {
  if (problems.length <= PROBLEMS_LIMIT) return problems;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return [...errors, ...warnings].slice(0, PROBLEMS_LIMIT);
}

/** The same for the problems of many files, by their paths. */
export function mostTellingByPath<Problem extends { readonly path: string; readonly severity: Severity }>(
  problems: readonly Problem[],
): readonly Problem[] {
  if (problems.length <= PROBLEMS_LIMIT) return problems;
  const byPath = new Map<string, Problem[]>();
  for (const problem of problems) {
    const known = byPath.get(problem.path);
    if (known === undefined) byPath.set(problem.path, [problem]);
    else known.push(problem);
  }
  return [...byPath.values()].flatMap(mostTelling);
}

/** Judges one thing of a file after the other, until more is wrong than is told. */
export function judgeEach<Thing, Issue>(
  things: Iterable<Thing>,
  judge: (thing: Thing, place: number) => readonly Issue[],
): Issue[] {
  const issues: Issue[] = [];
  let place = 0;
  for (const thing of things) {
    issues.push(...judge(thing, place));
    if (issues.length >= PROBLEMS_LIMIT) break;
    place += 1;
  }
  return issues;
}
