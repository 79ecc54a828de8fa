import type { GitRepository } from '../repository/git.js';
import { readOrCreateSecret } from '../repository/secret.js';
import { WrongUse } from './exit.js';
import { type Surroundings, variable } from './surroundings.js';

/** A key of HS256 is at least as long as its hash, in bytes (RFC 7518, 3.2): a shorter one is found by trying. */
const LEAST_BYTES = 32;

/**
 * FLAGSTAFF_JWT_SECRET, which signs tokens instead of the repository's own secret, or undefined where it is not set.
 * Throws `WrongUse` where it is too short.
 */
export function namedSecret(around: Surroundings): string | undefined {
  const secret = variable(around, 'FLAGSTAFF_JWT_SECRET');
  if (secret === undefined || Buffer.byteLength(secret) >= LEAST_BYTES) return secret;
  throw new WrongUse(`FLAGSTAFF_JWT_SECRET is too short: wanted ${LEAST_BYTES} random bytes or more`);
}

/** The secret that `serve` takes too: FLAGSTAFF_JWT_SECRET, else the one that the repository keeps for itself. */
export async function signingSecret(
  repository: Pick<GitRepository, 'stateDir'>,
  around: Surroundings,
): Promise<string> {
  return namedSecret(around) ?? readOrCreateSecret(repository);
}
