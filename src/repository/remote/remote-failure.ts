import { Failure } from '../../model/failure.js';
import { withoutCredentials } from './address.js';
import type { RemoteAddress } from './transport.js';

/** As much of what a remote says is shown. */
const SHOWN = 300;
const RETRY_SECONDS = 5;

/** Nobody knows what the remote has: the network, a time limit, an answer that breaks off. */
export function unreachable(address: RemoteAddress, why: string, cause?: unknown): Failure {
  const sentence = `the remote ${address.url} does not answer: ${shown(why, address)}`;
  return new Failure('busy', 'REMOTE_UNREACHABLE', sentence, {
    data: { retryAfterSeconds: RETRY_SECONDS },
    cause,
  });
}

/** The remote is there and does not let us in. */
export function denied(address: RemoteAddress, why: string): Failure {
  const sentence = `the remote ${address.url} is not there for these credentials: ${shown(why, address)}`;
  return new Failure('busy', 'REMOTE_DENIED', sentence, { data: { retryAfterSeconds: null } });
}

/** The remote's objects have names of another kind. */
export function otherKind({ url }: RemoteAddress): Failure {
  const sentence = `the remote ${url} names its objects by SHA-256; only one with SHA-1 can be followed`;
  return new Failure('busy', 'REMOTE_UNSUPPORTED', sentence, { data: { retryAfterSeconds: null } });
}

/** One line of what was said, bounded, without credentials and without what could forge a line of a log. */
export function shown(said: string, address: RemoteAddress): string {
  const line = withoutCredentials(said, address)
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
