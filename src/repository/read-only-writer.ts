import { Failure } from '../model/failure.js';
import type { FlagCache } from './served.js';
import type { RepositoryWriter } from './write-request.js';

/**
 * The writer of a server that shows a revision for review: it refuses every write, kills too, for nothing that it serves is
 * what people get. Throws `Failure` READ_ONLY. A remote is followed without moving any branch of the clone.
 */
export function readOnlyWriter(ref: string, cache: Pick<FlagCache, 'refresh'>): RepositoryWriter {
  return {
    queueLength: 0,
    write: () => Promise.reject(readOnly(ref)),
    preview: () => Promise.reject(readOnly(ref)),
    integrate: async (tip) => {
      await cache.refresh();
      return { head: tip, ahead: 0 };
    },
    pushPending: async () => ({ hasMoved: false }),
    withdraw: async () => false,
    close: async () => undefined,
  };
}

function readOnly(ref: string): Failure {
  const sentence = `this server only shows ${ref} and takes no writes: commit to it, and it follows`;
  return new Failure('conflict', 'READ_ONLY', sentence);
}
