import { CHANGES } from './change-answers.js';
import { type ChangesOptions, makeChanges } from './changes.js';
import { LOG_PARAMETERS, listChanges, showChange } from './changes-log.js';
import { revertChange } from './changes-revert.js';
import type { Asked, Reply, Route } from './route.js';

type Handler = (options: ChangesOptions, asked: Asked) => Reply | Promise<Reply>;

const ONE = `${CHANGES}/:commit`;

/** Change sets of an organization, and the log of all that was ever changed in it. */
export function changesRoutes(options: ChangesOptions): readonly Route[] {
  const run = (handler: Handler) => (asked: Asked) => handler(options, asked);
  return [
    { method: 'POST', path: CHANGES, permission: 'write', query: [], handle: run(makeChanges) },
    { method: 'GET', path: CHANGES, permission: 'read', query: LOG_PARAMETERS, handle: run(listChanges) },
    { method: 'GET', path: ONE, permission: 'read', query: ['org_id'], handle: run(showChange) },
    { method: 'POST', path: `${ONE}/revert`, permission: 'write', query: [], handle: run(revertChange) },
  ];
}
