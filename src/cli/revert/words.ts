import type { CommonOptions } from '../command.js';
import type { HistoryScope } from '../past/scope.js';

/** What the command line of a revert says beside what is to be taken back. */
export interface RevertWords extends CommonOptions, HistoryScope {
  readonly reason?: string;
  readonly force?: string;
}

/** As the writer takes them. */
export function writerWords({ reason, force }: RevertWords) {
  return { reason, force };
}

/** As a server takes them. */
export function serverWords({ reason, force }: RevertWords) {
  return {
    ...(reason !== undefined && { reason }),
    ...(force !== undefined && { force: { reason: force } }),
  };
}
