import { Failure } from '../model/failure.js';
import { EVERY_GRANT, type Grants, grantsOf, isGranted, type Need } from '../model/permission.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { PersonCaller } from './access.js';

/** What somebody may do in an organization; undefined where they have no role there. Super admins may do everything everywhere. */
export function grantsIn({ identity }: PersonCaller, org: OrgSnapshot): Grants | undefined {
  if (identity.isSuperAdmin) return EVERY_GRANT;
  return identity.email === undefined ? undefined : grantsOf(org.file, identity.email);
}

/** Whether somebody may do this in an organization. */
export function mayIn(caller: PersonCaller, org: OrgSnapshot, need: Need): boolean {
  const grants = grantsIn(caller, org);
  return grants !== undefined && isGranted(grants, need);
}

/**
 * Their permissions in the organization, where they suffice. Throws a `Failure`: `not-found` for those who have no role
 * there, to whom it is as if it were not there, and `forbidden` for those whose role does not suffice.
 */
export function demandIn(caller: PersonCaller, org: OrgSnapshot, need: Need): Grants {
  const grants = grantsIn(caller, org);
  if (grants === undefined) throw orgNotFound(org.key);
  if (!isGranted(grants, need)) throw forbidden(grants, need);
  return grants;
}

/** The organizations in which they have a role, in order of the keys. */
export function orgsOf(cache: FlagCache, caller: PersonCaller): readonly ServedOrg[] {
  return [...cache.orgs.values()].filter(({ snapshot }) => grantsIn(caller, snapshot) !== undefined);
}

/** The organization that the caller belongs to, where it is one. A super admin belongs to those whose files say so. */
export function homeOf(cache: FlagCache, { identity }: PersonCaller): ServedOrg | undefined {
  const { email } = identity;
  if (email === undefined) return undefined;
  const homes = [...cache.orgs.values()].filter(
    ({ snapshot }) => grantsOf(snapshot.file, email) !== undefined,
  );
  return homes.length === 1 ? homes[0] : undefined;
}

/** The refusal of an organization that is not there, or not for this caller. */
export function orgNotFound(keyOrId: string): Failure {
  return new Failure('not-found', 'ORG_NOT_FOUND', `organization ${keyOrId}: not found`);
}

/** The refusal of somebody whose role does not suffice. What they may not even see, it does not name. */
export function forbidden(grants: Grants | undefined, need: Need): Failure {
  const isSeen =
    !('project' in need) ||
    (grants !== undefined && isGranted(grants, { may: 'see-project', project: need.project }));
  const sentence = isSeen ? sentenceOf(need) : 'a role in the project is needed';
  return new Failure('forbidden', 'FORBIDDEN', `your role does not suffice: ${sentence}`);
}

function sentenceOf(need: Need): string {
  if (need.may === 'view-org') return 'a role in the organization is needed';
  if (need.may === 'manage-org') return 'org:admin is needed';
  const { may, project } = need;
  if (may === 'see-project') return `org:member or a role in ${project} is needed`;
  if (may === 'view-project') return `project:${project}:member is needed`;
  if (may === 'manage-project') return `project:${project}:admin is needed`;
  if (may === 'write-in-project') return `an admin of ${project} or of one of its environments is needed`;
  const environment = `env:${project}/${need.environment}`;
  if (may === 'view-environment') return `${environment}:member is needed`;
  if (may === 'manage-environment') return `${environment}:admin is needed`;
  return `project:${project}:member or ${environment}:admin is needed`;
}
