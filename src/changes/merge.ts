import { diff3Merge } from 'node-diff3';

/** Three versions of a text: what is there now, and a change that is to be made to it as well. */
export interface Merge {
  readonly current: string;
  readonly from: string;
  readonly to: string;
}

/** Above so many pairs of equal lines the search for what belongs together would hold up everybody else. */
const PAIRS_LIMIT = 2_000_000;

/**
 * Makes the change from `from` to `to` in the current text, line by line, as git merges. Undefined where both changed
 * the same lines in different ways. Line ends, and whether the last line has one, are merged for the whole text.
 */
export function mergeLines({ current, from, to }: Merge): string | undefined {
  if (current === from) return to;
  const versions = { current: shapeOf(current), from: shapeOf(from), to: shapeOf(to) };
  const lines = mergedLines(versions.current.lines, versions.from.lines, versions.to.lines);
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
function mergedLines(
  current: readonly string[],
  from: readonly string[],
  to: readonly string[],
): readonly string[] | undefined {
  const least = Math.min(current.length, from.length, to.length);
  const isCommon = (place: number): boolean =>
    current.at(place) === from.at(place) && from.at(place) === to.at(place);
  let start = 0;
  while (start < least && isCommon(start)) start += 1;
  let tail = 0;
  while (tail < least - start && isCommon(-1 - tail)) tail += 1;
  const middle = (lines: readonly string[]): string[] => lines.slice(start, lines.length - tail);
  const merged = mergedMiddle(middle(current), middle(from), middle(to));
  if (merged === undefined) return undefined;
  return [...current.slice(0, start), ...merged, ...current.slice(current.length - tail)];
}

function mergedMiddle(current: string[], from: string[], to: string[]): readonly string[] | undefined {
  if (equalPairs(from, current) + equalPairs(from, to) > PAIRS_LIMIT) return undefined;
  const regions = diff3Merge(current, from, to, { excludeFalseConflicts: true });
  if (regions.some(({ conflict }) => conflict !== undefined)) return undefined;
  return regions.flatMap(({ ok }) => ok ?? []);
}

function equalPairs(one: readonly string[], other: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of one) counts.set(line, (counts.get(line) ?? 0) + 1);
  return other.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
}
