import { RateLimiterMemory } from 'rate-limiter-flexible';
import { isKill } from '../../repository/judge.js';
import type { Writer } from '../../repository/write-request.js';
import { spend } from './too-many.js';

/** Of the writes of a minute, a third may come at once. */
const BURSTS_A_MINUTE = 3;

/**
 * A writer that lets each identity write so many times a minute, a third of them at once; what would be refused for other
 * reasons counts too. Who writes more is refused with a `Failure` of kind `limited`. Kills and unkills are never refused.
 */
export function limitWriter(writer: Writer, aMinute: number): Writer {
  const burst = Math.ceil(aMinute / BURSTS_A_MINUTE);
  const limiter = new RateLimiterMemory({ points: burst, duration: (60 * burst) / aMinute });
  return {
    write: async (request) => {
      if (!request.changes.every(isKill)) {
        await spend(limiter, { of: request.author.email, what: 'writes' });
      }
      return writer.write(request);
    },
    preview: (request) => writer.preview(request),
    close: () => writer.close(),
  };
}
