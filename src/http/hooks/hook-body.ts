import type { IncomingMessage } from 'node:http';
import { Failure } from '../../model/failure.js';
import type { Proof } from './proof.js';

/** How long the body of a hook may be, and what a longer one is answered with. */
export interface BodyBound {
  readonly bytes: number;
  readonly failure: Failure;
}

/** The bound of GitHub itself. A body is signed as a whole, so it is read as a whole. */
const MOST_BYTES = 25 * 1024 * 1024;
/** So much of it is kept. A push of more than a thousand commits is longer, and says nothing that is needed. */
const KEPT_BYTES = 1024 * 1024;

/** The body of a hook; without its bytes where it is too long to be kept. */
export type HookBody = { readonly kind: 'whole'; readonly bytes: Buffer } | { readonly kind: 'long' };

/** The bound for a sender; of one that is to be refused, where it is wrong once more, not much is hashed. */
export function boundFor(refusal: Failure | undefined): BodyBound {
  if (refusal !== undefined) return { bytes: KEPT_BYTES, failure: refusal };
  const failure = new Failure('too-large', 'BODY_TOO_LARGE', `the body: longer than ${MOST_BYTES} bytes`);
  return { bytes: MOST_BYTES, failure };
}

/** Reads a body past its proof. Throws a `Failure` for one that is too long or packed, and where the sender goes away. */
export async function readProvenBody(
  request: IncomingMessage,
  proof: Proof,
  bound: BodyBound,
): Promise<HookBody> {
  const { 'content-length': length, 'content-encoding': encoding } = request.headers;
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Failure('unsupported-type', 'UNSUPPORTED_MEDIA_TYPE', 'the content encoding: wanted none');
  }
  if (length !== undefined && Number(length) > bound.bytes) throw bound.failure;
  return collect(request, proof, bound);
}

function collect(request: IncomingMessage, proof: Proof, bound: BodyBound): Promise<HookBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > bound.bytes) reject(bound.failure);
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
