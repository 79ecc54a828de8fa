import type { JsonObject, JsonValue } from '../model/values.js';
import { literalLines, type Quoting, scalarText } from './scalar-text.js';

/** How wide a line may become before a map or a list is written over several. */
export const WIDTH = 100;

/**
 * Writes a new YAML document: block style, short leaf maps and lists in flow style, two spaces for each level, and
 * quotes where YAML 1.1 would read something else than text. It ends in a line end.
 */
export function printYaml(value: JsonValue): string {
  return `${documentLines(value).join('\n')}\n`;
}

/** The whole value on one line, collections in flow style. */
export function flowText(value: JsonValue, quoting: Quoting = 'plain'): string {
  if (Array.isArray(value)) return `[${value.map((item) => flowText(item, quoting)).join(', ')}]`;
  if (!isMap(value)) return scalarText(value, { flow: true, quoting });
  const entries = Object.entries(value).map((entry) => flowEntry(entry, quoting));
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** An entry of a map in flow style. */
export function flowEntry([key, value]: readonly [string, JsonValue], quoting: Quoting): string {
  return `${scalarText(key, { flow: true, quoting })}: ${flowText(value, quoting)}`;
}

/**
 * A value as it stands after a key or a dash: `head` on that line (empty where nothing stands there), `rest` on the
 * lines below it, relative to the column of the value's own entries.
 */
export interface Layout {
  readonly head: string;
  readonly rest: readonly string[];
}

/** How a value stands below a key. `indent` is the column of its entries, for the width. */
export function layoutBelowKey(value: JsonValue, indent: number): Layout {
  if (isInline(value, indent)) return { head: inlineText(value), rest: [] };
  const literal = typeof value === 'string' ? literalLines(value) : undefined;
  if (literal !== undefined) return { head: literal[0] ?? '', rest: literal.slice(1) };
  return { head: '', rest: blockLines(value, indent) };
}

/** How a value stands after the dash of a list. `indent` is the column after the dash and its space. */
export function layoutAfterDash(value: JsonValue, indent: number): Layout {
  const layout = layoutBelowKey(value, indent);
  return layout.head === '' ? { head: layout.rest[0] ?? '', rest: layout.rest.slice(1) } : layout;
}

/** The lines of a block map's entry whose key stands in column `indent`, without that indentation. */
export function entryLines(key: string, value: JsonValue, indent: number): readonly string[] {
  const layout = layoutBelowKey(value, indent + 2);
  const name = `${scalarText(key, { flow: false })}:`;
  return [layout.head === '' ? name : `${name} ${layout.head}`, ...layout.rest.map(indented)];
}

/** The lines of a block list's item whose dash stands in column `indent`, without that indentation. */
export function itemLines(value: JsonValue, indent: number): readonly string[] {
  const layout = layoutAfterDash(value, indent + 2);
  return [`- ${layout.head}`, ...layout.rest.map(indented)];
}

/** True for an object of JSON. */
export function isMap(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function documentLines(value: JsonValue): readonly string[] {
  const isBlock = isCollection(value) && sizeOf(value) > 0;
  return isBlock ? blockLines(value, 0) : [inlineText(value)];
}

/** The entries or items of a collection that is not empty, in block style. */
export function blockLines(value: JsonValue, indent: number): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => itemLines(item, indent));
  if (isMap(value)) return Object.entries(value).flatMap(([key, item]) => entryLines(key, item, indent));
  return [inlineText(value)];
}

function inlineText(value: JsonValue): string {
  return isCollection(value) ? flowText(value) : scalarText(value, { flow: false });
}

/** Scalars of one line, and leaf collections that fit: maps of scalars and of lists of scalars, and such lists. */
function isInline(value: JsonValue, indent: number): boolean {
  if (typeof value === 'string') return literalLines(value) === undefined;
  if (!isCollection(value) || sizeOf(value) === 0) return true;
  const isLeaf = isMap(value)
    ? Object.values(value).every((item) => isSimple(item) || isListOfScalars(item))
    : isListOfScalars(value);
  return isLeaf && indent + flowText(value).length <= WIDTH;
}

function isListOfScalars(value: JsonValue): boolean {
  return Array.isArray(value) && value.every(isSimple);
}

/** A scalar of one line. */
function isSimple(value: JsonValue): boolean {
  return !isCollection(value) && isInline(value, 0);
}

function isCollection(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

function sizeOf(value: JsonValue): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
