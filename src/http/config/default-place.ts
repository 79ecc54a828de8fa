import { Failure } from '../../model/failure.js';
import { EVERY_GRANT } from '../../model/permission.js';
import type { FlagCache } from '../../repository/served.js';
import type { AdminOptions } from '../admin/exact-write.js';
import { placeIn } from '../flag-place.js';
import type { Operation } from '../permissions.js';
import type { Asked, Reply, Route } from '../route.js';

/** What the configuration API works on. */
export interface ConfigOptions extends AdminOptions {
  /** The clock, in epoch milliseconds: exceptions end with a day. */
  readonly now: () => number;
}

/** A route for super admins, whose paths name nothing: what it is about are the defaults. */
export function routeOf(
  operation: Operation,
  options: ConfigOptions,
  handle: (options: ConfigOptions, asked: Asked) => Reply | Promise<Reply>,
): Route {
  return { operation, query: [], handle: (asked) => handle(options, inDefaultPlace(options.cache, asked)) };
}

/**
 * The same request, about the server's default organization, its default project and its default environment. Throws
 * `Failure` PROJECT_NOT_FOUND where there are none.
 */
function inDefaultPlace({ defaultOrg }: FlagCache, asked: Asked): Asked {
  const place = defaultOrg && placeIn(defaultOrg);
  if (place !== undefined) return { ...asked, scope: { ...place, grants: EVERY_GRANT } };
  throw new Failure('not-found', 'PROJECT_NOT_FOUND', 'there is no default organization with a project');
}
