import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { isEmail, isSameEmail } from '../model/email.js';
import { Failure } from '../model/failure.js';
import { type Identity as Author, checkedIdentity, SERVICE } from '../repository/identity.js';

/** Who a token says its bearer is: `authorOf` it is fit for a commit. */
export interface Identity {
  readonly subject: string;
  /** The address that roles are given to; undefined where it is not known to be theirs. */
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly isSuperAdmin: boolean;
}

/** Who somebody is, whatever they may do. */
export type Person = Omit<Identity, 'isSuperAdmin'>;

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

/** What signs local tokens. */
export const LOCAL_ALGORITHM = 'HS256';
const DEFAULT_LIFE = '30d';

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
    .setProtectedHeader({ alg: LOCAL_ALGORITHM, typ: 'JWT' })
    .setSubject(request.sub)
    .setJti(randomUUID())
    .setIssuedAt();
  return setLife(token, request.expires ?? DEFAULT_LIFE).sign(new TextEncoder().encode(request.secret));
}

/** The author of what is written without a credential, where FLAGSTAFF_PUBLIC allows that. */
export const ANONYMOUS: Author = { name: 'anonymous', email: 'anonymous@flagstaff.invalid' };

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

/**
 * Throws a `Failure` of kind `invalid` for whom a commit cannot be by. The subject is held to the rules of a name even
 * where another one stands for it: an empty one is nobody.
 */
export function checkPerson(person: Person): void {
  const { subject, email } = person;
  if (email !== undefined && !isEmail(email)) {
    throw invalid(`email: ${JSON.stringify(email)} is no e-mail address`);
  }
  const author = checkedIdentity(authorOf(person));
  if ([ANONYMOUS, SERVICE].some((other) => isSameEmail(other.email, author.email))) {
    throw invalid(`${author.email} is the author of what no person does`);
  }
  checkedIdentity({ ...author, name: subject });
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'INVALID_REQUEST', message);
}
