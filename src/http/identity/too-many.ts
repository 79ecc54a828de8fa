import { Failure } from '../../model/failure.js';

/** The refusal of those who do something too often, with when to try again. */
export function tooMany(what: string, milliseconds: number): Failure {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  return new Failure('limited', 'RATE_LIMITED', `too many ${what}: try again in ${seconds} s`, {
    data: { retryAfterSeconds: seconds },
  });
}
