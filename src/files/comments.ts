import type { Pointer } from '../model/problem.js';
import { lineEnd } from './lines.js';
import { collectionAt, indexOf, itemsOf, type Source } from './yaml-source.js';

/** True where a comment goes along when the entry or item at this place is removed: it stands on its last line, or within. */
export function hasComment(source: Source, at: Pointer): boolean {
  const collection = collectionAt(source, at.slice(0, -1));
  const item = itemsOf(collection)[indexOf(collection, at.at(-1) ?? '')];
  if (item === undefined) return false;
  const { text } = source;
  const end = item.comma === undefined ? item.end : item.comma + 1;
  const inside = text.slice(item.start, item.end);
  return /(?:^|\s)#/.test(inside) || /^[ \t]+#/.test(text.slice(end, lineEnd(text, end)));
}
