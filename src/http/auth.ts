import { errors, jwtVerify, SignJWT } from 'jose';
import { Failure } from '../model/failure.js';
import { type Identity as Author, checkedIdentity } from '../repository/identity.js';

/** Who a token says its bearer is. Whoever has one can write: `authorOf` it is fit for a commit. */
export interface Identity {
  readonly subject: string;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly isSuperAdmin: boolean;
}

type Person = Omit<Identity, 'isSuperAdmin'>;

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

/**
 * Makes a signed token. Throws a `Failure` of kind `invalid` where the life is none, and for whom a commit cannot be by:
 * every write with such a token would be refused.
 */
export async function mintToken(request: TokenRequest): Promise<string> {
  checkPerson({ subject: request.sub, email: request.email, name: request.name });
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
    return identityOf(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof Failure) throw badCredential();
    throw error;
  }
}

/** Who a commit says did it. */
export function authorOf({ subject, email, name }: Person): Author {
  const address = email ?? `${subject.replace(/[^A-Za-z0-9._-]/g, '-')}@flagstaff.invalid`;
  return { name: name ?? email ?? subject, email: address };
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

function identityOf(claims: Readonly<Record<string, unknown>>): Identity {
  const subject = textIn(claims, 'sub') ?? '';
  const person = { subject, email: textIn(claims, 'email'), name: textIn(claims, 'name') };
  checkPerson(person);
  return { ...person, isSuperAdmin: claims.super_admin === true };
}

function textIn(claims: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = claims[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`${name}: wanted a text`);
}

/** The subject is held to the rules of a name even where another one stands for it: an empty one is nobody. */
function checkPerson(person: Person): void {
  const { subject, email } = person;
  if (email !== undefined && !/^[^@]+@[^@]+$/.test(email)) {
    throw invalid(`email: ${JSON.stringify(email)} is no e-mail address`);
  }
  const author = checkedIdentity(authorOf(person));
  checkedIdentity({ ...author, name: subject });
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'INVALID_REQUEST', message);
}
