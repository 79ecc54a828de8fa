import type { EnvironmentKey } from '../model/keys.js';
import { isGranted, type Need } from '../model/permission.js';
import type { OrgSnapshot, ProjectSnapshot } from '../model/snapshot.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { Caller } from './access.js';
import { forbidden, grantsIn, homeOf } from './authorize.js';
import { orgNamed, orgsFor } from './org-lookup.js';

/** Where the one list of flags is that this dialect knows of an organization: a project in one of its environments. */
export interface FlagPlace {
  readonly served: ServedOrg;
  readonly project: ProjectSnapshot;
  readonly environment: EnvironmentKey;
}

/** What people must be allowed to do there; what a write needs beyond that, its changes say. */
export type FlagRight = 'view-project' | 'write-in-project' | 'manage-project';

/** Who asks, where, and to do what. */
export interface PlaceQuestion {
  readonly caller: Caller;
  /** The organization that the caller names, by key or id. */
  readonly org: string | undefined;
  readonly right: FlagRight;
}

/**
 * The organizations in which a flag that is named is looked for: the one that is named, else the caller's own, else all
 * that exist for the caller. Throws what `orgNamed` does.
 */
export function candidatesOf(cache: FlagCache, { caller, org }: PlaceQuestion): readonly ServedOrg[] {
  if (org !== undefined) return [orgNamed(cache, org, caller)];
  const home = caller.kind === 'person' ? homeOf(cache, caller) : undefined;
  return home === undefined ? orgsFor(cache, caller) : [home];
}

/** The place of the key's environment, for others that of the default ones; undefined where there is none. */
export function placeIn(served: ServedOrg, caller?: Caller): FlagPlace | undefined {
  const { defaultProject, projects } = served.snapshot;
  const key = caller?.kind === 'key' ? caller.project : defaultProject;
  const project = key === undefined ? undefined : projects.get(key);
  if (project === undefined) return undefined;
  const environment = caller?.kind === 'key' ? caller.environment : project.defaultEnvironment;
  return project.environments.includes(environment) ? { served, project, environment } : undefined;
}

/** Those of these organizations' places in which the caller has the right. Roles are those of today, whatever commit it is. */
export function allowedPlaces(
  cache: FlagCache,
  { caller, right }: PlaceQuestion,
  orgs: readonly ServedOrg[],
): readonly FlagPlace[] {
  const places = orgs.flatMap((served) => placeIn(served, caller) ?? []);
  return places.filter(({ served, project }) => {
    const today = cache.orgs.get(served.snapshot.key)?.snapshot;
    return today !== undefined && isAllowed(caller, today, { may: right, project: project.key });
  });
}

/** The same for a flag that is asked for by name. Throws `Failure` FORBIDDEN where the caller has roles, and none suffices. */
export function demandPlaces(
  cache: FlagCache,
  question: PlaceQuestion,
  orgs: readonly ServedOrg[],
): readonly FlagPlace[] {
  const places = allowedPlaces(cache, question, orgs);
  const [refused] = places.length > 0 ? [] : orgs.flatMap((served) => placeIn(served, question.caller) ?? []);
  if (refused === undefined) return places;
  const { caller, right } = question;
  const grants = caller.kind === 'person' ? grantsIn(caller, refused.served.snapshot) : undefined;
  throw forbidden(grants, { may: right, project: refused.project.key });
}

/** Only people have roles: what others may do was asked before. */
function isAllowed(caller: Caller, org: OrgSnapshot, need: Need): boolean {
  if (caller.kind !== 'person') return true;
  const grants = grantsIn(caller, org);
  return grants !== undefined && isGranted(grants, need);
}
