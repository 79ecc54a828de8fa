import { Failure } from '../model/failure.js';
import { type FlagKey, parseFlagKey, parseId, parseOrgKey } from '../model/keys.js';
import type { Flag, OrgSnapshot, ProjectSnapshot } from '../model/snapshot.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { Caller, View } from './access.js';

/** A flag of an organization's default project. */
export interface FoundFlag {
  readonly served: ServedOrg;
  readonly project: ProjectSnapshot;
  readonly flag: Flag;
}

/** Which flag is meant. */
export interface FlagQuestion {
  readonly key: string;
  /** The organization that the caller names, by key or id. */
  readonly org: string | undefined;
  readonly caller: Caller;
  readonly view: View;
}

/**
 * The flag of this key: in the organization that is named, else in the credential's, else in the only one that has it.
 * Throws a `Failure`: `invalid` for what can be no key, `not-found`, or `conflict` where several organizations have it.
 */
export function findFlag(cache: FlagCache, question: FlagQuestion): FoundFlag {
  return findAmong(candidatesOf(cache, question), question);
}

/** The organizations in which it is looked for. Throws for what can be no key, and what `findOrg` does. */
export function candidatesOf(cache: FlagCache, { key, org, caller }: FlagQuestion): readonly ServedOrg[] {
  readKey(key);
  const named = org === undefined ? homeOf(cache, caller) : findOrg(cache, org);
  return named === undefined ? [...cache.orgs.values()] : [named];
}

/** The flag in the only one of these organizations that has it. Throws as `findFlag` does. */
export function findAmong(orgs: readonly ServedOrg[], question: FlagQuestion): FoundFlag {
  const key = readKey(question.key);
  const found = orgs.flatMap((served) => {
    const project = defaultProject(served.snapshot);
    const flag = project?.flags.get(key);
    return project === undefined || flag === undefined || !isVisible(flag, question.view)
      ? []
      : [{ served, project, flag }];
  });
  const [only, ...others] = found;
  if (only === undefined) throw new Failure('not-found', 'FLAG_NOT_FOUND', `flag ${key}: not found`);
  if (others.length > 0) throw ambiguous(key, found);
  return only;
}

function readKey(text: string): FlagKey {
  const key = parseFlagKey(text);
  if (key !== undefined) return key;
  throw new Failure('invalid', 'INVALID_KEY', 'the key: not in the grammar of flag keys');
}

/** The organization of this key or id. Throws a `Failure`: `invalid` for what can be neither, else `not-found`. */
export function findOrg(cache: FlagCache, keyOrId: string): ServedOrg {
  refuseNoOrg(keyOrId);
  const served = cache.findOrg(keyOrId);
  if (served === undefined) throw orgNotFound(keyOrId);
  return served;
}

/** The refusal of an organization that is not there. */
export function orgNotFound(keyOrId: string): Failure {
  return new Failure('not-found', 'ORG_NOT_FOUND', `organization ${keyOrId}: not found`);
}

/** Throws a `Failure` of kind `invalid` for what can be neither the key nor the id of an organization. */
export function refuseNoOrg(keyOrId: string): void {
  if (parseId(keyOrId) !== undefined || parseOrgKey(keyOrId) !== undefined) return;
  throw new Failure('invalid', 'INVALID_ORG', 'the organization: neither a key nor an id');
}

/** The organization that the caller belongs to, where it is one. */
export function homeOf(cache: FlagCache, caller: Caller): ServedOrg | undefined {
  const email = caller.kind === 'person' ? caller.identity.email?.toLowerCase() : undefined;
  if (email === undefined) return undefined;
  const homes = [...cache.orgs.values()].filter(({ snapshot }) => addressesOf(snapshot).has(email));
  return homes.length === 1 ? homes[0] : undefined;
}

/** The project of callers who name none. */
export function defaultProject(org: OrgSnapshot): ProjectSnapshot | undefined {
  return org.defaultProject === undefined ? undefined : org.projects.get(org.defaultProject);
}

/** Whether a caller with this view may know of the flag. */
export function isVisible(flag: Flag, view: View): boolean {
  return view === 'full' || flag.file.client === true;
}

const addresses = new WeakMap<OrgSnapshot, ReadonlySet<string>>();

/** The e-mail addresses of an organization's people, in lower case; collected once for each snapshot. */
function addressesOf(org: OrgSnapshot): ReadonlySet<string> {
  const known = addresses.get(org);
  if (known !== undefined) return known;
  const members = (org.file.members ?? []).map((member) => member.email);
  const groups = (org.file.groups ?? []).flatMap((group) => group.members ?? []);
  const all = new Set([...members, ...groups].map((email) => email.toLowerCase()));
  addresses.set(org, all);
  return all;
}

/** The refusal of a key that several organizations have. */
export function ambiguous(key: string, found: readonly Pick<FoundFlag, 'served'>[]): Failure {
  const organizations = found.map(({ served }) => served.snapshot.id);
  return new Failure(
    'conflict',
    'AMBIGUOUS_KEY',
    `flag ${key}: several organizations have it, name one with org_id`,
    {
      data: { details: { organizations } },
    },
  );
}
