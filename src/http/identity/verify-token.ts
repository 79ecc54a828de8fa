import { hash } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { foldEmail } from '../../model/email.js';
import { Failure } from '../../model/failure.js';
import type { PersonCaller } from '../access.js';
import { badCredential, checkPerson, type Identity, LOCAL_ALGORITHM } from '../auth.js';
import { openKeySet } from './key-set.js';
import type { JwksTrust, TokenTrust } from './token-trust.js';

/**
 * Says who the bearer of a token is. Rejects with a `Failure` of kind `unauthenticated` for anything that is wrong with
 * it, with one text for all, so that nobody learns which part to work on; and with one of kind `busy` where the keys to
 * check it by cannot be had.
 */
export type VerifyToken = (token: string) => Promise<PersonCaller>;

/** How far two clocks may be apart, in seconds. */
const CLOCK_SKEW_SECONDS = 30;
/** Signatures of public keys: with another kind, whoever reads a public key could sign with it. */
const PUBLIC_KEY_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Checks tokens by what is trusted, at the time of the clock, which gives epoch milliseconds. */
export function createTokenVerifier(trust: TokenTrust, now: () => number): VerifyToken {
  const read = trust.kind === 'secret' ? readLocal(trust.secret) : readForeign(trust, openKeySet(trust, now));
  return async (token) => {
    try {
      const { claims, isSuperAdmin } = await read(token, {
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: new Date(now()),
      });
      return personOf(token, claims, isSuperAdmin);
    } catch (error) {
      if (isRefusal(error)) throw badCredential();
      throw error;
    }
  };
}

/** What a good token says, and what that is worth here. */
interface Statement {
  readonly claims: JWTPayload;
  readonly isSuperAdmin: boolean;
}

type ReadToken = (token: string, options: JWTVerifyOptions) => Promise<Statement>;

function readLocal(secret: string): ReadToken {
  const key = new TextEncoder().encode(secret);
  return async (token, options) => {
    const { payload } = await jwtVerify(token, key, { ...options, algorithms: [LOCAL_ALGORITHM] });
    return { claims: payload, isSuperAdmin: payload.super_admin === true };
  };
}

function readForeign({ issuer, audience, superAdmins }: JwksTrust, keys: JWTVerifyGetKey): ReadToken {
  const fixed = { issuer, audience, algorithms: PUBLIC_KEY_ALGORITHMS };
  return async (token, options) => {
    const { payload } = await jwtVerify(token, keys, { ...options, ...fixed });
    const isSuperAdmin = payload.email_verified === true && superAdmins.has(foldEmail(String(payload.email)));
    return { claims: withOwnEmail(payload), isSuperAdmin };
  };
}

/** An address that its bearer may have made up says nothing: not what they may do, and not whose commits theirs are. */
function withOwnEmail(claims: JWTPayload): JWTPayload {
  const { email: _, ...others } = claims;
  const { email_verified: verified = true } = claims;
  // Some providers write every claim as text.
  return verified === true || verified === 'true' ? claims : others;
}

function personOf(token: string, claims: JWTPayload, isSuperAdmin: boolean): PersonCaller {
  const person = {
    subject: textIn(claims, 'sub') ?? '',
    email: textIn(claims, 'email'),
    name: textIn(claims, 'name'),
  };
  checkPerson(person);
  const identity: Identity = { ...person, isSuperAdmin };
  const expiresAt = Math.min(((claims.exp ?? 0) + CLOCK_SKEW_SECONDS) * 1_000, Number.MAX_SAFE_INTEGER);
  return { kind: 'person', identity, token: { id: tokenId(token, claims), expiresAt } };
}

/**
 * The token's own id where it has one, else its signed part: a signature can be written in several ways, and whoever
 * was logged out would only have to write it in another.
 */
function tokenId(token: string, { jti }: JWTPayload): string {
  const name = typeof jti === 'string' && jti !== '' ? `jti:${jti}` : `signed:${signedPart(token)}`;
  return hash('sha256', name, 'hex');
}

function signedPart(token: string): string {
  return token.slice(0, token.lastIndexOf('.'));
}

function textIn(claims: JWTPayload, name: string): string | undefined {
  const value = claims[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new Failure('invalid', 'INVALID_REQUEST', `${name}: wanted a text`);
}

function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError || (error instanceof Failure && error.kind === 'invalid');
}
