import { hash, randomBytes } from 'node:crypto';
import type { ApiKeyEntry, ApiKeyKind } from '../../model/api-key.js';

/** A key that nobody has had before. */
export interface NewKey {
  /** The key itself, to be shown once and kept nowhere. */
  readonly key: string;
  /** What `keys.yaml` says of it. */
  readonly entry: Pick<ApiKeyEntry, 'kind' | 'hash' | 'prefix'>;
}

/** So many characters of the random part are shown to recognise a key by. */
const SHOWN = 6;

/** Makes an API key: `fs_server_` or `fs_client_` and 256 random bits in hexadecimal digits. */
export function newKey(kind: ApiKeyKind): NewKey {
  const start = `fs_${kind}_`;
  const key = `${start}${randomBytes(32).toString('hex')}`;
  return {
    key,
    entry: { kind, hash: hash('sha256', key, 'hex'), prefix: key.slice(0, start.length + SHOWN) },
  };
}
