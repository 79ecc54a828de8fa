import { randomBytes } from 'node:crypto';
import { readOrCreateSecret } from '../../repository/secret.js';
import type { TokenTrust } from '../identity/token-trust.js';

/**
 * What seals the tickets of event streams: the secret that signs tokens, which replicas share, else the repository's own.
 * Where that cannot be kept, tickets hold as long as this process: nothing else depends on them.
 */
export async function ticketSecret(
  repository: { readonly stateDir: string },
  trust: TokenTrust,
): Promise<string> {
  if (trust.kind === 'secret') return trust.secret;
  return readOrCreateSecret(repository).catch(() => randomBytes(32).toString('hex'));
}
