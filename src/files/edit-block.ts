import { isCollection, isPair, isScalar, type Node } from 'yaml';
import type { JsonObject, JsonValue } from '../model/values.js';
import {
  blanksBefore,
  columnOf,
  isFirstOnLine,
  lastLineEnd,
  lineEnd,
  lineStart,
  nextLine,
  type Splice,
} from './lines.js';
import {
  blockLines,
  entryLines,
  flowText,
  itemLines,
  type Layout,
  layoutAfterDash,
  layoutBelowKey,
} from './print.js';
import { quotingOf, scalarQuoting } from './quoting.js';
import { foldedLines, isMoment, scalarText } from './scalar-text.js';
import { type Collection, contentEnd, type Item, isFlow, type Source, startOf } from './yaml-source.js';

/** Another value for an entry or item of a block collection; the comment on its line stays. */
export function putInBlock(
  source: Source,
  to: { item: Item; value: JsonValue; isListItem: boolean },
): readonly Splice[] {
  const { text, eol } = source;
  const old = to.item.value;
  const column = columnOf(text, to.item.start);
  const isBelow = old !== undefined && isBlockCollection(old) && isFirstOnLine(text, startOf(old));
  const hasColumn = old !== undefined && (to.isListItem || isBlockCollection(old));
  const oldColumn = hasColumn ? columnOf(text, startOf(old)) : column;
  const indent = oldColumn > column ? oldColumn : column + 2;
  const layout = layoutLike(old, to.value, { indent, afterDash: to.isListItem && !isBelow });
  const rest = layout.rest.map((line) => eol + indented(line, indent)).join('');
  if (old === undefined) return putInNothing(text, to.item.anchor, { head: layout.head, rest });
  if (isBelow) return putInPlaceOfLines(text, to.item.anchor, { old, head: layout.head, rest });
  return putInLine(text, old, { head: layout.head, rest });
}

/** New entries or items before the one of this number, or at the end. */
export function addToBlock(
  source: Source,
  to: {
    items: readonly Item[];
    index: number;
    parentColumn: number;
    fresh: { entries: JsonObject } | { values: readonly JsonValue[] };
  },
): readonly Splice[] {
  const { text, eol } = source;
  const first = to.items[0]?.start ?? 0;
  const column = columnOf(text, first);
  const { fresh } = to;
  const lines =
    'entries' in fresh
      ? Object.entries(fresh.entries).flatMap(([key, value]) => entryLines(key, value, column))
      : fresh.values.flatMap((value) => itemLines(value, column));
  const previous = to.items[to.index - 1];
  if (previous === undefined) {
    const block = lines.map((line) => indented(line, column) + eol).join('');
    return [{ from: first, to: first, text: block.trimStart() + ' '.repeat(column) }];
  }
  const isAtEnd = to.index === to.items.length;
  const commentColumn = isAtEnd && column > to.parentColumn ? column : column + 1;
  const at = behindComments(text, lastLineEnd(text, previous.end), commentColumn);
  return [{ from: at, to: at, text: lines.map((line) => eol + indented(line, column)).join('') }];
}

/** An entry or item goes with its own lines and the comment on them; comments above and below stay. */
export function removeFromBlock(source: Source, items: readonly Item[], index: number): readonly Splice[] {
  const { text } = source;
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  const end = lastLineEnd(text, item.end);
  if (isFirstOnLine(text, item.start)) {
    const below = nextLine(text, end);
    const to = takesBlankLines(text, items[index - 1]) ? behindBlankLines(text, below) : below;
    return [{ from: lineStart(text, item.start), to, text: '' }];
  }
  // It shares its line with the dash of a list. The next entry moves up there, unless comments are between.
  const next = items[index + 1]?.start ?? end;
  const isFree = text.slice(end, next).trim() === '';
  return [{ from: isFree ? item.start : blanksBefore(text, item.start), to: isFree ? next : end, text: '' }];
}

interface Written {
  readonly head: string;
  /** The lines below, each with the line end before it. */
  readonly rest: string;
}

function putInNothing(text: string, anchor: number, value: Written): readonly Splice[] {
  const end = lineEnd(text, anchor);
  const head = { from: anchor, to: anchor, text: value.head === '' ? '' : ` ${value.head}` };
  if (end === anchor) return [{ ...head, text: head.text + value.rest }];
  return [head, { from: end, to: end, text: value.rest }];
}

/** The old value has lines of its own below the key or dash. */
function putInPlaceOfLines(text: string, anchor: number, value: Written & { old: Node }): readonly Splice[] {
  const before = lastLineEnd(text, lineStart(text, startOf(value.old)));
  const head = value.head === '' ? '' : ` ${value.head}`;
  const to = lastLineEnd(text, contentEnd(value.old));
  if (before === anchor) return [{ from: anchor, to, text: head + value.rest }];
  return [
    { from: anchor, to: anchor, text: head },
    { from: before, to, text: value.rest },
  ];
}

/** The old value starts on the line of its key or dash, or is a scalar below it. */
function putInLine(text: string, old: Node, value: Written): readonly Splice[] {
  const from = startOf(old);
  if (isBlockCollection(old)) {
    return [{ from, to: lastLineEnd(text, contentEnd(old)), text: value.head + value.rest }];
  }
  const isBlock = isBlockScalar(old);
  const headEnd = isBlock
    ? from + (/^[|>][-+0-9]*/.exec(text.slice(from))?.[0].length ?? 1)
    : contentEnd(old);
  const bodyStart = lineEnd(text, headEnd);
  const bodyEnd = isBlock ? Math.max(bodyStart, lastLineEnd(text, contentEnd(old))) : bodyStart;
  const headStart = value.head === '' ? blanksBefore(text, from) : from;
  if (value.head === '' && !isBlock && isFirstOnLine(text, from) && headEnd === bodyEnd) {
    return [{ from: lastLineEnd(text, lineStart(text, from)), to: bodyEnd, text: value.rest }];
  }
  if (headEnd === bodyStart) return [{ from: headStart, to: bodyEnd, text: value.head + value.rest }];
  return [
    { from: headStart, to: headEnd, text: value.head },
    { from: bodyStart, to: bodyEnd, text: value.rest },
  ];
}

/** The new value in the style of the old one, where it can be. */
function layoutLike(
  old: Node | undefined,
  value: JsonValue,
  place: { indent: number; afterDash: boolean },
): Layout {
  const isNewCollection = typeof value === 'object' && value !== null;
  if (isNewCollection && old !== undefined && isFilled(old) && Object.keys(value).length > 0) {
    return likeCollection(old, value, place);
  }
  if (isScalar(old) && typeof value === 'string') {
    const folded = old.type === 'BLOCK_FOLDED' ? foldedLines(value) : undefined;
    if (folded !== undefined) return { head: folded[0] ?? '', rest: folded.slice(1) };
    const quoting = scalarQuoting(old);
    if (quoting !== 'plain' && (quoting !== 'plain moment' || isMoment(value))) {
      return { head: scalarText(value, { flow: false, quoting }), rest: [] };
    }
  }
  return place.afterDash ? layoutAfterDash(value, place.indent) : layoutBelowKey(value, place.indent);
}

function likeCollection(old: Node, value: JsonValue, place: { indent: number; afterDash: boolean }): Layout {
  if (!isBlockCollection(old)) return { head: flowText(value, quotingOf(old)), rest: [] };
  const lines = blockLines(value, place.indent);
  return place.afterDash ? { head: lines[0] ?? '', rest: lines.slice(1) } : { head: '', rest: lines };
}

function isFilled(node: Node): boolean {
  return isCollection(node) && node.items.length > 0;
}

function isBlockCollection(node: Node): boolean {
  return isCollection(node) && !isFlow(node as Collection);
}

function isBlockScalar(node: Node): boolean {
  return isScalar(node) && (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL');
}

function indented(line: string, column: number): string {
  return line === '' ? '' : ' '.repeat(column) + line;
}

/** True where the item ends in a block scalar that keeps all line ends after it (`|+`): blank lines would become its own. */
function takesBlankLines(text: string, item: Item | undefined): boolean {
  let node: unknown = item?.value;
  while (isCollection(node) && !isFlow(node as Collection)) {
    const last: unknown = node.items.at(-1);
    node = isPair(last) ? last.value : last;
  }
  return isScalar(node) && isBlockScalar(node) && /^.\d?\+/.test(text.slice(startOf(node)));
}

function behindBlankLines(text: string, offset: number): number {
  return offset + (/^(?:[ \t]*\r?\n)*/.exec(text.slice(offset))?.[0].length ?? 0);
}

/** The end of the last of the comment lines that follow directly and are indented as deep as `column`. */
function behindComments(text: string, end: number, column: number): number {
  let last = end;
  for (;;) {
    const start = nextLine(text, last);
    const comment = /^( *)#/.exec(text.slice(start, lineEnd(text, start)));
    if (start >= text.length || comment === null || (comment[1] ?? '').length < column) return last;
    last = lineEnd(text, start);
  }
}
