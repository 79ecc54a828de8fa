import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { Failure } from '../../model/failure.js';
import type { JwksTrust } from './token-trust.js';

const COOL_DOWN_MS = 30_000;
/** How long keys are good without another look: after that a key that the provider took back opens for no new token. */
const KEEP_MS = 600_000;
const TIMEOUT_MS = 5_000;
/** How long a provider that did not answer is left alone: each token that comes meanwhile would ask again. */
const LEAVE_ALONE_MS = 5_000;

/**
 * The public keys of an identity provider, looked up when they are needed, kept, and looked up again for a key that is
 * not among them. Rejects with a `Failure` of kind `busy` where the provider does not show them: nobody can then say
 * whether a token is good.
 */
export function openKeySet(
  { url, coolDownMs = COOL_DOWN_MS }: JwksTrust,
  now: () => number,
): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url, {
    cooldownDuration: coolDownMs,
    cacheMaxAge: KEEP_MS,
    timeoutDuration: TIMEOUT_MS,
  });
  let askAgainAt = 0;
  const known: JWTVerifyGetKey = async (header, token) => {
    const keys = remote.fresh ? remote.jwks() : undefined;
    if (keys === undefined) throw unavailable();
    try {
      return await createLocalJWKSet(keys)(header, token);
    } catch (error) {
      throw error instanceof errors.JWKSNoMatchingKey ? unavailable(error) : error;
    }
  };
  return async (header, token) => {
    if (now() < askAgainAt) return known(header, token);
    try {
      return await remote(header, token);
    } catch (error) {
      if (isAboutToken(error)) throw error;
      askAgainAt = now() + LEAVE_ALONE_MS;
      throw unavailable(error);
    }
  };
}

/** Whether the keys were there, and the token is what does not fit them. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function unavailable(cause?: unknown): Failure {
  return new Failure('busy', 'KEYS_UNAVAILABLE', 'the keys that tokens are checked by cannot be read now', {
    data: { retryAfterSeconds: LEAVE_ALONE_MS / 1_000 },
    cause,
  });
}
