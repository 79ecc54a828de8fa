import { type RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Failure } from '../../model/failure.js';

/**
 * One more of somebody. Rejects with a `Failure` of kind `limited`, which says what there were too many of and when to
 * try again, where there were as many as there may be.
 */
export async function spend(limiter: RateLimiterMemory, { of, what }: Somebody): Promise<void> {
  try {
    await limiter.consume(of);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw tooMany(what, error.msBeforeNext);
  }
}

/** The `Failure` that `spend` would reject with now; undefined where there is room for one more. */
export async function refusalOf(
  limiter: RateLimiterMemory,
  { of, what }: Somebody,
): Promise<Failure | undefined> {
  const spent = await limiter.get(of);
  return spent !== null && spent.remainingPoints <= 0 ? tooMany(what, spent.msBeforeNext) : undefined;
}

/** Whose limit it is, and what there are too many of. */
interface Somebody {
  readonly of: string;
  readonly what: string;
}

function tooMany(what: string, milliseconds: number): Failure {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  return new Failure('limited', 'RATE_LIMITED', `too many ${what}: try again in ${seconds} s`, {
    data: { retryAfterSeconds: seconds },
  });
}
