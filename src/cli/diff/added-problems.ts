import { judgeChecks } from '../../changes/checks/judge-checks.js';
import { newProblems } from '../../files/checks/new-problems.js';
import type { Problem } from '../../model/problem.js';
import type { OrgSnapshot } from '../../model/snapshot.js';
import { locateFindings, positionedProblems } from '../../repository/positions.js';
import { readSettings } from '../../repository/settings.js';
import type { OpenPast } from '../past/open.js';
import { openSides, type Side } from '../past/side.js';
import { inOrder } from '../validate/judge-all.js';
import type { Compared } from './revisions.js';

/**
 * What the newer version has wrong that the older one has not, and what the checks say of the change itself, by path and
 * place. Lines may have moved.
 */
export async function addedProblems(
  opened: OpenPast,
  compared: Compared,
  now: number,
): Promise<readonly Problem[]> {
  const { before, after } = await openSides(opened, { ...compared, now });
  const old = await judgedProblems(opened, { side: before, before: undefined, now });
  const fresh = await judgedProblems(opened, { side: after, before: snapshotsOf(before), now });
  return newProblems(inOrder(old), inOrder(fresh));
}

/** One version, and what it is compared with where that is wanted. */
interface Judging {
  readonly side: Side;
  readonly before: readonly OrgSnapshot[] | undefined;
  readonly now: number;
}

async function judgedProblems(
  { repository, reader, head }: OpenPast,
  { side, before, now }: Judging,
): Promise<readonly Problem[]> {
  const { listing, commit } = side;
  const served = [...side.orgs.values()];
  const orgs = snapshotsOf(side);
  const settings = await readSettings({
    ...{ repository, reader, file: listing.config, orgs: [...listing.versions.keys()], snapshots: orgs },
    ...{ previous: undefined, history: commit ?? head },
  });
  const compiled = new Map(
    served.flatMap(({ projects }) => [...projects.values()].map((one) => [one.project, one])),
  );
  const files = served.flatMap((org) => org.files);
  const paths = new Set(files.map((file) => file.path));
  const { problems, findings } = judgeChecks({
    config: settings.config,
    orgs,
    problems: served.flatMap((org) => org.problems),
    ...(before && { before }),
    isThere: (path) => paths.has(path),
    compiled: (project) => compiled.get(project),
    now,
  });
  const positions = await locateFindings(reader, findings, files, new Map());
  return [...settings.problems, ...problems, ...positionedProblems(findings, files, positions)];
}

function snapshotsOf({ orgs }: Side): readonly OrgSnapshot[] {
  return [...orgs.values()].map(({ snapshot }) => snapshot);
}
