import type { JsonValue } from '../model/values.js';
import { type Fields, fieldOf, placeOf, readFields, readLine, readText, required } from './json-fields.js';

/** What a write says for people, whatever it changes. */
export interface WriteWords {
  readonly message: string | undefined;
  readonly reason: string | undefined;
  /** Why tests that break do not stop it. */
  readonly force: string | undefined;
}

/** The fields that `readWords` reads. */
export const WORD_FIELDS = ['message', 'reason', 'force'];
/** How long a reason may be, in characters: it is one line of a commit message. */
export const REASON_MAX_LENGTH = 500;
const MESSAGE_MAX_LENGTH = 5_000;

/** Reads them. Throws a `Failure` of kind `invalid` that names the place. */
export function readWords(fields: Fields): WriteWords {
  return {
    message: readText(fields, 'message', { to: MESSAGE_MAX_LENGTH }),
    reason: readLine(fields, 'reason', REASON_MAX_LENGTH),
    force: readForce(fieldOf(fields, 'force'), placeOf(fields, 'force')),
  };
}

/** Who forces a write says why: it stays in the commit. */
function readForce(value: JsonValue | undefined, place: string): string | undefined {
  if (value === undefined) return undefined;
  const fields = readFields(value, place, ['reason']);
  return required(readLine(fields, 'reason', REASON_MAX_LENGTH), fields, 'reason');
}
