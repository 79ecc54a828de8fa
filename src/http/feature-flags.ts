import { viewOf } from './access.js';
import { headersOf, revisionOf, shown } from './feature-flag-answers.js';
import { type FeatureFlagOptions, lookUp } from './feature-flag-asked.js';
import { LIST_PARAMETERS, listFlags } from './feature-flag-list.js';
import { invalidate, load } from './feature-flag-reload.js';
import { BASE, create, remove, update } from './feature-flag-write.js';
import type { Asked, Reply, Route } from './route.js';

type Handler = (options: FeatureFlagOptions, asked: Asked) => Reply | Promise<Reply>;

const ORG = ['org_id'];

/** The flags of each organization's default project, in its default environment; one list for each organization. */
export function featureFlagRoutes(options: FeatureFlagOptions): readonly Route[] {
  const run = (handler: Handler) => (asked: Asked) => handler(options, asked);
  return [
    { method: 'GET', path: BASE, permission: 'read', query: LIST_PARAMETERS, handle: run(list) },
    { method: 'POST', path: BASE, permission: 'write', query: ORG, handle: run(create) },
    {
      method: 'POST',
      path: `${BASE}/invalidate`,
      permission: 'credential',
      query: [],
      handle: run(invalidate),
    },
    { method: 'POST', path: `${BASE}/load/:orgId`, permission: 'credential', query: [], handle: run(load) },
    { method: 'GET', path: `${BASE}/:key`, permission: 'read', query: ORG, handle: run(get) },
    { method: 'PUT', path: `${BASE}/:key`, permission: 'write', query: ORG, handle: run(update) },
    { method: 'DELETE', path: `${BASE}/:key`, permission: 'write', query: ORG, handle: run(remove) },
  ];
}

function list(options: FeatureFlagOptions, asked: Asked): Reply {
  const view = viewOf(asked.caller, options.publicAccess);
  const { flags, page, limit, total } = listFlags(options.cache, asked.query, view);
  const data = flags.map((found) => shown(options, found));
  return {
    status: 200,
    body: { data, pagination: { page, limit, total } },
    headers: revisionOf(options.cache),
  };
}

/** Never a 304: the tag is the file's, and the answer tells of the project's default environment and of history too. */
function get(options: FeatureFlagOptions, asked: Asked): Reply {
  const found = lookUp(options, asked);
  return { status: 200, headers: headersOf(found), body: shown(options, found) };
}
