import { Failure } from '../model/failure.js';
import { parseId, parseOrgKey } from '../model/keys.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { Caller } from './access.js';
import { grantsIn, homeOf, orgNotFound, orgsOf } from './authorize.js';

/**
 * The organization that is worked in: the one that is named by key or id, else the caller's own, else the only one.
 * Throws a `Failure`: `invalid` for what can be no organization and where none can be meant, and `not-found` alike for
 * one that is not there and one in which the caller has no role.
 */
export function chooseOrg(cache: FlagCache, named: string | undefined, caller: Caller): ServedOrg {
  if (named !== undefined) return orgNamed(cache, named, caller);
  const home = caller.kind === 'person' ? homeOf(cache, caller) : undefined;
  const [only, ...others] = home === undefined ? orgsFor(cache, caller) : [home];
  if (only === undefined)
    throw new Failure('not-found', 'ORG_NOT_FOUND', 'you have a role in no organization');
  if (others.length === 0) return only;
  throw new Failure('invalid', 'INVALID_REQUEST', 'org_id: wanted, there are several organizations');
}

/** The organizations that exist for a caller: those in which people have a role, that of a key, all for the anonymous. */
export function orgsFor(cache: FlagCache, caller: Caller): readonly ServedOrg[] {
  if (caller.kind === 'person') return orgsOf(cache, caller);
  return [...cache.orgs.values()].filter(({ snapshot }) => isFor(caller, snapshot.key));
}

/** The organization of this key or id, where it exists for the caller. Throws a `Failure`: `invalid` or `not-found`. */
export function orgNamed(cache: FlagCache, keyOrId: string, caller: Caller): ServedOrg {
  const served = findOrg(cache, keyOrId);
  const { snapshot } = served;
  const exists =
    caller.kind === 'person' ? grantsIn(caller, snapshot) !== undefined : isFor(caller, snapshot.key);
  if (!exists) throw orgNotFound(keyOrId);
  return served;
}

/** The organization of this key or id. Throws a `Failure`: `invalid` for what can be neither, else `not-found`. */
export function findOrg(cache: FlagCache, keyOrId: string): ServedOrg {
  refuseNoOrg(keyOrId);
  const served = cache.findOrg(keyOrId);
  if (served === undefined) throw orgNotFound(keyOrId);
  return served;
}

/** Throws a `Failure` of kind `invalid` for what can be neither the key nor the id of an organization. */
export function refuseNoOrg(keyOrId: string): void {
  if (parseId(keyOrId) !== undefined || parseOrgKey(keyOrId) !== undefined) return;
  throw new Failure('invalid', 'INVALID_ORG', 'the organization: neither a key nor an id');
}

function isFor(caller: Exclude<Caller, { readonly kind: 'person' }>, org: string): boolean {
  return caller.kind === 'anonymous' || caller.org === org;
}
