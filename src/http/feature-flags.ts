import type { FeatureFlagOptions } from './feature-flag-asked.js';
import { blame, history } from './feature-flag-history.js';
import { kill, unkill } from './feature-flag-kill.js';
import { LIST_PARAMETERS } from './feature-flag-list.js';
import { get, list } from './feature-flag-read.js';
import { invalidate, load } from './feature-flag-reload.js';
import { revert } from './feature-flag-revert.js';
import { create, remove, update } from './feature-flag-write.js';
import { PAGE_PARAMETERS } from './offset.js';
import type { Asked, Reply, Route } from './route.js';

type Handler = (options: FeatureFlagOptions, asked: Asked) => Reply | Promise<Reply>;

const ORG = ['org_id'];

/** The flags of each organization's default project, in its default environment; one list for each organization. */
export function featureFlagRoutes(options: FeatureFlagOptions): readonly Route[] {
  const run = (handler: Handler) => (asked: Asked) => handler(options, asked);
  return [
    { operation: 'GET /api/v1/feature-flags', query: LIST_PARAMETERS, handle: run(list) },
    { operation: 'POST /api/v1/feature-flags', query: ORG, handle: run(create) },
    { operation: 'POST /api/v1/feature-flags/invalidate', query: [], handle: run(invalidate) },
    { operation: 'POST /api/v1/feature-flags/load/:orgId', query: [], handle: run(load) },
    { operation: 'GET /api/v1/feature-flags/:key', query: [...ORG, 'at'], handle: run(get) },
    { operation: 'PUT /api/v1/feature-flags/:key', query: ORG, handle: run(update) },
    { operation: 'DELETE /api/v1/feature-flags/:key', query: ORG, handle: run(remove) },
    { operation: 'POST /api/v1/feature-flags/:key/kill', query: ORG, handle: run(kill) },
    { operation: 'POST /api/v1/feature-flags/:key/unkill', query: ORG, handle: run(unkill) },
    { operation: 'POST /api/v1/feature-flags/:key/revert', query: ORG, handle: run(revert) },
    {
      operation: 'GET /api/v1/feature-flags/:key/history',
      query: [...ORG, ...PAGE_PARAMETERS],
      handle: run(history),
    },
    { operation: 'GET /api/v1/feature-flags/:key/blame', query: ORG, handle: run(blame) },
  ];
}
