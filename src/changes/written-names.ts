import type { Edit } from '../files/edit.js';
import { isMap } from '../files/print.js';
import { EMAIL_LENGTH, isEmail } from '../model/email.js';
import { Failure } from '../model/failure.js';
import type { JsonValue } from '../model/values.js';

/** What would forge a line of a commit, an address, or what people see of a name. */
const FORGING = /[\p{Cc}\p{Cs}<>\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** Throws `Failure` INVALID_NAME where the text is no name that people and machines can be shown in one line. */
export function refuseUnsafeName(what: string, name: unknown): void {
  if (typeof name !== 'string' || !FORGING.test(name)) return;
  throw invalidName(`${what} has control characters, line ends or <>; one line without them was wanted`);
}

/** Throws `Failure` INVALID_NAME for what is no e-mail address. */
export function refuseUnsafeEmail(what: string, email: string): void {
  if (isEmail(email) && !FORGING.test(email)) return;
  throw invalidName(`${what} is no e-mail address; one of up to ${EMAIL_LENGTH} characters was wanted`);
}

/** The same of every text in a value. */
export function refuseUnsafeTexts(what: string, value: JsonValue): void {
  if (typeof value === 'string') refuseUnsafeName(what, value);
  else if (Array.isArray(value)) for (const item of value) refuseUnsafeTexts(what, item);
  else if (isMap(value)) {
    for (const [field, below] of Object.entries(value)) refuseUnsafeTexts(`${field} of ${what}`, below);
  }
}

/** The values that edits bring. */
export function valuesOf(edits: readonly Edit[]): readonly JsonValue[] {
  return edits.flatMap((edit) => ('set' in edit ? [edit.set] : 'insert' in edit ? [edit.insert] : []));
}

/** Throws `Failure` FIXED_FIELD where an edit means one of these fields of an entry, or the whole entry. */
export function refuseFixed(what: string, edits: readonly Edit[], fixed: readonly string[]): void {
  for (const { at } of edits) {
    const [field] = at;
    if (field !== undefined && !fixed.includes(String(field))) continue;
    const sentence = `${what}: ${field ?? 'the whole entry'} cannot be changed; delete it and create another`;
    throw new Failure('invalid', 'FIXED_FIELD', sentence);
  }
}

function invalidName(sentence: string): Failure {
  return new Failure('invalid', 'INVALID_NAME', sentence);
}
