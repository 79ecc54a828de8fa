import { foldEmail } from './email.js';
import type { OrgFile, PermissionText } from './org.js';
import { unreachable } from './unreachable.js';

/** What somebody is in a scope. An admin is a member too. */
export type Role = 'admin' | 'member';

/** What somebody wants to do, and where in an organization. */
export type Need =
  /** Any role, anywhere in the organization. */
  | { readonly may: 'view-org' }
  /** An admin of the organization: projects, members, groups, invitations. */
  | { readonly may: 'manage-org' }
  /** That the project is there, with its name: a role in the organization, the project or one of its environments. */
  | { readonly may: 'see-project'; readonly project: string }
  /** A role in the project: flags, rules, segments, audit log, the list of keys. */
  | { readonly may: 'view-project'; readonly project: string }
  /** An admin of the project or of one of its environments: some of what can be written there. */
  | { readonly may: 'write-in-project'; readonly project: string }
  /** An admin of the project: flags, environments, segments. */
  | { readonly may: 'manage-project'; readonly project: string }
  /** A role in the environment or its project: rules, evaluation. */
  | { readonly may: 'view-environment'; readonly project: string; readonly environment: string }
  /** An admin of the environment: rules, state, API keys. */
  | { readonly may: 'manage-environment'; readonly project: string; readonly environment: string }
  /** A role in the project, or an admin of the environment. */
  | { readonly may: 'view-keys'; readonly project: string; readonly environment: string };

/** The permissions of one person in one organization, ready to be asked. */
export interface Grants {
  readonly org: Role | undefined;
  /** By project key. */
  readonly projects: ReadonlyMap<string, Role>;
  /** By project key and environment key. */
  readonly environments: ReadonlyMap<string, ReadonlyMap<string, Role>>;
}

/** What a super admin may do in every organization. */
export const EVERY_GRANT: Grants = { org: 'admin', projects: new Map(), environments: new Map() };

/**
 * What the person of this address may do, by their own permissions and those of their groups; undefined where they have
 * no role at all. Addresses compare as `foldEmail` says. An invitation gives nothing.
 */
export function grantsOf(org: OrgFile, email: string): Grants | undefined {
  return grantsByEmail(org).get(foldEmail(email));
}

/** Whether these permissions suffice. An admin of a wider scope is one of all below it. Source: seed 004, "Permissions". */
export function isGranted(grants: Grants, need: Need): boolean {
  const { org, projects, environments } = grants;
  if (org === 'admin' || need.may === 'view-org') return true;
  if (need.may === 'manage-org') return false;
  const project = projects.get(need.project);
  const below = environments.get(need.project);
  switch (need.may) {
    case 'see-project':
      return org !== undefined || project !== undefined || below !== undefined;
    case 'view-project':
      return project !== undefined;
    case 'write-in-project':
      return project === 'admin' || [...(below?.values() ?? [])].includes('admin');
    case 'manage-project':
      return project === 'admin';
    case 'view-environment':
      return project !== undefined || below?.has(need.environment) === true;
    case 'manage-environment':
      return project === 'admin' || below?.get(need.environment) === 'admin';
    case 'view-keys':
      return project !== undefined || below?.get(need.environment) === 'admin';
    default:
      return unreachable(need);
  }
}

/** Grants while they are collected. */
interface Collected {
  org: Role | undefined;
  readonly projects: Map<string, Role>;
  readonly environments: Map<string, Map<string, Role>>;
}

const collected = new WeakMap<OrgFile, ReadonlyMap<string, Grants>>();

/** Collected once for each version of the file: every request asks. */
function grantsByEmail(org: OrgFile): ReadonlyMap<string, Grants> {
  const known = collected.get(org);
  if (known !== undefined) return known;
  const people = new Map<string, Collected>();
  for (const { email, permissions } of org.members ?? []) collect(people, email, permissions);
  for (const { members, permissions } of org.groups ?? []) {
    for (const email of members ?? []) collect(people, email, permissions);
  }
  collected.set(org, people);
  return people;
}

function collect(
  people: Map<string, Collected>,
  email: string,
  permissions: readonly PermissionText[] = [],
): void {
  if (permissions.length === 0) return;
  const key = foldEmail(email);
  const person = people.get(key) ?? { org: undefined, projects: new Map(), environments: new Map() };
  people.set(key, person);
  for (const permission of permissions) add(person, permission);
}

/** `org:admin`, `project:web-app:member`, `env:web-app/production:admin`: the schema of the file holds them to that. */
function add(person: Collected, permission: PermissionText): void {
  const role: Role = permission.endsWith(':admin') ? 'admin' : 'member';
  const [scope, place = ''] = permission.split(':');
  const [project = '', environment = ''] = place.split('/');
  if (scope === 'org') person.org = wider(person.org, role);
  else if (scope === 'project') person.projects.set(project, wider(person.projects.get(project), role));
  else {
    const below = person.environments.get(project) ?? new Map<string, Role>();
    person.environments.set(project, below.set(environment, wider(below.get(environment), role)));
  }
}

function wider(one: Role | undefined, other: Role): Role {
  return one === 'admin' ? one : other;
}
