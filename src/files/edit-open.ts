import { isCollection, isMap as isMapNode } from 'yaml';
import type { JsonValue } from '../model/values.js';
import { columnOf, lineEnd, type Splice } from './lines.js';
import { flowText, isMap, WIDTH } from './print.js';
import { isSameValue } from './same-value.js';
import {
  type Collection,
  contentEnd,
  type Item,
  indexOf,
  isFlow,
  itemsOf,
  type Source,
  spliced,
  startOf,
} from './yaml-source.js';

/**
 * Writes as blocks what stands between brackets on the line of a key and is to become too much for a line: it gets a list
 * of maps, as rules are, or grows beyond the width. What is in it stays as it is written, and so does the comment behind
 * it. `meant` is the value that the source is to have; the one that it has stays.
 */
export function opened(source: Source, meant: JsonValue): Source {
  const { root, value } = source;
  if (!isCollection(root) || isFlow(root as Collection)) return source;
  const splices = openings(source, { collection: root as Collection, before: value, after: meant });
  if (splices.length === 0) return source;
  const open = spliced(source, splices);
  if (!isSameValue(open.value, value)) throw new Error(`${source.path}: another value between no brackets`);
  // What was in the brackets has a line of its own now, and may become too much for that as well.
  return opened(open, meant);
}

interface Growing {
  readonly collection: Collection;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** Of the entries of this map, and of the maps in it. Lists are not looked into: their items change places. */
function openings(source: Source, { collection, before, after }: Growing): readonly Splice[] {
  if (before === after || !isMapNode(collection) || !isMap(before) || !isMap(after)) return [];
  const items = itemsOf(collection);
  return Object.keys(before).flatMap((key): readonly Splice[] => {
    const item = items[indexOf(collection, key)];
    const [old, now] = [before[key], Object.hasOwn(after, key) ? after[key] : undefined];
    if (item === undefined || old === undefined || now === undefined || !isCollection(item.value)) return [];
    const below = { collection: item.value as Collection, before: old, after: now };
    if (!isFlow(below.collection)) return openings(source, below);
    return becomesTooMuch(source, below) ? opening(source, item, below.collection) : [];
  });
}

function becomesTooMuch({ text }: Source, { collection, before, after }: Growing): boolean {
  const start = columnOf(text, startOf(collection));
  const width = start + contentEnd(collection) - startOf(collection);
  if (holdsMapsInList(after) && !holdsMapsInList(before)) return true;
  return width <= WIDTH && start + flowText(after).length > WIDTH && !isSameValue(before, after);
}

function holdsMapsInList(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some((item) => isMap(item) || holdsMapsInList(item));
  return isMap(value) && Object.values(value).some(holdsMapsInList);
}

/** None where the brackets are not on the one line of the key, or hold nothing, or what a block cannot say as it is. */
function opening({ text, eol }: Source, item: Item, collection: Collection): readonly Splice[] {
  const end = contentEnd(collection);
  const lines = itemsOf(collection).map((each) => lineOf(text, each, isMapNode(collection)));
  const isOneLine = !text.slice(item.anchor, end).includes('\n');
  if (!isOneLine || lines.length === 0 || text[item.start] === '?' || lines.includes(undefined)) return [];
  const line = eol + ' '.repeat(columnOf(text, item.start) + 2);
  const below = lineEnd(text, end);
  return [
    { from: item.anchor, to: end, text: '' },
    { from: below, to: below, text: lines.map((each) => line + each).join('') },
  ];
}

/** An entry or item on a line of its own; undefined where it is a key without a colon, or one of more than a word. */
function lineOf(text: string, item: Item, isEntry: boolean): string | undefined {
  if (!isEntry) return `- ${text.slice(item.start, item.end)}`;
  const key = text.slice(item.start, item.anchor - 1).trim();
  if (!item.hasColon || key === '' || key.startsWith('?')) return undefined;
  return `${key}: ${text.slice(item.anchor, item.end).trim()}`.trimEnd();
}
