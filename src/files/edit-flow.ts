import { isNode, isScalar } from 'yaml';
import type { JsonValue } from '../model/values.js';
import { isFirstOnLine, lineEnd, lineStart, nextLine, type Splice } from './lines.js';
import { flowText } from './print.js';
import { quotingOf, scalarQuoting } from './quoting.js';
import { scalarText } from './scalar-text.js';
import { contentEnd, type Item, type Source, startOf } from './yaml-source.js';

/** Another value for an entry or item between brackets. */
export function putInFlow(item: Item, value: JsonValue): readonly Splice[] {
  const { value: old, anchor } = item;
  if (old !== undefined) {
    return [{ from: startOf(old), to: contentEnd(old), text: likeOld(old, value) }];
  }
  return [{ from: anchor, to: anchor, text: `${item.hasColon ? '' : ':'} ${flowText(value)}` }];
}

/** New entries or items before the one of this number, or at the end; on lines of their own where the others are. */
export function addToFlow(
  source: Source,
  to: { items: readonly Item[]; index: number; texts: readonly string[] },
): readonly Splice[] {
  const first = to.items[0];
  const previous = to.items[to.index - 1];
  if (previous !== undefined) return addBehind(source, previous, to.texts);
  if (first === undefined) throw new Error('an empty collection has no style to follow');
  const separator = isFirstOnLine(source.text, first.start) ? `,${lineBreak(source, first)}` : ', ';
  return [{ from: first.start, to: first.start, text: to.texts.map((text) => text + separator).join('') }];
}

/** An entry or item goes with its comma and the comment on its line. */
export function removeFromFlow(source: Source, items: readonly Item[], index: number): readonly Splice[] {
  const { text } = source;
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  const end = item.comma === undefined ? item.end : item.comma + 1;
  if (isFirstOnLine(text, item.start) && isLastOnLine(text, end)) {
    const lines = { from: lineStart(text, item.start), to: nextLine(text, lineEnd(text, end)), text: '' };
    return [...danglingComma(text, item, items[index - 1]), lines];
  }
  const next = items[index + 1]?.start;
  if (next === undefined) return removeLast(text, item, items[index - 1]);
  const isOneLine = lineStart(text, next) === lineStart(text, end);
  return [{ from: item.start, to: isOneLine ? next : lineEnd(text, end), text: '' }];
}

/**
 * The comma that would be left behind the item before, where the last one has none. It stays before a comment in the
 * first column, which is not read without it.
 */
function danglingComma(text: string, last: Item, previous: Item | undefined): readonly Splice[] {
  const comma = last.comma === undefined ? previous?.comma : undefined;
  if (comma === undefined || text.slice(comma, last.start).includes('\n#')) return [];
  return [{ from: comma, to: comma + 1, text: '' }];
}

/** The bracket comes up to the item before; where a comment is between them, it stands where the item was. */
function removeLast(text: string, item: Item, previous: Item | undefined): readonly Splice[] {
  const end = item.comma === undefined ? item.end : item.comma + 1;
  const comma = danglingComma(text, item, previous);
  const behind = previous?.comma === undefined ? item.start : previous.comma + 1;
  if (text.slice(behind, item.start).trim() === '')
    return [{ from: comma[0]?.from ?? behind, to: end, text: '' }];
  const blanks = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  return [...comma, { from: item.start, to: end + blanks, text: '' }];
}

function addBehind(source: Source, previous: Item, texts: readonly string[]): readonly Splice[] {
  const { text } = source;
  const end = previous.comma === undefined ? previous.end : previous.comma + 1;
  const hasComma = previous.comma !== undefined;
  if (!isFirstOnLine(text, previous.start) || !isLastOnLine(text, end)) {
    const added = hasComma ? texts.map((one) => ` ${one},`) : texts.map((one) => `, ${one}`);
    return [{ from: end, to: end, text: added.join('') }];
  }
  const at = lineEnd(text, end);
  const line = lineBreak(source, previous);
  if (hasComma) return [{ from: at, to: at, text: texts.map((one) => `${line + one},`).join('') }];
  const added = line + texts.join(`,${line}`);
  if (at === end) return [{ from: at, to: at, text: `,${added}` }];
  return [
    { from: end, to: end, text: ',' },
    { from: at, to: at, text: added },
  ];
}

function likeOld(old: unknown, value: JsonValue): string {
  if (isScalar(old) && typeof value === 'string') {
    return scalarText(value, { flow: true, quoting: scalarQuoting(old) });
  }
  return flowText(value, isNode(old) ? quotingOf(old) : 'plain');
}

/** A line end and the indentation of this item. */
function lineBreak(source: Source, item: Item): string {
  return source.eol + source.text.slice(lineStart(source.text, item.start), item.start);
}

/** True where only blanks and a comment follow on the line, and the line is not the last. */
function isLastOnLine(text: string, offset: number): boolean {
  const end = lineEnd(text, offset);
  return end < text.length && /^\s*(?:#.*)?$/.test(text.slice(offset, end));
}
