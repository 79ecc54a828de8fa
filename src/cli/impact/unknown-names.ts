import type { OrgSnapshot, ProjectSnapshot } from '../../model/snapshot.js';
import { WrongUse } from '../exit.js';
import { nearest } from '../nearest.js';
import type { OpenPast } from '../past/open.js';
import { refuseUnknown } from '../past/scope.js';
import type { Sides } from '../past/side.js';
import type { ImpactScope } from './measure.js';

/** An environment of a project. */
export interface Place {
  readonly org: string;
  readonly project: string;
  readonly environment: string;
}

/** Every name that there is or was, and which of them belong together. */
export interface KnownNames {
  readonly org: ReadonlySet<string>;
  readonly project: ReadonlySet<string>;
  readonly environment: ReadonlySet<string>;
  readonly places: readonly Place[];
}

export function knownNames(opened: OpenPast, sides: Sides): KnownNames {
  const projects = projectsOf(opened, sides);
  return {
    org: new Set<string>(orgsOf(opened, sides).map(({ key }) => key)),
    project: new Set<string>(projects.map(({ key }) => key)),
    environment: new Set<string>(projects.flatMap(({ environments }) => environments)),
    places: projects.flatMap(({ org, key: project, environments }) =>
      environments.map((environment) => ({ org, project, environment })),
    ),
  };
}

/** Throws `WrongUse` for a name that neither version has and the repository has not either: nothing was found under it. */
export function refuseUnknownNames(opened: OpenPast, sides: Sides, scope: ImpactScope): void {
  refuseUnknown(opened, scope);
  const { environment: environments } = knownNames(opened, sides);
  if (scope.environment !== undefined && !environments.has(scope.environment)) {
    throw new WrongUse(
      `no project has an environment ${scope.environment}${hint(scope.environment, environments)}`,
    );
  }
  if (scope.flag === undefined) return;
  const flags = new Set<string>(
    projectsOf(opened, sides).flatMap((project) => [
      ...project.flags.keys(),
      ...opened.outline.flagsOf(project),
    ]),
  );
  if (!flags.has(scope.flag))
    throw new WrongUse(`no project has a flag ${scope.flag}${hint(scope.flag, flags)}`);
}

/** The projects of both versions and of what is checked out: the two hold only organizations that differ. */
function projectsOf(opened: OpenPast, sides: Sides): readonly ProjectSnapshot[] {
  return orgsOf(opened, sides).flatMap(({ projects }) => [...projects.values()]);
}

function orgsOf({ outline }: OpenPast, { before, after }: Sides): readonly OrgSnapshot[] {
  return [
    ...outline.orgs,
    ...[before, after].flatMap((side) => [...side.orgs.values()].map(({ snapshot }) => snapshot)),
  ];
}

function hint(name: string, names: Iterable<string>): string {
  const near = nearest(name, names);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}
