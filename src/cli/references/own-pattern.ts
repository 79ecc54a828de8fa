import { compileRegex } from '../../evaluation/regex.js';
import { WrongUse } from '../exit.js';
import type { KeyMatch } from './call-patterns.js';

/** A form of the caller's own in which code asks: what it finds in a text. */
export type OwnPattern = (text: string) => Iterable<KeyMatch>;

/**
 * So much text from the beginning of a match on is looked through for it, in UTF-16 units. RE2 takes linear time for one
 * match, but may look through all the rest of the text for each: `isOn\("([^"]+)"(?:.*END)?` in a bundle of one line took
 * hours.
 */
const REACH = 1_000;
/** So many units before a window are shown, so that `\b` and `(?m)^` see them. */
const BEFORE = 2;

/**
 * Reads a regular expression (RE2 syntax, so that none takes exponential time) whose group `key`, or else its first
 * group, is the key: `isOn\("([^"]+)"`. Behind `reach`, and at most twice that, it sees no text. Throws `WrongUse` for one
 * that does not compile or has no group.
 */
export function readPattern(
  source: string,
  { reach = REACH }: { readonly reach?: number | undefined } = {},
): OwnPattern {
  const compiled = compileRegex(source, 0);
  if (compiled instanceof Error)
    throw new WrongUse(
      `--pattern ${source}: it is no regular expression of RE2's syntax: ${compiled.message}`,
    );
  if (compiled.groupCount() === 0) throw new WrongUse(`--pattern ${source}: it has no group for the key`);
  const group = compiled.namedGroups().key ?? 1;
  return function* (text) {
    for (let from = 0, isLast = false; !isLast; ) {
      const begin = Math.max(0, from - BEFORE);
      const end = Math.min(text.length, from + 2 * reach);
      isLast = end === text.length;
      // What begins nearer to the end of the window is found in the next one, which shows more of it.
      const near = isLast ? Number.POSITIVE_INFINITY : from + reach;
      const matcher = compiled.matcher(text.slice(begin, end));
      let isFound = matcher.find(from - begin);
      for (from = near; isFound && begin + matcher.start() < near; isFound = matcher.find()) {
        const key = matcher.group(group);
        const isWhole = isLast || begin + matcher.end(group) < end;
        if (key !== null && isWhole) yield { key, offset: begin + matcher.start(group), by: undefined };
        from = Math.max(near, begin + matcher.end());
      }
    }
  };
}
