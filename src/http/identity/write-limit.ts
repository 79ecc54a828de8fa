import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../access.js';
import { tooMany } from './too-many.js';

/** Of the writes of a minute, this part may come at once. */
const BURSTS_A_MINUTE = 3;

/** How much each of those who write may write. */
export class WriteLimit {
  readonly #writes: RateLimiterMemory;

  /** `aMinute` is how many writes one identity may make in a minute; a third of them at once. */
  constructor(aMinute: number) {
    const burst = Math.ceil(aMinute / BURSTS_A_MINUTE);
    this.#writes = new RateLimiterMemory({ points: burst, duration: (60 * burst) / aMinute });
  }

  /** Counts a write of whoever asks. Rejects with a `Failure` of kind `limited` where they have made too many. */
  async spend({
    caller,
    request,
  }: {
    readonly caller: Caller;
    readonly request: IncomingMessage;
  }): Promise<void> {
    try {
      await this.#writes.consume(writerOf(caller, request));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw tooMany('writes', error.msBeforeNext);
    }
  }
}

/** Those without a name are told apart by where they are. Keys do not write. */
function writerOf(caller: Caller, request: IncomingMessage): string {
  if (caller.kind === 'person') return `person ${caller.identity.subject}`;
  return `address ${request.socket.remoteAddress ?? ''}`;
}
