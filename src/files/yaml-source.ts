import {
  type CST,
  isCollection,
  isMap,
  isScalar,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { Failure } from '../model/failure.js';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';

/** A YAML text and what it holds, with the source range of everything. A byte order mark is not part of it. */
export interface Source {
  readonly text: string;
  /** The line end of its lines. */
  readonly eol: string;
  readonly root: Node | null;
  readonly value: JsonValue;
}

/** A map or a list in the source. */
export type Collection = YAMLMap | YAMLSeq;

/** An entry of a map or an item of a list. Offsets are into the text. */
export interface Item {
  /** Where its key, its `?`, its dash or (in flow style) its value starts. */
  readonly start: number;
  /** Just behind the colon or the dash; behind the key where no colon is; the start where nothing is before the value. */
  readonly anchor: number;
  /** Behind its last character, comments and blanks not counted. */
  readonly end: number;
  /** False where a map's entry is a key without a colon. */
  readonly hasColon: boolean;
  /** Undefined where there is nothing: `key:`. */
  readonly value: Node | undefined;
  /** Where the comma behind it is, in flow style. */
  readonly comma: number | undefined;
}

/** Reads a text. Throws `Failure` FILE_BROKEN where it is no YAML: what cannot be read cannot be edited. */
export function readSource(text: string): Source {
  const document = parseDocument(text, { keepSourceTokens: true, uniqueKeys: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw notEditable(error.message.split('\n')[0] ?? '');
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  return { text, eol, root: document.contents, value: document.toJS() as JsonValue };
}

/** The refusal to edit a file that cannot be read. */
export function notEditable(why: string): Failure {
  return new Failure('conflict', 'FILE_BROKEN', `a broken file cannot be edited, repair it first: ${why}`);
}

/** The node at a place that is there. */
export function nodeAt(source: Source, at: Pointer): Node | null | undefined {
  let node: Node | null | undefined = source.root;
  for (const step of at) {
    if (!isCollection(node)) return undefined;
    node = childNode(node as Collection, step);
  }
  return node;
}

/** The collection at a place; throws where something else is there. */
export function collectionAt(source: Source, at: Pointer): Collection {
  const node = nodeAt(source, at);
  if (!isCollection(node)) throw new Error(`no map or list at /${at.join('/')}`);
  return node as Collection;
}

/** The number of the entry with this key, or of this item; -1 where there is none. */
export function indexOf(collection: Collection, step: string | number): number {
  if (!isMap(collection)) return Number(step) < collection.items.length ? Number(step) : -1;
  return collection.items.findIndex((pair) => keyOf(pair.key) === String(step));
}

/** All entries or items, in order. */
export function itemsOf(collection: Collection): readonly Item[] {
  const tokens = tokensOf(collection);
  return collection.items.map((_, index) => itemOf(collection, tokens, index));
}

/** True where the collection is written between brackets. */
export function isFlow(collection: Collection): boolean {
  return collection.flow === true;
}

/** Behind the last character of a value; block collections end where their last item does. */
export function contentEnd(node: Node): number {
  if (!isCollection(node) || isFlow(node as Collection)) return rangeOf(node)[1];
  const last = itemsOf(node as Collection).at(-1);
  return last?.end ?? rangeOf(node)[1];
}

/** Where a value starts. */
export function startOf(node: Node): number {
  return rangeOf(node)[0];
}

function childNode(collection: Collection, step: string | number): Node | null | undefined {
  const child = collection.items[indexOf(collection, step)];
  const node = isMap(collection) ? (child as { value?: unknown } | undefined)?.value : child;
  return node as Node | null | undefined;
}

function keyOf(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return key.value === null ? '' : String(key.value);
}

type ItemToken = CST.BlockMap['items'][number] | CST.FlowCollection['items'][number];

function tokensOf(collection: Collection): readonly ItemToken[] {
  return (collection.srcToken as { items: ItemToken[] } | undefined)?.items ?? [];
}

function itemOf(collection: Collection, tokens: readonly ItemToken[], index: number): Item {
  const token = tokens[index];
  if (token === undefined) throw new Error('a collection without its tokens');
  const child = collection.items[index];
  const pair = isMap(collection) ? (child as { key: Node; value: Node | null }) : undefined;
  const value = written(pair === undefined ? (child as Node) : pair.value);
  const colon = offsetIn(token.sep, 'map-value-ind');
  const mark = offsetIn(token.start, isMap(collection) ? 'explicit-key-ind' : 'seq-item-ind');
  const key = pair === undefined ? undefined : rangeOf(pair.key);
  const start = mark ?? key?.[0] ?? (value === undefined ? token.start[0]?.offset : startOf(value)) ?? 0;
  const anchor = anchorOf({ colon, mark: pair === undefined ? mark : undefined, keyEnd: key?.[1], start });
  return {
    start,
    anchor,
    end: value === undefined ? anchor : contentEnd(value),
    hasColon: colon !== undefined,
    value,
    comma: isFlow(collection) ? offsetIn(tokens[index + 1]?.start, 'comma') : undefined,
  };
}

function anchorOf(from: {
  colon: number | undefined;
  mark: number | undefined;
  keyEnd: number | undefined;
  start: number;
}): number {
  const sign = from.colon ?? from.mark;
  return sign === undefined ? (from.keyEnd ?? from.start) : sign + 1;
}

function offsetIn(tokens: readonly CST.SourceToken[] | undefined, type: string): number | undefined {
  return tokens?.find((token) => token.type === type)?.offset;
}

/** An empty value has a node of no length. */
function written(node: Node | null): Node | undefined {
  if (node === null) return undefined;
  const [start, end] = rangeOf(node);
  return start === end ? undefined : node;
}

function rangeOf(node: Node): readonly [number, number, number] {
  if (node.range == null) throw new Error('a node without its range');
  return node.range;
}
