import { type ChangesOptions, makeChanges } from './changes.js';
import { LOG_PARAMETERS, listChanges, showChange } from './changes-log.js';
import { revertChange } from './changes-revert.js';
import type { Asked, Reply, Route } from './route.js';

type Handler = (options: ChangesOptions, asked: Asked) => Reply | Promise<Reply>;

/** Change sets of an organization, and the log of all that was ever changed in it. */
export function changesRoutes(options: ChangesOptions): readonly Route[] {
  const run = (handler: Handler) => (asked: Asked) => handler(options, asked);
  return [
    { operation: 'POST /api/v1/changes', query: [], handle: run(makeChanges) },
    { operation: 'GET /api/v1/changes', query: LOG_PARAMETERS, handle: run(listChanges) },
    { operation: 'GET /api/v1/changes/:commit', query: ['org_id'], handle: run(showChange) },
    { operation: 'POST /api/v1/changes/:commit/revert', query: [], handle: run(revertChange) },
  ];
}
