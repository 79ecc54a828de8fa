import { isScalar, type ParsedNode, visit } from 'yaml';
import type { TextProblem } from './text.js';

/** Warnings of layout, all of which `validate --fix` repairs. A file without any costs one search. */
export function judgeStyle(
  { mark, text }: { readonly mark: string; readonly text: string },
  root: ParsedNode,
): readonly TextProblem[] {
  return [...byteOrderMark(mark), ...trailingBlanks(text, root), ...missingLineEnd(text)];
}

/** Its place is before that of the text's first character. */
function byteOrderMark(mark: string): TextProblem[] {
  return mark === ''
    ? []
    : [styleProblem(-mark.length, 'the file begins with a byte order mark; UTF-8 needs none')];
}

function trailingBlanks(text: string, root: ParsedNode): TextProblem[] {
  const offsets = blankLineEnds(text);
  if (offsets.length === 0) return [];
  return outside(offsets, scalarRanges(root)).map((offset) =>
    styleProblem(offset, 'the line ends in blanks; nothing was wanted there'),
  );
}

/** Where blanks before a line's end begin. Whether they are content, of a block scalar, the document tells. */
function blankLineEnds(text: string): readonly number[] {
  const offsets: number[] = [];
  let lineStart = 0;
  while (lineStart < text.length) {
    const lineBreak = text.indexOf('\n', lineStart);
    let end = lineBreak === -1 ? text.length : lineBreak;
    if (text[end - 1] === '\r' && end > lineStart) end -= 1;
    let start = end;
    while (start > lineStart && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
    if (start < end) offsets.push(start);
    lineStart = lineBreak === -1 ? text.length : lineBreak + 1;
  }
  return offsets;
}

function missingLineEnd(text: string): TextProblem[] {
  return text.endsWith('\n')
    ? []
    : [styleProblem(text.length, 'the last line has no end; a line break was wanted')];
}

type Range = readonly [start: number, end: number];

/** The offsets that lie in no range. Both are in the order of the text. */
function outside(offsets: readonly number[], ranges: readonly Range[]): readonly number[] {
  let next = 0;
  return offsets.filter((offset) => {
    while ((ranges[next]?.[1] ?? Number.POSITIVE_INFINITY) <= offset) next += 1;
    return offset < (ranges[next]?.[0] ?? Number.POSITIVE_INFINITY);
  });
}

/** Where the texts are that may have more than one line, in order: blanks in them may be content. */
function scalarRanges(root: ParsedNode): readonly Range[] {
  const ranges: Range[] = [];
  visit(root, (_key, node) => {
    if (!isScalar(node) || node.type === 'PLAIN' || node.range == null) return;
    ranges.push([node.range[0], node.range[1]]);
  });
  return ranges;
}

function styleProblem(offset: number, message: string): TextProblem {
  return { offset, code: 'STYLE', severity: 'warning', message };
}
