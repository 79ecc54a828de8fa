import { Failure } from '../model/failure.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { Caller } from './access.js';
import { findOrg, homeOf } from './flag-lookup.js';

/**
 * The organization that is worked in: the one that is named by key or id, else the caller's own, else the only one.
 * Throws a `Failure`: `invalid` where none can be meant, and what `findOrg` throws.
 */
export function chooseOrg(cache: FlagCache, named: string | undefined, caller: Caller): ServedOrg {
  if (named !== undefined) return findOrg(cache, named);
  const home = homeOf(cache, caller) ?? (cache.orgs.size === 1 ? cache.defaultOrg : undefined);
  if (home === undefined)
    throw new Failure('invalid', 'INVALID_REQUEST', 'org_id: wanted, there are several organizations');
  return home;
}
