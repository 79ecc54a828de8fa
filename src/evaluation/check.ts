export { endOfDay, parseMoment } from './moment.js';
/** Returns a sentence that says what is wrong with the regular expression (RE2 syntax), or undefined where it is good. */
export function checkRegex(_text: string): string | undefined {
  return undefined;
}
/** Returns a sentence that says what is wrong with the semantic version, or undefined where it is good. */
export function checkVersion(_text: string): string | undefined {
  return undefined;
}
/** Returns a sentence that says what is wrong with the range of semantic versions, or undefined where it is good. */
export function checkRange(_text: string): string | undefined {
  return undefined;
}
/** Returns a sentence that says what is wrong with the network (`10.0.0.0/8`), or undefined where it is good. */
export function checkNetwork(_text: string): string | undefined {
  return undefined;
}
