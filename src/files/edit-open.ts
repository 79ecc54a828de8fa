import { isMap as isMapNode, type YAMLMap } from 'yaml';
import type { JsonValue } from '../model/values.js';
import { columnOf, lineEnd, type Splice } from './lines.js';
import { flowText, isMap, WIDTH } from './print.js';
import { isSameValue } from './same-value.js';
import {
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
 * Writes as blocks the maps that stand between brackets on the line of their key and are to become too much for a line:
 * they get a list of maps, as rules are, or grow beyond the width. What is in them stays as it is written, and so does the
 * comment behind them. `meant` is the value that the source is to have; the one that it has stays.
 */
export function opened(source: Source, meant: JsonValue): Source {
  const { root, value } = source;
  if (!isMapNode(root) || isFlow(root)) return source;
  const splices = openings(source, { map: root, before: value, after: meant });
  if (splices.length === 0) return source;
  const open = spliced(source, splices);
  if (!isSameValue(open.value, value)) throw new Error(`${source.path}: another value between no brackets`);
  // What was in the brackets has a line of its own now, and may become too much for that as well.
  return opened(open, meant);
}

interface Growing {
  readonly map: YAMLMap;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** Of the entries of this map, and of the maps in it. Lists are not looked into: their items change places. */
function openings(source: Source, { map, before, after }: Growing): readonly Splice[] {
  if (before === after || !isMap(before) || !isMap(after)) return [];
  const items = itemsOf(map);
  return Object.keys(before).flatMap((key): readonly Splice[] => {
    const item = items[indexOf(map, key)];
    const [old, now] = [before[key], Object.hasOwn(after, key) ? after[key] : undefined];
    if (item === undefined || !isMapNode(item.value) || old === undefined || now === undefined) return [];
    const below = { map: item.value, before: old, after: now };
    if (!isFlow(item.value)) return openings(source, below);
    return becomesTooMuch(source, below) ? opening(source, item, item.value) : [];
  });
}

function becomesTooMuch({ text }: Source, { map, before, after }: Growing): boolean {
  const start = columnOf(text, startOf(map));
  const width = start + contentEnd(map) - startOf(map);
  if (holdsMapsInList(after) && !holdsMapsInList(before)) return true;
  return width <= WIDTH && start + flowText(after).length > WIDTH && !isSameValue(before, after);
}

function holdsMapsInList(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some((item) => isMap(item) || holdsMapsInList(item));
  return isMap(value) && Object.values(value).some(holdsMapsInList);
}

/** None where the brackets are not on the one line of the key, or hold nothing, or what a block cannot say as it is. */
function opening({ text, eol }: Source, item: Item, map: YAMLMap): readonly Splice[] {
  const end = contentEnd(map);
  const lines = itemsOf(map).map((entry) => lineOf(text, entry));
  const isOneLine = !text.slice(item.anchor, end).includes('\n');
  if (!isOneLine || lines.length === 0 || text[item.start] === '?' || lines.includes(undefined)) return [];
  const line = eol + ' '.repeat(columnOf(text, item.start) + 2);
  const below = lineEnd(text, end);
  return [
    { from: item.anchor, to: end, text: '' },
    { from: below, to: below, text: lines.map((entry) => line + entry).join('') },
  ];
}

/** An entry on a line of its own; undefined where it is a key without a colon, or one of more than a word. */
function lineOf(text: string, entry: Item): string | undefined {
  const key = text.slice(entry.start, entry.anchor - 1).trim();
  if (!entry.hasColon || key === '' || key.startsWith('?')) return undefined;
  return `${key}: ${text.slice(entry.anchor, entry.end).trim()}`.trimEnd();
}
