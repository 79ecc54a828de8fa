import { InvalidArgumentError } from 'commander';
import { type FlagKey, KEY_MAX_LENGTH, parseFlagKey, parseOrgKey, parseProjectKey } from '../model/keys.js';

const WORDS = 'lower-case words joined by hyphens';
const LETTERS = 'letters and digits, a letter among them, joined by -, _ or a dot';

/** The key of a flag that somebody typed. Throws `InvalidArgumentError` where it is none. */
export function readFlagKey(text: string): FlagKey {
  return parseFlagKey(text) ?? refuse(LETTERS);
}

/** The key of an organization that somebody typed. Throws `InvalidArgumentError` where it is none. */
export function readOrgKey(text: string): string {
  return parseOrgKey(text) ?? refuse(WORDS);
}

/** The key of a project that somebody typed. Throws `InvalidArgumentError` where it is none. */
export function readProjectKey(text: string): string {
  return parseProjectKey(text) ?? refuse(WORDS);
}

/** What looks right may be too long, or a name that a system keeps for itself. */
function refuse(form: string): never {
  const limits = `at most ${KEY_MAX_LENGTH} characters`;
  const kept = 'not a device of Windows such as con, nul or com1, and not constructor or prototype';
  throw new InvalidArgumentError(`Wanted ${form}: ${limits}, ${kept}.`);
}
