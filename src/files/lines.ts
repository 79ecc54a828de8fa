/** Where lines start and end in a text. Offsets are in UTF-16 units. */

/** A piece of text to put in the place of another. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Puts all pieces in place; they do not overlap. */
export function splice(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { from, to, text: fresh } of [...splices].sort((a, b) => a.from - b.from || a.to - b.to)) {
    parts.push(text.slice(done, from), fresh);
    done = to;
  }
  return parts.join('') + text.slice(done);
}

/** True where two pieces overlap, or one is put in where the other begins or ends: then their order would count. */
export function meet(one: Splice, other: Splice): boolean {
  const isInsertion = one.from === one.to || other.from === other.to;
  if (isInsertion) return one.from <= other.to && other.from <= one.to;
  return one.from < other.to && other.from < one.to;
}

/** The offset of the first character of the line that `offset` is in. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset behind the last character of the line that `offset` is in, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** The offset of the line after the one that ends (before its line end) at `end`. */
export function nextLine(text: string, end: number): number {
  const newline = text.indexOf('\n', end);
  return newline < 0 ? text.length : newline + 1;
}

/** The column of an offset, from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** True where nothing but blanks stands before the offset on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The offset of the first of the blanks that stand directly before the offset on its line. */
export function blanksBefore(text: string, offset: number): number {
  let start = offset;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start -= 1;
  return start;
}

/** The end of the last line of something that ends at `offset`; a block scalar ends where the next line starts. */
export function lastLineEnd(text: string, offset: number): number {
  if (offset === 0 || text[offset - 1] !== '\n') return lineEnd(text, offset);
  return text[offset - 2] === '\r' ? offset - 2 : offset - 1;
}
