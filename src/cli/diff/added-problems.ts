import type { Problem } from '../../model/problem.js';
import type { OpenPast } from '../past/open.js';
import { openSides, type Side } from '../past/side.js';
import type { Compared } from './revisions.js';

/** What the newer version has wrong that the older one has not, in order of path and place. Lines may have moved. */
export async function addedProblems(
  opened: OpenPast,
  compared: Compared,
  now: number,
): Promise<readonly Problem[]> {
  const { before, after } = await openSides(opened, { ...compared, now });
  const known = new Set(problemsOf(before).map(nameOf));
  return problemsOf(after).filter((problem) => !known.has(nameOf(problem)));
}

function problemsOf({ orgs }: Side): readonly Problem[] {
  return [...orgs.values()].flatMap(({ problems }) => problems);
}

function nameOf({ path, code, message }: Problem): string {
  return [path, code, message].join('\n');
}
