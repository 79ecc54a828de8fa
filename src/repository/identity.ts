import { EMAIL_LENGTH } from '../model/email.js';
import { Failure } from '../model/failure.js';

/** A name and an address, as a commit shows them. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Who commits, unless somebody says another name. */
export const SERVICE: Identity = { name: 'Flagstaff', email: 'flagstaff@flagstaff.invalid' };

const NAME_LENGTH = 200;
/** A line end would forge the next header of the commit, `<>` the address, and marks of direction what people see. */
const FORBIDDEN = /[\p{Cc}\p{Cs}<>\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** The identity, without blanks around it. Throws `Failure` INVALID_IDENTITY for what could forge a line of a commit. */
export function checkedIdentity({ name, email }: Identity): Identity {
  const identity = { name: name.trim(), email: email.trim() };
  if (identity.name === '' || identity.name.length > NAME_LENGTH || FORBIDDEN.test(identity.name)) {
    throw invalid('the name', `1 to ${NAME_LENGTH} characters`);
  }
  const isAddress = identity.email.length <= EMAIL_LENGTH && /^\S+$/.test(identity.email);
  if (!isAddress || FORBIDDEN.test(identity.email)) {
    throw invalid('the e-mail address', `1 to ${EMAIL_LENGTH} characters without blanks`);
  }
  return identity;
}

function invalid(what: string, wanted: string): Failure {
  const sentence = `${what} of the author cannot be in a commit; wanted are ${wanted}, without control characters and <>`;
  return new Failure('invalid', 'INVALID_IDENTITY', sentence);
}
