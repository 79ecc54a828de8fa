import { newProblems } from '../../files/checks/new-problems.js';
import { textReader } from '../../repository/worktree.js';
import { loadFlags } from '../load-flags.js';
import { type PartScope, partOf } from '../part.js';
import type { Surroundings } from '../surroundings.js';
import { withSince } from '../validate/since.js';
import { coverAll } from './coverage.js';
import type { Tested } from './report.js';
import { type CaseRun, type RunInput, runAllCases } from './run-all.js';

/** Which cases are run. */
interface Wanted extends PartScope {
  readonly repo: string | undefined;
  /** The top of the flags repository. */
  readonly folder: string;
  /** Only what changed since, and what that reaches; everything where it is undefined. */
  readonly since: string | undefined;
  readonly isCovering: boolean;
}

/** Runs the cases that are wanted. */
export async function runWanted(wanted: Wanted, around: Surroundings): Promise<Tested> {
  const { since } = wanted;
  return since === undefined ? runEvery(wanted, around) : runSince({ ...wanted, since }, around);
}

async function runEvery(wanted: Wanted, around: Surroundings): Promise<Tested> {
  const { folder, isCovering } = wanted;
  const now = around.now();
  const part = partOf(folder, wanted);
  const { orgs, problems } = await loadFlags(folder, now);
  const input: RunInput = { orgs, textOf: textReader(folder), isWanted: part.has, now };
  const cases = runAllCases(input);
  return {
    cases,
    failures: cases.filter(({ result }) => !result.passed),
    errors: problems.filter((problem) => problem.severity === 'error' && part.concerns(problem)),
    since: undefined,
    coverage: isCovering ? coverAll(input) : undefined,
  };
}

/** The cases of flags that may answer otherwise; what failed before, and what was broken, is not told again. */
async function runSince(wanted: Wanted & { readonly since: string }, around: Surroundings): Promise<Tested> {
  const { repo, folder, since: revision, isCovering } = wanted;
  const now = around.now();
  const part = partOf(folder, wanted);
  return withSince({ repo, revision }, around, async ({ before, after, reached }) => {
    const isWanted = (name: string): boolean => reached.has(name) && part.has(name);
    const input: RunInput = { ...after, isWanted, now };
    const cases = runAllCases(input);
    const failing = cases.filter(({ result }) => !result.passed);
    const known = new Set(
      failing.length === 0 ? [] : runAllCases({ ...before, isWanted, now }).flatMap(failedName),
    );
    const failures = failing.filter((one) => !failedName(one).some((name) => known.has(name)));
    const problems = newProblems(before.problems, after.problems);
    return {
      cases,
      failures,
      errors: problems.filter((problem) => problem.severity === 'error' && part.concerns(problem)),
      since: { revision, failing: failing.length - failures.length },
      coverage: isCovering ? coverAll(input) : undefined,
    };
  });
}

/** The flag and all that the case says, where it failed. */
function failedName({ flag, result }: CaseRun): readonly string[] {
  return result.passed ? [] : [`${flag}\0${JSON.stringify(result.test)}`];
}
