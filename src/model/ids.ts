import { hash } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The prefixes of derived ids. */
export type IdPrefix = 'org' | 'prj' | 'env' | 'flg' | 'seg' | 'ffs' | 'key';

/**
 * The id of a thing whose file says none: its prefix and 16 characters (80 bits) of Crockford's base32 of the SHA-256
 * of its names joined by `/`. The same names always give the same id.
 */
export function derivedId(prefix: IdPrefix, ...names: readonly string[]): string {
  const digest = hash('sha256', `${prefix}:${names.join('/')}`, 'binary');
  let text = '';
  let rest = 0;
  let bits = 0;
  for (let place = 0; place < 10; place += 1) {
    rest = ((rest << 8) | digest.charCodeAt(place)) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += CROCKFORD.charAt((rest >> (bits - 5)) & 31);
  }
  return `${prefix}_${text}`;
}

/**
 * The number that stands for an id in the admin API: the first 48 bits of its SHA-256, few enough for a
 * number of JSON: `flg_01J4K8M2N3P5Q7F1` is 223921978566348. The same id always gives the same number.
 */
export function numericId(id: string): number {
  return Number.parseInt(hash('sha256', id, 'hex').slice(0, 12), 16);
}

/** True for an id of the form that derived ones have. */
export function isDerivedId(id: string): boolean {
  return /^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{16}$/.test(id);
}
