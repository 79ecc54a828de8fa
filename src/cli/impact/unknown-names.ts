import { WrongUse } from '../exit.js';
import { nearest } from '../nearest.js';
import type { OpenPast } from '../past/open.js';
import { refuseUnknown } from '../past/scope.js';
import type { Sides } from '../past/side.js';
import type { ImpactScope } from './measure.js';

/** Throws `WrongUse` for a name that neither version has and the repository has not either: nothing was found under it. */
export function refuseUnknownNames(opened: OpenPast, sides: Sides, scope: ImpactScope): void {
  refuseUnknown(opened, scope);
  const projects = [
    ...opened.outline.orgs.map((snapshot) => ({ snapshot })),
    ...sides.before.orgs.values(),
    ...sides.after.orgs.values(),
  ].flatMap(({ snapshot }) => [...snapshot.projects.values()]);
  const environments = new Set<string>(projects.flatMap((project) => project.environments));
  if (scope.environment !== undefined && !environments.has(scope.environment)) {
    throw new WrongUse(
      `no project has an environment ${scope.environment}${hint(scope.environment, environments)}`,
    );
  }
  if (scope.flag === undefined) return;
  const flags = new Set<string>(
    projects.flatMap((project) => [...project.flags.keys(), ...opened.outline.flagsOf(project)]),
  );
  if (!flags.has(scope.flag))
    throw new WrongUse(`no project has a flag ${scope.flag}${hint(scope.flag, flags)}`);
}

function hint(name: string, names: Iterable<string>): string {
  const near = nearest(name, names);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}
