import { isIPv6 } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { tooMany } from './too-many.js';

const WINDOW_SECONDS = 60;

/**
 * How often an address showed a bad credential within a minute. Those who try keys or tokens, or ask with one that ended,
 * are refused for the rest of it without a look at what they show next.
 */
export class FailedCredentials {
  readonly #failures: RateLimiterMemory;
  readonly #most: number;

  /** `most` is how many of a minute are looked at. */
  constructor(most: number) {
    this.#most = most;
    this.#failures = new RateLimiterMemory({ points: most, duration: WINDOW_SECONDS });
  }

  /** Rejects with a `Failure` of kind `limited` while there were too many from this address. */
  async admit(address: string): Promise<void> {
    const found = await this.#failures.get(networkOf(address));
    if (found !== null && found.consumedPoints >= this.#most && found.msBeforeNext > 0) {
      throw tooMany('bad credentials from this address', found.msBeforeNext);
    }
  }

  /** One more from this address. */
  async note(address: string): Promise<void> {
    await this.#failures.penalty(networkOf(address));
  }
}

/** Whoever has one address of IPv6 has as many as there are in its /64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const front = head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}
