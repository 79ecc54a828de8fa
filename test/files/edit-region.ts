import * as assert from 'uvu/assert';
import { isCollection, isMap, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Edit } from '../../src/files/edit.js';
import type { Pointer } from '../../src/model/problem.js';

/**
 * What a single edit may do to the characters of a text: one piece put in for what is new, one piece less for what goes,
 * and between the same neighbours for what becomes another value. Comments stay but for those of what goes.
 */
export function assertOnlyMeantTextChanged(before: string, after: string, edit: Edit): void {
  const place = placeIn(before, edit.at);
  const [start, end] = sharedEnds(before, after);
  if (place.siblings === 0) return;
  if (place.isFlow && isOpened(before, after, edit.at)) {
    // What was between brackets on one line stands below it. Comments can only be behind it.
    assert.equal(notesOf(after), notesOf(before));
    return;
  }
  if (place.item === undefined || 'insert' in edit) {
    const [old, fresh] = place.isFlow ? [squashed(before), squashed(after)] : [before, after];
    const [above, below] = sharedEnds(old, fresh);
    assert.ok(above + below >= old.length, `one piece is put in: ${JSON.stringify([before, after, edit])}`);
    assert.equal(notesOf(after), notesOf(before));
  } else if ('remove' in edit) {
    if (place.siblings === 1) return;
    const { from, to } = place.item;
    assertNotesStay(before.slice(0, from) + before.slice(lineEndOf(before, to)), after);
    if (place.isFlow) assert.is(squashed(after), squashed(before.slice(0, from) + before.slice(to)));
    else assert.ok(start + end >= after.length, `one piece goes: ${JSON.stringify([before, after, edit])}`);
  } else {
    const { from, to } = place.item;
    const last = place.isFlow ? to : lineEndOf(before, to);
    assert.ok(start >= from, `what is before it stays: ${JSON.stringify([before, after, edit])}`);
    assert.ok(
      end >= before.length - last,
      `what is behind it stays: ${JSON.stringify([before, after, edit])}`,
    );
    assertNotesStay(before.slice(0, from) + before.slice(to), after);
  }
}

/** True where the outermost brackets around the place are there no more. */
function isOpened(before: string, after: string, at: Pointer): boolean {
  const [old, now] = [before, after].map((text) => parseDocument(text, { uniqueKeys: false }));
  const depth = at.findIndex((_, length) => isBetweenBrackets(old?.getIn(at.slice(0, length), true)));
  const there = now?.getIn(at.slice(0, depth), true);
  return isCollection(there) && !isBetweenBrackets(there);
}

function isBetweenBrackets(node: unknown): boolean {
  return isCollection(node) && (node as YAMLMap | YAMLSeq).flow === true;
}

interface EditedPlace {
  /** How many items the collection has; 0 where there is none. */
  readonly siblings: number;
  readonly isFlow: boolean;
  /** From the key or dash to the end of the value; undefined where the place is not there. */
  readonly item: { readonly from: number; readonly to: number } | undefined;
}

function placeIn(text: string, at: Pointer): EditedPlace {
  const last = at.at(-1);
  const parent = parseDocument(text, { uniqueKeys: false }).getIn(at.slice(0, -1), true);
  if (last === undefined || !isCollection(parent)) return { siblings: 0, isFlow: false, item: undefined };
  const collection = parent as YAMLMap | YAMLSeq;
  const isThere = isMap(collection)
    ? collection.items.some(({ key }) => String((key as { value: unknown }).value ?? '') === String(last))
    : Number(last) < collection.items.length;
  const [siblings, isFlow] = [collection.items.length, collection.flow === true];
  if (!isThere) return { siblings, isFlow, item: undefined };
  const { from, value } = childAt(collection, last);
  return { siblings, isFlow, item: { from, to: Math.max(from, value?.range?.[1] ?? from) } };
}

/** How many characters two texts share at their start, and how many at their end. */
function sharedEnds(one: string, other: string): readonly [number, number] {
  const least = Math.min(one.length, other.length);
  let start = 0;
  while (start < least && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < least && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return [start, end];
}

/** Between brackets a comma goes along, the blanks around it, and a comment behind it on its line. */
function squashed(text: string): string {
  return text.replace(/# note .*$/gm, '').replace(/[\s,]/g, '');
}

function lineEndOf(text: string, offset: number): number {
  const end = text.indexOf('\n', Math.max(0, offset - 1));
  return end < 0 ? text.length : end + 1;
}

function assertNotesStay(outside: string, after: string): void {
  const left = new Set(notesOf(after));
  assert.equal(
    notesOf(outside).filter((note) => !left.has(note)),
    [],
  );
}

function notesOf(text: string): readonly string[] {
  return text.match(/# note \d+:/g) ?? [];
}

/** The lines from the key or dash of a place to the end of its value, with the comments that follow a collection. */
export function linesOf(text: string, at: Pointer): readonly [number, number] {
  const { contents } = parseDocument(text, { uniqueKeys: false });
  let [start, end] = [0, text.length];
  let node = contents as Node | null;
  for (const step of at) {
    const { from, value } = childAt(node as YAMLMap | YAMLSeq, step);
    start = from;
    end = endOf(value, start);
    node = value;
  }
  return [lineOf(text, start), lineOf(text, Math.max(start, end - 1))];
}

function childAt(collection: YAMLMap | YAMLSeq, step: string | number): { from: number; value: Node | null } {
  if (!isMap(collection)) {
    const value = collection.items[Number(step)] as Node;
    // The dash may stand on a line above its value.
    const dash = collection.flow === true ? (value.range?.[0] ?? 0) : dashBefore(collection, Number(step));
    return { from: dash, value };
  }
  const pair = collection.items.find(
    ({ key }) => String((key as { value: unknown }).value ?? '') === String(step),
  );
  const key = pair?.key as Node | undefined;
  return { from: key?.range?.[0] ?? 0, value: (pair?.value ?? null) as Node | null };
}

/** Not before the end of the item above. */
function dashBefore(collection: YAMLSeq, index: number): number {
  const above = collection.items[index - 1] as Node | undefined;
  return above === undefined ? (collection.range?.[0] ?? 0) : (above.range?.[1] ?? 0);
}

function endOf(value: Node | null, start: number): number {
  if (value?.range == null) return start + 1;
  return isCollection(value) ? value.range[2] : value.range[1];
}

export function lineOfPrevious(text: string, at: Pointer, line: number): number {
  const last = at.at(-1);
  const parent = parseDocument(text, { uniqueKeys: false }).getIn(at.slice(0, -1), true) as
    | YAMLMap
    | YAMLSeq
    | Node;
  if (!isCollection(parent) || parent.flow !== true) return line;
  const items = parent.items as readonly unknown[];
  const index = isMap(parent)
    ? parent.items.findIndex(({ key }) => String((key as { value: unknown }).value ?? '') === String(last))
    : Number(last);
  const previous = items[index - 1] as Node | { key: Node; value: Node | null } | undefined;
  if (previous === undefined) return line;
  const node = 'key' in previous ? (previous.value ?? previous.key) : previous;
  return Math.min(line, lineOf(text, (node as Node).range?.[0] ?? 0));
}

/** The next entry moves up to the dash where the one that goes shared its line; blank lines after it may go. */
export function lineOfNext(text: string, at: Pointer, region: readonly [number, number]): number {
  const lines = text.split('\n');
  const shares = /^\s*-/.test(lines[region[0]] ?? '');
  let last = region[1];
  while ((lines[last + 1] ?? '#').trim() === '' && at.length > 0) last += 1;
  return shares ? last + 1 : last;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}

export function assertOnlyRegionChanged(
  before: string,
  after: string,
  [first, last]: readonly [number, number],
): void {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  assert.equal(fresh.slice(0, first), old.slice(0, first));
  const below = old.slice(last + 1);
  assert.equal(below.length === 0 ? [] : fresh.slice(-below.length), below);
}

export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
