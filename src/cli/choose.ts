import type { OrgSnapshot, ProjectSnapshot } from '../model/snapshot.js';
import { WrongUse } from './exit.js';
import type { LoadedFlags } from './load-flags.js';

/** Which part of the repository a command is about; what is left out is the default one. */
export interface Scope {
  readonly org?: string;
  readonly project?: string;
  readonly environment?: string;
}

/** The organization named by key or id, else the default one. Throws `WrongUse` where there is none. */
export function chooseOrg(loaded: LoadedFlags, scope: Scope): OrgSnapshot {
  const { orgs, defaultOrg } = loaded;
  const wanted = scope.org ?? defaultOrg;
  const found = orgs.find((org) => org.key === wanted || org.id === wanted);
  if (found !== undefined) return found;
  throw missing(
    'organization',
    wanted,
    orgs.map((org) => org.key),
  );
}

/** The project named by key or id, else its organization's default one. Throws `WrongUse` where there is none. */
export function chooseProject(loaded: LoadedFlags, scope: Scope): ProjectSnapshot {
  const org = chooseOrg(loaded, scope);
  const wanted = scope.project ?? org.defaultProject;
  const projects = [...org.projects.values()];
  const found = projects.find((project) => project.key === wanted || project.id === wanted);
  if (found !== undefined) return found;
  throw missing(`project of ${org.key}`, wanted, [...org.projects.keys()]);
}

/** The environment named, else the project's default one. Throws `WrongUse` where there is none of that name. */
export function chooseEnvironment(project: ProjectSnapshot, scope: Scope): string {
  const wanted = scope.environment ?? project.defaultEnvironment;
  const found = project.environments.find((environment) => environment === wanted);
  if (found !== undefined) return found;
  throw missing(`environment of ${project.org}/${project.key}`, wanted, project.environments);
}

function missing(what: string, wanted: string | undefined, there: readonly string[]): WrongUse {
  const choice = there.length === 0 ? 'there is none' : `there is ${there.join(', ')}`;
  return new WrongUse(
    wanted === undefined ? `no ${what}: ${choice}` : `no ${what} is called ${wanted}: ${choice}`,
  );
}
