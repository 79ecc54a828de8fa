import type { IncomingMessage } from 'node:http';
import { Failure } from '../../model/failure.js';
import type { Proof } from './proof.js';

/** The longest body that a hook may have: GitHub's own bound. It is signed as a whole, so it is read as a whole. */
const MOST_BYTES = 25 * 1024 * 1024;
/** So much of it is kept. A push of more than a thousand commits is longer, and says nothing that is needed. */
const KEPT_BYTES = 1024 * 1024;

/** The body of a hook; without its bytes where it is too long to be kept. */
export type HookBody = { readonly kind: 'whole'; readonly bytes: Buffer } | { readonly kind: 'long' };

/** Reads a body past its proof. Throws a `Failure` for one that is too long or packed, and where the sender goes away. */
export async function readProvenBody(request: IncomingMessage, proof: Proof): Promise<HookBody> {
  const { 'content-length': length, 'content-encoding': encoding } = request.headers;
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Failure('unsupported-type', 'UNSUPPORTED_MEDIA_TYPE', 'the content encoding: wanted none');
  }
  if (length !== undefined && Number(length) > MOST_BYTES) throw tooLong();
  return collect(request, proof);
}

function collect(request: IncomingMessage, proof: Proof): Promise<HookBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MOST_BYTES) reject(tooLong());
      else proof.take(chunk);
      if (length <= KEPT_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once('end', () => {
      resolve(length > KEPT_BYTES ? { kind: 'long' } : { kind: 'whole', bytes: Buffer.concat(chunks) });
    });
    // After the end it is settled, and this says nothing.
    request.once('close', () => reject(new Failure('invalid', 'INVALID_REQUEST', 'the body: broken off')));
  });
}

function tooLong(): Failure {
  return new Failure('too-large', 'BODY_TOO_LARGE', `the body: longer than ${MOST_BYTES} bytes`);
}
