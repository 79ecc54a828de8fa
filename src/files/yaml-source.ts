import { type CST, isCollection, isMap, isScalar, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Pointer, ProblemCode } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { fileBroken } from './edit-refusal.js';
import { type Splice, splice } from './lines.js';
import { readRecent } from './recent-texts.js';
import { locateInText, type TextProblem } from './text.js';
import { type Reading, readYaml, textOf, type YamlText } from './yaml-text.js';

/** A YAML file and what it holds, with the source range of everything. */
export interface Source extends YamlText {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  /** The line end of its lines. */
  readonly eol: string;
  /** Null where the text holds nothing. Here even of a text that is too deep or too wide to be served. */
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

/** A key that is there twice, or is none: an edit could not say what it means. */
const UNEDITABLE: ReadonlySet<ProblemCode> = new Set(['DUPLICATE_KEY', 'FORBIDDEN_KEY', 'YAML_FEATURE']);

/**
 * Reads a file. Throws `Failure` FILE_BROKEN with the places where it is not the YAML that is read here: what cannot be
 * read cannot be edited. What is wrong with its values is no obstacle, an edit may repair it.
 */
export function readSource({ path, text: whole }: { readonly path: string; readonly text: string }): Source {
  const yaml = readRecent(whole);
  const { text, reading } = yaml;
  const isObstacle =
    reading.kind === 'document'
      ? ({ code }: TextProblem) => UNEDITABLE.has(code)
      : ({ code }: TextProblem) => code !== 'EMPTY_FILE';
  refuseObstacles({ path, text }, reading.problems.filter(isObstacle));
  return sourceOf(path, yaml, reading);
}

/** Throws FILE_BROKEN where there are any. */
function refuseObstacles(
  { path, text }: { readonly path: string; readonly text: string },
  obstacles: readonly TextProblem[],
): void {
  if (obstacles.length === 0) return;
  throw fileBroken(locateInText(text, obstacles).map((problem) => ({ path, ...problem })));
}

/** The source with these pieces put in. The result may be too deep or too wide to be served: others judge that. */
export function spliced(source: Source, splices: readonly Splice[]): Source {
  const { path, mark } = source;
  const yaml = readRecent(mark + splice(source.text, splices));
  if (isEditable(yaml.reading)) return sourceOf(path, yaml, yaml.reading);
  const { reading } = readYaml(textOf(yaml), { isUnlimited: true });
  if (isEditable(reading)) return sourceOf(path, yaml, reading);
  throw new Error(`${path}: the edited text cannot be read`, { cause: reading.problems });
}

/** What holds nothing can get something. */
function isEditable({ kind, problems }: Reading): boolean {
  return kind === 'document' || problems.every(({ code }) => code === 'EMPTY_FILE');
}

function sourceOf(path: string, yaml: YamlText, reading: Reading): Source {
  const { root, value } = reading.kind === 'document' ? reading : { root: null, value: null };
  return { ...yaml, path, eol: lineEndOf(yaml.text), root, value };
}

function lineEndOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
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

/** Where an item ends is known only from all that is in it, and many steps ask for the same ones. */
const known = new WeakMap<Collection, readonly Item[]>();

/** All entries or items, in order. */
export function itemsOf(collection: Collection): readonly Item[] {
  const before = known.get(collection);
  if (before !== undefined) return before;
  const tokens = tokensOf(collection);
  const items = collection.items.map((_, index) => itemOf(collection, tokens, index));
  known.set(collection, items);
  return items;
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
  return isScalar(key) ? String(key.value) : undefined;
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
