import { errors, jwtVerify, SignJWT } from 'jose';
import { Failure } from '../model/failure.js';

/** Who a token says its bearer is. Every text in it is fit for the author line of a commit. */
export interface Identity {
  readonly subject: string;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly isSuperAdmin: boolean;
}

/** What to write into a token. */
export interface TokenRequest {
  /** What signs it: the repository's own secret, or FLAGSTAFF_JWT_SECRET. */
  readonly secret: string;
  /** Who it is for. */
  readonly sub: string;
  readonly email?: string | undefined;
  /** The name for people. */
  readonly name?: string | undefined;
  readonly superAdmin?: boolean | undefined;
  /** How long it is good for, such as `30d` or `2 hours`; 30 days where it is left out. */
  readonly expires?: string | undefined;
}

const ALGORITHM = 'HS256';
const DEFAULT_LIFE = '30d';
/** How far two clocks may be apart, in seconds. */
const CLOCK_SKEW_SECONDS = 30;
/** No control characters and no angle brackets: these texts become the author line of a commit. */
const PERSON_TEXT = /^[^\p{Cc}\p{Zl}\p{Zp}<>]{1,200}$/u;
const EMAIL = /^[^\s\p{Cc}@<>]+@[^\s\p{Cc}@<>]+$/u;
const EMAIL_MAX_LENGTH = 254;

/** Makes a signed token. Throws a `Failure` of kind `invalid` where a text or the life is not fit for one. */
export async function mintToken(request: TokenRequest): Promise<string> {
  checkText('sub', request.sub);
  if (request.name !== undefined) checkText('name', request.name);
  if (request.email !== undefined && !isEmail(request.email)) {
    throw invalid(`email: ${JSON.stringify(request.email)} is no e-mail address`);
  }
  const claims = {
    ...(request.email === undefined ? {} : { email: request.email }),
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.superAdmin === true ? { super_admin: true } : {}),
  };
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setSubject(request.sub);
  return setLife(token.setIssuedAt(), request.expires ?? DEFAULT_LIFE).sign(keyOf(request.secret));
}

/**
 * Who the bearer of a token is. Throws a `Failure` of kind `unauthenticated` for anything that is wrong with it, with
 * one text for all, so that nobody learns which part to work on.
 */
export async function verifyToken(token: string, secret: string): Promise<Identity> {
  try {
    const { payload } = await jwtVerify(token, keyOf(secret), {
      algorithms: [ALGORITHM],
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_SKEW_SECONDS,
    });
    const identity = identityOf(payload);
    if (identity !== undefined) return identity;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
  }
  throw badCredential();
}

/** The refusal of a credential, whatever is wrong with it. */
export function badCredential(): Failure {
  return new Failure('unauthenticated', 'UNAUTHORIZED', 'the credential is not valid');
}

function setLife(token: SignJWT, expires: string): SignJWT {
  try {
    return token.setExpirationTime(expires);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw invalid(`expires: ${JSON.stringify(expires)} is no span of time such as 30d or 2h`);
  }
}

function identityOf(claims: Readonly<Record<string, unknown>>): Identity | undefined {
  const { sub, email, name } = claims;
  if (typeof sub !== 'string' || !PERSON_TEXT.test(sub)) return undefined;
  if (email !== undefined && (typeof email !== 'string' || !isEmail(email))) return undefined;
  if (name !== undefined && (typeof name !== 'string' || !PERSON_TEXT.test(name))) return undefined;
  return { subject: sub, email, name, isSuperAdmin: claims.super_admin === true };
}

function isEmail(text: string): boolean {
  return text.length <= EMAIL_MAX_LENGTH && EMAIL.test(text);
}

function checkText(field: string, text: string): void {
  if (!PERSON_TEXT.test(text)) {
    throw invalid(`${field}: wanted 1 to 200 characters, none of them a control character, < or >`);
  }
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'INVALID_REQUEST', message);
}
