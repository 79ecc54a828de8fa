import { derivedId } from './ids.js';
import type { OrgKey, ProjectKey } from './keys.js';
import type { EmailText } from './org.js';
import type { IdText, KebabText, Timestamp } from './values.js';

/** The API keys of a project: its `keys.yaml`. It holds hashes, never a key. */
export type ApiKeysFile = readonly ApiKeyEntry[];

/** One API key of one environment. */
export interface ApiKeyEntry {
  /** The id that the APIs show. Left out, it is derived. */
  readonly id?: IdText;
  /**
   * What the key is for.
   * @minLength 1
   * @maxLength 200
   */
  readonly name: string;
  /** The environment that the key reads. */
  readonly environment: KebabText;
  /** `server` sees all flags; `client` sees only those with `client: true`. */
  readonly kind: ApiKeyKind;
  /**
   * SHA-256 of the whole key, as 64 hexadecimal digits.
   * @pattern ^[0-9a-f]{64}$
   */
  readonly hash: string;
  /**
   * The first characters of the key, to recognise it by.
   * @minLength 4
   * @maxLength 20
   */
  readonly prefix: string;
  /** Who made it. */
  readonly createdBy?: EmailText;
  /** When it was made. */
  readonly createdAt?: Timestamp;
  /** The key that this one replaces, which still opens for a while. */
  readonly previous?: PreviousApiKey;
}

/** An API key that was replaced by another one, so that whoever still has it can change over. */
export interface PreviousApiKey {
  /**
   * SHA-256 of the whole replaced key, as 64 hexadecimal digits.
   * @pattern ^[0-9a-f]{64}$
   */
  readonly hash: string;
  /**
   * The first characters of the replaced key.
   * @minLength 4
   * @maxLength 20
   */
  readonly prefix: string;
  /** The moment until which the replaced key opens. */
  readonly until: Timestamp;
}

/** Whether a key is kept secret (`server`) or ships to browsers (`client`). */
export type ApiKeyKind = 'server' | 'client';

/** The id that the APIs show of a key: its own, or one derived from its hash. */
export function apiKeyId(
  { id, hash }: Pick<ApiKeyEntry, 'id' | 'hash'>,
  { org, project }: { readonly org: OrgKey; readonly project: ProjectKey },
): string {
  return id ?? derivedId('key', org, project, hash);
}
