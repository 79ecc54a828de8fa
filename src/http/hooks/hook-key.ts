const STANDARD_PREFIX = 'whsec_';
/** A shorter one can be found by trying. */
export const SHORTEST_SECRET_BYTES = 16;

/**
 * The key of a secret that Standard Webhooks are signed with: the bytes in base64 behind `whsec_`, else the text itself.
 * Undefined where it is too short or no base64: `whsec_` alone would be the empty key, which everybody has.
 */
export function standardKeyOf(secret: string): Buffer | undefined {
  const key = secret.startsWith(STANDARD_PREFIX)
    ? fromBase64(secret.slice(STANDARD_PREFIX.length))
    : Buffer.from(secret);
  return key !== undefined && key.length >= SHORTEST_SECRET_BYTES ? key : undefined;
}

/** Node passes over what is no base64. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return withoutPadding(bytes.toString('base64')) === withoutPadding(text) ? bytes : undefined;
}

function withoutPadding(text: string): string {
  return text.replace(/={1,2}$/, '');
}
