import { isIPv6 } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Failure } from '../../model/failure.js';
import { refusalOf, spend } from './too-many.js';

const WINDOW_SECONDS = 60;
const WHAT = 'bad credentials from this address';
const PLAIN_IN_SIX = '::ffff:';

/**
 * How often an address showed a bad credential within a minute. Good ones are never refused for that: behind a proxy
 * everybody has one address, and nobody may lock others out.
 */
export class FailedCredentials {
  readonly #failures: RateLimiterMemory;

  /** `most` is how many of a minute are only counted. */
  constructor(most: number) {
    this.#failures = new RateLimiterMemory({ points: most, duration: WINDOW_SECONDS });
  }

  /** One more from this address. Rejects with a `Failure` of kind `limited` where there were too many before. */
  async note(address: string): Promise<void> {
    await spend(this.#failures, { of: networkOf(address), what: WHAT });
  }

  /** What one more from this address would be rejected with; undefined where it would not. */
  async refusalOf(address: string): Promise<Failure | undefined> {
    return refusalOf(this.#failures, { of: networkOf(address), what: WHAT });
  }
}

/** Whoever has one address of IPv6 has as many as there are in its /64. */
export function networkOf(address: string): string {
  if (address.startsWith(PLAIN_IN_SIX)) return address.slice(PLAIN_IN_SIX.length);
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const front = head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}
