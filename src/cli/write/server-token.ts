import { mintToken } from '../../http/auth.js';
import type { Identity } from '../../repository/identity.js';
import { signingSecret } from '../signing-secret.js';
import { type Surroundings, variable } from '../surroundings.js';

/** A minute is enough for one request, whatever the queue is. */
const LIFE = '1m';

/**
 * What a command shows the server that holds the clone: FLAGSTAFF_TOKEN, else a token of its own for this author. Whoever
 * can read the clone's secret can write to the clone itself, so that token is for everything.
 */
export async function serverToken(
  repository: { readonly stateDir: string },
  { name, email }: Identity,
  around: Surroundings,
): Promise<string> {
  const given = variable(around, 'FLAGSTAFF_TOKEN');
  if (given !== undefined) return given;
  const secret = await signingSecret(repository, around);
  return mintToken({ secret, sub: email, name, email, superAdmin: true, expires: LIFE });
}
