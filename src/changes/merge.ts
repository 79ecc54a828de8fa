import { type LineVersions, mergedLines } from './merge-lines.js';

/** Three versions of a text: what is there now, and a change that is to be made to it as well. */
export interface Merge {
  readonly current: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Makes the change from `from` to `to` in the current text, line by line, as git merges. Undefined where both changed
 * the same lines in different ways. Line ends, and whether the last line has one, are merged for the whole text.
 */
export function mergeLines({ current, from, to }: Merge): string | undefined {
  if (current === from) return to;
  const versions = { current: shapeOf(current), from: shapeOf(from), to: shapeOf(to) };
  const lines = mergedBetweenEnds({
    current: versions.current.lines,
    from: versions.from.lines,
    to: versions.to.lines,
  });
  if (lines === undefined) return undefined;
  const pick = <Key extends 'eol' | 'isEnded'>(key: Key): Shape[Key] =>
    versions.current[key] === versions.from[key] ? versions.to[key] : versions.current[key];
  const text = lines.join(pick('eol'));
  return pick('isEnded') && lines.length > 0 ? text + pick('eol') : text;
}

interface Shape {
  /** Without their line ends; where those are mixed, a line keeps its own carriage return. */
  readonly lines: readonly string[];
  readonly eol: '\n' | '\r\n';
  /** True where the last line has a line end. */
  readonly isEnded: boolean;
}

function shapeOf(text: string): Shape {
  const isWindows = /\r\n/.test(text) && !/(?<!\r)\n/.test(text);
  const eol = isWindows ? '\r\n' : '\n';
  const isEnded = text.endsWith(eol);
  const body = isEnded ? text.slice(0, -eol.length) : text;
  return { lines: text === '' ? [] : body.split(eol), eol, isEnded };
}

/** Lines that all three begin or end with are left out of the search. */
function mergedBetweenEnds({ current, from, to }: LineVersions): readonly string[] | undefined {
  const least = Math.min(current.length, from.length, to.length);
  const isCommon = (place: number): boolean =>
    current.at(place) === from.at(place) && from.at(place) === to.at(place);
  let start = 0;
  while (start < least && isCommon(start)) start += 1;
  let tail = 0;
  while (tail < least - start && isCommon(-1 - tail)) tail += 1;
  const middle = (lines: readonly string[]): readonly string[] => lines.slice(start, lines.length - tail);
  const merged = mergedLines({ current: middle(current), from: middle(from), to: middle(to) });
  if (merged === undefined) return undefined;
  return [...current.slice(0, start), ...merged, ...current.slice(current.length - tail)];
}
