import { WrongUse } from './exit.js';

/** Which part of the repository a command is about; what is left out is the default one. */
export interface Scope {
  readonly org?: string;
  readonly project?: string;
  readonly environment?: string;
}

/** What there is to choose from: the loaded flags, or as much of them as a command has read. */
export interface OrgChoice<Org> {
  readonly orgs: readonly Org[];
  readonly defaultOrg: string | undefined;
}

/** Something that people name by key or id. */
interface Named {
  readonly key: string;
  readonly id: string;
}

/** An organization, as far as choosing goes. */
interface NamedOrg<Project> extends Named {
  readonly defaultProject: string | undefined;
  readonly projects: ReadonlyMap<string, Project>;
}

/** A project, as far as choosing goes. */
interface NamedProject<Environment extends string> extends Named {
  readonly org: string;
  readonly environments: readonly Environment[];
  readonly defaultEnvironment: Environment;
}

/** The organization named by key or id, else the default one. Throws `WrongUse` where there is none. */
export function chooseOrg<Org extends Named>({ orgs, defaultOrg }: OrgChoice<Org>, scope: Scope): Org {
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
export function chooseProject<Project extends Named>(
  choice: OrgChoice<NamedOrg<Project>>,
  scope: Scope,
): Project {
  const org = chooseOrg(choice, scope);
  const wanted = scope.project ?? org.defaultProject;
  const projects = [...org.projects.values()];
  const found = projects.find((project) => project.key === wanted || project.id === wanted);
  if (found !== undefined) return found;
  throw missing(`project of ${org.key}`, wanted, [...org.projects.keys()]);
}

/** The environment named, else the project's default one. Throws `WrongUse` where there is none of that name. */
export function chooseEnvironment<Environment extends string>(
  project: NamedProject<Environment>,
  scope: Scope,
): Environment {
  const wanted = scope.environment ?? project.defaultEnvironment;
  const found = project.environments.find((environment) => environment === wanted);
  if (found !== undefined) return found;
  throw missing(`environment of ${project.org}/${project.key}`, wanted, project.environments);
}

/** `there are development, production`: what can be named instead. */
export function thereAre(names: readonly string[]): string {
  if (names.length === 0) return 'there is none';
  return `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
}

function missing(what: string, wanted: string | undefined, there: readonly string[]): WrongUse {
  const choice = thereAre(there);
  return new WrongUse(
    wanted === undefined ? `no ${what}: ${choice}` : `no ${what} is called ${wanted}: ${choice}`,
  );
}
