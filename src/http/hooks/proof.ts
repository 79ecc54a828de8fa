import { createHmac, type Hmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a sender shows to prove that it knows the secret. It is good or not once the whole body was taken. */
export interface Proof {
  take(chunk: Buffer): void;
  isGood(): boolean;
}

/**
 * The proof that the headers hold; undefined where they hold none. A sender may show several (Gitea signs in three
 * dialects), and one that is good suffices: each takes the secret to make.
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

const READERS: readonly ProofReader[] = [
  // GitHub, and Gitea in GitHub's words.
  hexadecimal('x-hub-signature-256', 'sha256='),
  // Bitbucket. GitHub's own header of that name is a SHA-1, which is not taken.
  hexadecimal('x-hub-signature', 'sha256='),
  hexadecimal('x-gitea-signature', ''),
  hexadecimal('x-forgejo-signature', ''),
  readStandard,
  readToken,
];

const HASH_BYTES = 32;
/** Texts of other lengths are compared by their hashes under a key that nobody else has. */
const COMPARISON_KEY = randomBytes(HASH_BYTES);

function hexadecimal(name: string, prefix: string): ProofReader {
  return (headers, secret) => {
    const text = headers[name];
    if (typeof text !== 'string' || !text.startsWith(prefix)) return undefined;
    const digits = text.slice(prefix.length);
    if (!/^[0-9a-f]{64}$/i.test(digits)) return undefined;
    return signed(createHmac('sha256', secret), [Buffer.from(digits, 'hex')]);
  };
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
  return signed(createHmac('sha256', keyOf(secret)).update(`${id}.${time}.`), wanted);
}

const STANDARD_PREFIX = 'whsec_';

function keyOf(secret: string): Buffer {
  if (!secret.startsWith(STANDARD_PREFIX)) return Buffer.from(secret);
  return Buffer.from(secret.slice(STANDARD_PREFIX.length), 'base64');
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
