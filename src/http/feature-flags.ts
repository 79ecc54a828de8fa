import type { FeatureFlagOptions } from './feature-flag-asked.js';
import { blame, history } from './feature-flag-history.js';
import { kill, unkill } from './feature-flag-kill.js';
import { LIST_PARAMETERS } from './feature-flag-list.js';
import { get, list } from './feature-flag-read.js';
import { invalidate, load } from './feature-flag-reload.js';
import { revert } from './feature-flag-revert.js';
import { BASE, create, remove, update } from './feature-flag-write.js';
import { PAGE_PARAMETERS } from './offset.js';
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
    { method: 'GET', path: `${BASE}/:key`, permission: 'read', query: [...ORG, 'at'], handle: run(get) },
    { method: 'PUT', path: `${BASE}/:key`, permission: 'write', query: ORG, handle: run(update) },
    { method: 'DELETE', path: `${BASE}/:key`, permission: 'write', query: ORG, handle: run(remove) },
    { method: 'POST', path: `${BASE}/:key/kill`, permission: 'write', query: ORG, handle: run(kill) },
    { method: 'POST', path: `${BASE}/:key/unkill`, permission: 'write', query: ORG, handle: run(unkill) },
    { method: 'POST', path: `${BASE}/:key/revert`, permission: 'write', query: ORG, handle: run(revert) },
    {
      method: 'GET',
      path: `${BASE}/:key/history`,
      permission: 'read',
      query: [...ORG, ...PAGE_PARAMETERS],
      handle: run(history),
    },
    { method: 'GET', path: `${BASE}/:key/blame`, permission: 'read', query: ORG, handle: run(blame) },
  ];
}
