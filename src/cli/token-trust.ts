import type { JwksTrust, TokenTrust } from '../http/identity/token-trust.js';
import { foldEmail, isEmail } from '../model/email.js';
import { WrongUse } from './exit.js';
import { namedSecret } from './signing-secret.js';
import { type Surroundings, variable } from './surroundings.js';

/** What the command line says of an identity provider. */
export interface ProviderOptions {
  readonly jwksUrl?: string;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly superAdmins?: string;
}

/** The variables that say the same. */
const VARIABLES = {
  jwksUrl: 'FLAGSTAFF_JWKS_URL',
  jwtIssuer: 'FLAGSTAFF_JWT_ISSUER',
  jwtAudience: 'FLAGSTAFF_JWT_AUDIENCE',
  superAdmins: 'FLAGSTAFF_SUPER_ADMINS',
} as const;

/**
 * Whose tokens a server takes: an identity provider's, else those that FLAGSTAFF_JWT_SECRET signed; undefined where the
 * repository's own secret is to sign them. Throws `WrongUse` for both at once, and for a provider of which only a part
 * is said: a server that takes other tokens than people think must not start.
 */
export function tokenTrust(options: ProviderOptions, around: Surroundings): TokenTrust | undefined {
  const secret = namedSecret(around);
  const provider = readProvider(options, around);
  if (provider === undefined) return secret === undefined ? undefined : { kind: 'secret', secret };
  if (secret === undefined) return provider;
  throw new WrongUse(
    'FLAGSTAFF_JWT_SECRET and FLAGSTAFF_JWKS_URL: wanted one of them, tokens come from one place',
  );
}

/** Throws `WrongUse` where an identity provider makes the tokens: nobody else can. */
export function refuseProvider(around: Surroundings): void {
  if (variable(around, VARIABLES.jwksUrl) === undefined) return;
  throw new WrongUse('FLAGSTAFF_JWKS_URL is set: the server takes tokens of that provider, and none of ours');
}

function readProvider(options: ProviderOptions, around: Surroundings): JwksTrust | undefined {
  const named = (name: keyof ProviderOptions): string | undefined =>
    options[name] ?? variable(around, VARIABLES[name]);
  const url = named('jwksUrl');
  if (url === undefined) {
    for (const name of ['jwtIssuer', 'jwtAudience', 'superAdmins'] as const) {
      if (named(name) !== undefined) throw new WrongUse(`${VARIABLES[name]} without FLAGSTAFF_JWKS_URL`);
    }
    return undefined;
  }
  return {
    kind: 'jwks',
    url: readUrl(url),
    issuer: named('jwtIssuer') ?? missing('jwtIssuer'),
    audience: named('jwtAudience') ?? missing('jwtAudience'),
    superAdmins: readAddresses(named('superAdmins') ?? ''),
  };
}

function missing(name: keyof ProviderOptions): never {
  throw new WrongUse(
    `${VARIABLES[name]} is missing: with FLAGSTAFF_JWKS_URL it must be said whose tokens are good`,
  );
}

/** Whoever stands between us and the keys could put their own there; on this machine nobody does. */
function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url !== undefined && isSafe) return url;
  throw new WrongUse(`FLAGSTAFF_JWKS_URL: ${JSON.stringify(text)} is not an https address`);
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d+){3}$/.test(name);
}

function readAddresses(text: string): ReadonlySet<string> {
  const addresses = text.split(',').map((address) => foldEmail(address.trim()));
  const wrong = addresses.find((address) => address !== '' && !isEmail(address));
  if (wrong === undefined) return new Set(addresses.filter((address) => address !== ''));
  throw new WrongUse(`FLAGSTAFF_SUPER_ADMINS: ${JSON.stringify(wrong)} is not an e-mail address`);
}
