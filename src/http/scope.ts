import { Failure } from '../model/failure.js';
import { derivedId } from '../model/ids.js';
import { type EnvironmentKey, parseEnvironmentKey, parseProjectKey } from '../model/keys.js';
import { type Grants, isGranted, type Need } from '../model/permission.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import { unreachable } from '../model/unreachable.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { PersonCaller } from './access.js';
import { demandIn, forbidden, grantsIn, homeOf, orgNotFound, orgsOf } from './authorize.js';
import { readOne } from './feature-flag-list.js';
import { findNumbered, isNumber } from './numbered.js';
import { findOrg } from './org-lookup.js';
import type { Asked } from './route.js';

/** What a path is about, and what the caller may do in that organization. */
export interface Scope {
  readonly served: ServedOrg;
  /** Of a path with `:projectId`. */
  readonly project: ProjectSnapshot | undefined;
  /** Of a path with `:environmentId`. */
  readonly environment: EnvironmentKey | undefined;
  readonly grants: Grants;
}

/** What is asked for, and by whom. */
export interface ScopeQuestion {
  readonly caller: PersonCaller;
  readonly may: Need['may'];
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/**
 * The organization, the project and the environment that a path names by number or key, for somebody who may do that
 * there. The organization is the one that `organizationId` names, else the only one of the caller's that has the project,
 * else the caller's own. Throws a `Failure`: `invalid` for what is no name, `not-found` alike for what is not there and
 * for organizations in which the caller has no role, `forbidden` where the role does not suffice, and `conflict`
 * AMBIGUOUS_KEY where several of their organizations have the project.
 */
export function findScope(cache: FlagCache, question: ScopeQuestion): Scope {
  const { caller, may, params } = question;
  const { projectId, environmentId } = params;
  const orgs = orgsAskedFor(cache, question);
  if (projectId === undefined) {
    const served = onlyOrg(cache, caller, orgs);
    const grants = demandIn(caller, served.snapshot, needOf(may, {}));
    return { served, project: undefined, environment: undefined, grants };
  }
  const { served, project } = findProject(caller, orgs, projectId);
  const see: Need = { may: 'see-project', project: project.key };
  const grants = demandIn(caller, served.snapshot, see);
  const environment = environmentId === undefined ? undefined : findEnvironment(project, environmentId);
  const need = needOf(may, { project: project.key, environment });
  if (!isGranted(grants, need)) throw forbidden(grants, need);
  return { served, project, environment, grants };
}

/** The organization of a path for which roles decide. */
export function orgOf({ scope }: Asked): ServedOrg {
  if (scope === undefined) throw new Error('no scope: the row of this operation is not of kind role');
  return scope.served;
}

/** The project of a path with `:projectId` for which roles decide. */
export function projectOf({ scope }: Asked): ProjectSnapshot {
  if (scope?.project === undefined)
    throw new Error('no project: the path of this operation has no :projectId');
  return scope.project;
}

/** The environment of a path with `:environmentId` for which roles decide. */
export function environmentOf({ scope }: Asked): EnvironmentKey {
  if (scope?.environment !== undefined) return scope.environment;
  throw new Error('no environment: the path of this operation has no :environmentId');
}

/** What the caller may do in the organization of a path for which roles decide. */
export function grantsOfScope({ scope }: Asked): Grants {
  if (scope === undefined) throw new Error('no scope: the row of this operation is not of kind role');
  return scope.grants;
}

/** The id of an environment, as its file says it or derived. */
export function environmentId({ org, key, file }: ProjectSnapshot, environment: EnvironmentKey): string {
  const entry = file.environments.find((one) => typeof one !== 'string' && one.key === environment);
  const id = entry === undefined || typeof entry === 'string' ? undefined : entry.id;
  return id ?? derivedId('env', org, key, environment);
}

function orgsAskedFor(cache: FlagCache, { caller, query }: ScopeQuestion): readonly ServedOrg[] {
  const named = readOne(query, 'organizationId');
  if (named === undefined) return orgsOf(cache, caller);
  const served = findOrg(cache, named);
  if (grantsIn(caller, served.snapshot) === undefined) throw orgNotFound(named);
  return [served];
}

/** A super admin who belongs to none works in the default one. */
function onlyOrg(cache: FlagCache, caller: PersonCaller, orgs: readonly ServedOrg[]): ServedOrg {
  if (orgs.length === 1 && orgs[0] !== undefined) return orgs[0];
  const home = homeOf(cache, caller) ?? (caller.identity.isSuperAdmin ? cache.defaultOrg : undefined);
  if (home !== undefined) return home;
  if (orgs.length === 0)
    throw new Failure('not-found', 'ORG_NOT_FOUND', 'you have a role in no organization');
  throw new Failure('invalid', 'INVALID_QUERY', 'organizationId: wanted, you are in several organizations');
}

/** Organizations in which the caller may not even see the project give way to those in which they may. */
function findProject(
  caller: PersonCaller,
  orgs: readonly ServedOrg[],
  text: string,
): { readonly served: ServedOrg; readonly project: ProjectSnapshot } {
  if (!isNumber(text) && parseProjectKey(text) === undefined) {
    throw new Failure('invalid', 'INVALID_KEY', 'the project: neither a number nor a key');
  }
  const found = orgs.flatMap((served) => {
    const project = findNumbered(served.snapshot.projects, text);
    return project === undefined ? [] : [{ served, project }];
  });
  const seen = found.filter(({ served, project }) => {
    const grants = grantsIn(caller, served.snapshot);
    return grants !== undefined && isGranted(grants, { may: 'see-project', project: project.key });
  });
  const [only, ...others] = seen.length > 0 ? seen : found;
  if (only === undefined) {
    throw new Failure('not-found', 'PROJECT_NOT_FOUND', `project ${text}: not found`);
  }
  if (seen.length > 0 && others.length > 0) throw ambiguousProject(text, seen);
  return only;
}

/** The environment of this number or key. Throws a `Failure`: `invalid` for what can be neither, else `not-found`. */
export function findEnvironment(project: ProjectSnapshot, text: string): EnvironmentKey {
  if (!isNumber(text) && parseEnvironmentKey(text) === undefined) {
    throw new Failure('invalid', 'INVALID_KEY', 'the environment: neither a number nor a key');
  }
  const found = findNumbered(environmentsOf(project), text);
  if (found !== undefined) return found.key;
  const sentence = `environment ${text}: not found in project ${project.key}`;
  throw new Failure('not-found', 'ENVIRONMENT_NOT_FOUND', sentence);
}

type Environments = ReadonlyMap<string, { readonly key: EnvironmentKey; readonly id: string }>;

const environments = new WeakMap<ProjectSnapshot, Environments>();

function environmentsOf(project: ProjectSnapshot): Environments {
  const known = environments.get(project);
  if (known !== undefined) return known;
  const all = new Map(
    project.environments.map((key) => [key as string, { key, id: environmentId(project, key) }]),
  );
  environments.set(project, all);
  return all;
}

function ambiguousProject(text: string, found: readonly { readonly served: ServedOrg }[]): Failure {
  const organizations = found.map(({ served }) => served.snapshot.id);
  const sentence = `project ${text}: several of your organizations have it, name one with organizationId`;
  return new Failure('conflict', 'AMBIGUOUS_KEY', sentence, { data: { details: { organizations } } });
}

/** A row whose path lacks what its permission is about is a bug; a test holds all rows to that. */
function needOf(
  may: Need['may'],
  where: { readonly project?: string; readonly environment?: string | undefined },
): Need {
  const { project = missing('projectId'), environment = '' } = may.endsWith('-org') ? { project: '' } : where;
  switch (may) {
    case 'view-org':
    case 'manage-org':
      return { may };
    case 'see-project':
    case 'view-project':
    case 'write-in-project':
    case 'manage-project':
      return { may, project };
    case 'view-environment':
    case 'manage-environment':
    case 'view-keys':
      return { may, project, environment: environment === '' ? missing('environmentId') : environment };
    default:
      return unreachable(may);
  }
}

function missing(name: string): never {
  throw new Error(`the path of this operation has no :${name}`);
}
