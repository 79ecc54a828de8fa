import { InvalidArgumentError } from 'commander';
import { REASON_MAX_LENGTH } from '../http/write-words.js';

/** Why somebody writes: one line of the commit, as long as a server takes it. Throws `InvalidArgumentError`. */
export function readReason(text: string): string {
  const isLine = text.trim() !== '' && !/\p{Cc}/u.test(text);
  if (isLine && [...text].length <= REASON_MAX_LENGTH) return text;
  throw new InvalidArgumentError(`Wanted one line of 1 to ${REASON_MAX_LENGTH} characters.`);
}
