import { compileRegex } from '../../evaluation/regex.js';
import { WrongUse } from '../exit.js';
import type { KeyMatch } from './call-patterns.js';

/** A form of the caller's own in which code asks: what it finds in a text. */
export type OwnPattern = (text: string) => Iterable<KeyMatch>;

/**
 * Reads a regular expression (RE2 syntax, so that none takes exponential time) whose group `key`, or else its first
 * group, is the key: `isOn\("([^"]+)"`. Throws `WrongUse` for one that does not compile or has no group.
 */
export function readPattern(source: string): OwnPattern {
  const compiled = compileRegex(source, 0);
  if (compiled instanceof Error)
    throw new WrongUse(
      `--pattern ${source}: it is no regular expression of RE2's syntax: ${compiled.message}`,
    );
  if (compiled.groupCount() === 0) throw new WrongUse(`--pattern ${source}: it has no group for the key`);
  const group = compiled.namedGroups().key ?? 1;
  return function* (text) {
    const matcher = compiled.matcher(text);
    while (matcher.find()) {
      const key = matcher.group(group);
      if (key !== null) yield { key, offset: matcher.start(group), by: undefined };
    }
  };
}
