import { createHmac, type Hmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { standardKeyOf } from './hook-key.js';

/** What a sender shows to prove that it knows the secret. It is good or not once the whole body was taken. */
export interface Proof {
  take(chunk: Buffer): void;
  isGood(): boolean;
}

/**
 * The proof that the headers hold; undefined where they hold none. A sender may show several (Gitea signs in three
 * dialects), and one that is good suffices: each takes the secret to make. What several sign alike is hashed once.
 */
export function proofOf(headers: IncomingHttpHeaders, secret: string): Proof | undefined {
  const proofs = READERS.flatMap((read) => read(headers, secret) ?? []);
  if (proofs.length === 0) return undefined;
  return {
    take: (chunk) => {
      for (const proof of proofs) proof.take(chunk);
    },
    // All are finished, so that the time it takes says nothing of which one is good.
    isGood: () => proofs.map((proof) => proof.isGood()).includes(true),
  };
}

type ProofReader = (headers: IncomingHttpHeaders, secret: string) => Proof | undefined;

const READERS: readonly ProofReader[] = [readHexadecimal, readStandard, readToken];

/** The headers with the HMAC of the body in hexadecimal digits, and what stands before these. */
const HEXADECIMAL = [
  // GitHub, and Gitea in GitHub's words.
  ['x-hub-signature-256', 'sha256='],
  // Bitbucket. GitHub's own header of that name is a SHA-1, which is not taken.
  ['x-hub-signature', 'sha256='],
  ['x-gitea-signature', ''],
  ['x-forgejo-signature', ''],
] as const;

const HASH_BYTES = 32;
/** Texts of other lengths are compared by their hashes under a key that nobody else has. */
const COMPARISON_KEY = randomBytes(HASH_BYTES);

function readHexadecimal(headers: IncomingHttpHeaders, secret: string): Proof | undefined {
  const wanted = HEXADECIMAL.flatMap(([name, prefix]) => {
    const text = headers[name];
    if (typeof text !== 'string' || !text.startsWith(prefix)) return [];
    const digits = text.slice(prefix.length);
    return /^[0-9a-f]{64}$/i.test(digits) ? [Buffer.from(digits, 'hex')] : [];
  });
  return wanted.length === 0 ? undefined : signed(createHmac('sha256', secret), wanted);
}

/** GitLab's signing tokens, after Standard Webhooks: id, time and body are signed. Old ones are as good: see `answerEvent`. */
function readStandard(headers: IncomingHttpHeaders, secret: string): Proof | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof time !== 'string' || typeof signatures !== 'string') return undefined;
  const wanted = signatures.split(' ').flatMap((signature) => {
    const [version, text = ''] = signature.split(',');
    const bytes = Buffer.from(text, 'base64');
    return version === 'v1' && bytes.length === HASH_BYTES ? [bytes] : [];
  });
  const key = standardKeyOf(secret);
  if (key === undefined || wanted.length === 0) return undefined;
  return signed(createHmac('sha256', key).update(`${id}.${time}.`), wanted);
}

function signed(hmac: Hmac, wanted: readonly Buffer[]): Proof {
  return {
    take: (chunk) => void hmac.update(chunk),
    isGood: () => {
      const made = hmac.digest();
      return wanted.map((bytes) => timingSafeEqual(bytes, made)).includes(true);
    },
  };
}

/** GitLab's secret tokens: the secret itself. */
function readToken(headers: IncomingHttpHeaders, secret: string): Proof | undefined {
  const { 'x-gitlab-token': token } = headers;
  if (typeof token !== 'string') return undefined;
  return { take: () => undefined, isGood: () => timingSafeEqual(blinded(token), blinded(secret)) };
}

function blinded(text: string): Buffer {
  return createHmac('sha256', COMPARISON_KEY).update(text).digest();
}
