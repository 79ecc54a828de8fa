import type { KeyUse } from '../../repository/key-use.js';
import type { RevokedTokens } from '../../repository/revoked-tokens.js';
import type { FlagCache } from '../../repository/served.js';
import type { AccessRules, PublicAccess } from '../access.js';
import { FailedCredentials } from './failed-credentials.js';
import { createIdentify } from './identify.js';
import { KeyIndex } from './key-index.js';
import type { TokenTrust } from './token-trust.js';
import { createTokenVerifier } from './verify-token.js';

/** What access is made of. */
export interface AccessOptions {
  readonly cache: FlagCache;
  readonly trust: TokenTrust;
  readonly revoked: RevokedTokens;
  readonly keyUse: KeyUse;
  readonly publicAccess: PublicAccess | undefined;
  /** The name that the server was told to listen on. */
  readonly host: string;
  readonly corsOrigins: readonly string[];
  /** How many bad credentials of an address are 401 in a minute, and not 429. */
  readonly credentialLimit: number;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** Puts together who asks. */
export function openAccess(options: AccessOptions): AccessRules {
  const { cache, trust, revoked, keyUse, host, log, now } = options;
  const keys = new KeyIndex({ cache, use: keyUse, log, now });
  const verify = createTokenVerifier(trust, now);
  const failures = new FailedCredentials(options.credentialLimit);
  return {
    publicAccess: options.publicAccess,
    identify: createIdentify({ keys, verify, revoked, failures, host, now }),
    origins: new Set(options.corsOrigins),
  };
}
