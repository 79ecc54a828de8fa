import { isSeq } from 'yaml';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { editSource } from './edit.js';
import { valueAfter } from './edit-steps.js';
import { columnOf, isFirstOnLine, lastLineEnd, lineEnd, lineStart, nextLine, splice } from './lines.js';
import { isSameValue } from './same-value.js';
import { contentEnd, type Item, isFlow, itemsOf, nodeAt, readSource, type Source } from './yaml-source.js';

/** An item of a list, and the place that it gets; `to` counts without the item. */
export interface Move {
  /** The list. */
  readonly at: Pointer;
  readonly from: number;
  readonly to: number;
}

/**
 * Moves an item of a list to another place, with its own lines, its comments and those directly above it; between
 * brackets the items change places as they are written. Where neither can be, as with comments between brackets, it is
 * taken out and written anew. Gives the new source.
 */
export function moveItem(source: Source, move: Move): Source {
  const list = listAt(source, move.at);
  const item = list[move.from];
  if (item === undefined) throw new Error(`the list has no item ${move.from}`);
  const meant = list.toSpliced(move.from, 1).toSpliced(move.to, 0, item);
  const text = movedBetweenBrackets(source, move) ?? movedLines(source, move);
  const moved = text === undefined ? undefined : readSource({ path: source.path, text: source.mark + text });
  if (moved !== undefined && isMeant({ source, moved, at: move.at, meant })) return moved;
  return editSource(source, [
    { at: [...move.at, move.from], remove: true },
    { at: [...move.at, move.to], insert: item },
  ]);
}

function listAt({ value }: { readonly value: JsonValue }, at: Pointer): readonly JsonValue[] {
  const list = at.reduce<unknown>((parent, step) => (parent as Record<string, unknown>)[step], value);
  if (!Array.isArray(list)) throw new Error(`no list at /${at.join('/')}`);
  return list;
}

/** The text with the items in another order, and all between them where it is; undefined where comments are between them. */
function movedBetweenBrackets(source: Source, { at, from, to }: Move): string | undefined {
  const node = nodeAt(source, at);
  if (!isSeq(node) || !isFlow(node)) return undefined;
  const { text } = source;
  const items = itemsOf(node);
  const order = [...items.keys()].toSpliced(from, 1).toSpliced(to, 0, from);
  const gaps = items.map(({ end }, index) => text.slice(end, items[index + 1]?.start ?? contentEnd(node)));
  if (gaps.some((gap) => gap.includes('#'))) return undefined;
  const written = order.map((place) => text.slice(items[place]?.start, items[place]?.end));
  const pieces = items.map(({ start, end }, index) => ({ from: start, to: end, text: written[index] ?? '' }));
  return splice(text, pieces);
}

/** The text with the item's lines elsewhere; undefined where they are not its alone. */
function movedLines(source: Source, { at, from, to }: Move): string | undefined {
  const node = nodeAt(source, at);
  if (!isSeq(node) || isFlow(node)) return undefined;
  const { eol } = source;
  const isEnded = source.text.endsWith('\n');
  const text = isEnded ? source.text : source.text + eol;
  const items = itemsOf(node);
  if (!items.every(({ start }) => isFirstOnLine(text, start))) return undefined;
  const bounds = items.map((item, index) => boundsOf(text, item, items[index - 1]));
  const [own, others] = [bounds[from], bounds.toSpliced(from, 1)];
  const target = to === 0 ? others[0]?.start : others[to - 1]?.end;
  if (own === undefined || target === undefined) return undefined;
  const lines = text.slice(own.start, own.end);
  const moved =
    target <= own.start
      ? text.slice(0, target) + lines + text.slice(target, own.start) + text.slice(own.end)
      : text.slice(0, own.start) + text.slice(own.end, target) + lines + text.slice(target);
  return isEnded ? moved : moved.slice(0, -eol.length);
}

/**
 * From the first of the comment lines directly above the item to behind its last line end. Comments below it that are
 * indented deeper than the item are in it.
 */
function boundsOf(
  text: string,
  item: Item,
  above: Item | undefined,
): { readonly start: number; readonly end: number } {
  const floor = above === undefined ? 0 : endOf(text, above);
  let start = lineStart(text, item.start);
  while (start > floor && commentColumn(text, lineStart(text, start - 1)) !== undefined) {
    start = lineStart(text, start - 1);
  }
  return { start, end: endOf(text, item) };
}

function endOf(text: string, item: Item): number {
  const column = columnOf(text, item.start);
  let end = nextLine(text, lastLineEnd(text, item.end));
  while ((commentColumn(text, end) ?? 0) > column) end = nextLine(text, end);
  return end;
}

/** The column of a line's comment, where it has nothing else; the line begins here. */
function commentColumn(text: string, start: number): number | undefined {
  return /^([ \t]*)#/.exec(text.slice(start, lineEnd(text, start)))?.[1]?.length;
}

function isMeant(to: {
  readonly source: Source;
  readonly moved: Source;
  readonly at: Pointer;
  readonly meant: readonly JsonValue[];
}): boolean {
  return isSameValue(to.moved.value, valueAfter(to.source.value, { at: to.at, set: to.meant }));
}
