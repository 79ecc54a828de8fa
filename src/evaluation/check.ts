import { parseNetwork } from './network.js';
import { compileRegex } from './regex.js';
import { parseRange, parseVersion } from './version.js';

/** What one value in a clause must be, for the judge of files: each check is what the evaluator itself goes by. */

export { endOfDay, parseMoment } from './moment.js';

/** Returns a sentence that says what is wrong with the regular expression (RE2 syntax), or undefined where it is good. */
export function checkRegex(pattern: string): string | undefined {
  const compiled = compileRegex(pattern, 0);
  if (!(compiled instanceof Error)) return undefined;
  const reason = compiled.message.replace(/^error parsing regexp: /, '').replaceAll('`', '"');
  return `${JSON.stringify(pattern)} cannot be used as a regular expression (RE2 syntax): ${reason}.`;
}

/** Returns a sentence that says what is wrong with the semantic version, or undefined where it is good. */
export function checkVersion(text: string): string | undefined {
  if (parseVersion(text) !== undefined) return undefined;
  return `${JSON.stringify(text)} is no semantic version, such as "2.4.0".`;
}

/** Returns a sentence that says what is wrong with the range of semantic versions, or undefined where it is good. */
export function checkRange(text: string): string | undefined {
  if (parseRange(text) !== undefined) return undefined;
  return `${JSON.stringify(text)} is no range of semantic versions, such as ">=2.4.0 <3".`;
}

/** Returns a sentence that says what is wrong with the network (`10.0.0.0/8`), or undefined where it is good. */
export function checkNetwork(text: string): string | undefined {
  if (parseNetwork(text) !== undefined) return undefined;
  return `${JSON.stringify(text)} is no network, written as address/bits, such as "10.0.0.0/8".`;
}
