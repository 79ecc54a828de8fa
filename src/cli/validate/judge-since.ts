import { judgeChecks } from '../../changes/checks/judge-checks.js';
import { newProblems } from '../../files/checks/new-problems.js';
import { locateFindings } from '../../files/locate.js';
import type { Problem } from '../../model/problem.js';
import type { OrgSnapshot } from '../../model/snapshot.js';
import type { PartialVersion, Since } from '../../repository/since/since.js';
import type { Surroundings } from '../surroundings.js';
import { inOrder, type Judged } from './judge-all.js';
import { withSince } from './since.js';

/** Judges what changed since a revision, and tells what that revision does not have. */
export async function judgeSince(
  repo: string | undefined,
  revision: string,
  around: Surroundings,
): Promise<Judged> {
  return withSince({ repo, revision }, around, async (since) => problemsSince(since, around.now()));
}

/** The work follows the change: of everything that it does not reach, the same is said before and after. */
export function problemsSince({ before, after, reached, paths }: Since, now: number): Judged {
  const isWanted = (path: string): boolean => reached.has(path);
  const old = checked(before, { isWanted, now });
  const fresh = checked(after, { isWanted, now, before: before.orgs });
  return { problems: inOrder(newProblems(old, fresh)), files: paths.length, paths };
}

interface Checking {
  readonly isWanted: (path: string) => boolean;
  readonly now: number;
  readonly before?: readonly OrgSnapshot[];
}

function checked({ config, orgs, problems, textOf }: PartialVersion, checking: Checking): readonly Problem[] {
  const isThere = (path: string): boolean => textOf(path) !== undefined;
  const judged = judgeChecks({ config, orgs, problems, isThere, ...checking });
  return inOrder([...judged.problems, ...locateFindings(judged.findings, textOf)]);
}
