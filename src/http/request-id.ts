import { randomUUID } from 'node:crypto';
import { hasSecret } from './redact.js';

/** What other programs name a request by: a UUID, a number, `Root=1-67891233-abcdef012345678912345678`. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}$/;

/**
 * The name of a request: what its `X-Request-Id` says, so that it has one name wherever it comes by, else a new one. What is
 * no such name, or a credential, is passed over: it would be written into logs.
 */
export function requestIdOf(sent: string | readonly string[] | undefined): string {
  return typeof sent === 'string' && REQUEST_ID.test(sent) && !hasSecret(sent) ? sent : randomUUID();
}
