import type { Pointer } from '../model/problem.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { Edit } from './edit.js';
import { alignLists } from './list-alignment.js';
import { isMap } from './print.js';
import { isSameValue } from './same-value.js';

/** The smallest differences, each of which is one place in the text. All places are those before any step is done. */
export type Step =
  /** Another value for what is there. */
  | { readonly kind: 'put'; readonly at: Pointer; readonly value: JsonValue }
  /** New keys of a map: before that one, or behind the others. */
  | {
      readonly kind: 'add';
      readonly at: Pointer;
      readonly entries: JsonObject;
      readonly before: string | undefined;
    }
  /** One key of a map less. */
  | { readonly kind: 'remove'; readonly at: Pointer; readonly key: string }
  | ItemStep;

/** What makes or removes items of a list, by the number of an item. */
export type ItemStep =
  /** New items, before that one. */
  | {
      readonly kind: 'insert';
      readonly at: Pointer;
      readonly index: number;
      readonly values: readonly JsonValue[];
    }
  /** That one less. */
  | { readonly kind: 'drop'; readonly at: Pointer; readonly index: number };

/** What the whole value is after the edit. Throws where the edit's place cannot be. */
export function valueAfter(value: JsonValue, edit: Edit): JsonValue {
  return changedAt(value, edit.at, edit);
}

/** Where something stands in the edit's way that can hold nothing: `environments: 7`. Undefined where nothing does. */
export function obstacleOf(value: JsonValue, { at }: Edit): Pointer | undefined {
  let current: JsonValue | undefined = value;
  for (const [depth, step] of at.entries()) {
    if ((current ?? null) === null) return undefined;
    const isHolder = Array.isArray(current) ? typeof step === 'number' : isMap(current ?? null);
    if (!isHolder) return at.slice(0, depth);
    current = childOf(current, step);
  }
  return undefined;
}

/** Whether the value can have something at the edit's place: a list has no gaps, and only a list has items between others. */
export function isPossible(value: JsonValue, edit: Edit): boolean {
  let current: JsonValue | undefined = value;
  for (const [depth, step] of edit.at.entries()) {
    const isLast = depth === edit.at.length - 1;
    const items = Array.isArray(current) ? current.length : undefined;
    const room = items ?? ((current ?? null) === null && typeof step === 'number' ? 0 : undefined);
    if (room === undefined && isLast && 'insert' in edit) return false;
    if (room !== undefined && Number(step) > room) return 'remove' in edit;
    current = childOf(current, step);
  }
  return true;
}

/**
 * The step of an edit that makes or removes an item between others, or undefined where it is no such edit. Of two equal
 * items only the edit says which one it means; the difference of the values does not.
 */
export function itemStep(value: JsonValue, edit: Edit): ItemStep | undefined {
  const step = edit.at.at(-1);
  const at = edit.at.slice(0, -1);
  const list = valueAt(value, at);
  if (!Array.isArray(list) || childOf(list, step ?? '') === undefined) return undefined;
  if ('insert' in edit) return { kind: 'insert', at, index: Number(step), values: [edit.insert] };
  return 'remove' in edit ? { kind: 'drop', at, index: Number(step) } : undefined;
}

/** What must be done so that one value becomes the other, with as much of it left alone as can be. */
export function stepsBetween(from: JsonValue, to: JsonValue): readonly Step[] {
  return differences(from, to, []);
}

function changedAt(value: JsonValue | undefined, at: Pointer, edit: Edit): JsonValue {
  const [step, ...below] = at;
  if (step === undefined) return newValue(edit);
  if (Array.isArray(value) || ((value ?? null) === null && typeof step === 'number')) {
    return listAfter((value ?? []) as readonly JsonValue[], { step: Number(step), below, edit });
  }
  if (!isMap(value ?? {})) throw new Error(`nothing can be at /${edit.at.join('/')}`);
  return mapAfter((value ?? {}) as JsonObject, { step: String(step), below, edit });
}

function mapAfter(map: JsonObject, to: { step: string; below: Pointer; edit: Edit }): JsonObject {
  const isLast = to.below.length === 0;
  const present = Object.hasOwn(map, to.step);
  if ('remove' in to.edit && (isLast || !present)) {
    return Object.fromEntries(Object.entries(map).filter(([key]) => key !== to.step));
  }
  if ('insert' in to.edit && isLast) throw new Error(`no list at /${to.edit.at.slice(0, -1).join('/')}`);
  const changed = changedAt(present ? map[to.step] : undefined, to.below, to.edit);
  const entries = Object.entries(map).map(([key, item]) => [key, key === to.step ? changed : item] as const);
  if (present) return Object.fromEntries(entries);
  const later = isLast && 'set' in to.edit ? to.edit.before : undefined;
  const place = later === undefined ? -1 : entries.findIndex(([key]) => later.includes(key));
  return Object.fromEntries(
    entries.toSpliced(place < 0 ? entries.length : place, 0, [to.step, changed] as const),
  );
}

function listAfter(
  list: readonly JsonValue[],
  to: { step: number; below: Pointer; edit: Edit },
): readonly JsonValue[] {
  const isLast = to.below.length === 0;
  if ('remove' in to.edit && to.step >= list.length) return list;
  if (!Number.isInteger(to.step) || to.step < 0 || to.step > list.length) {
    throw new Error(`the list has no place ${to.step}`);
  }
  if ('remove' in to.edit && isLast) return list.toSpliced(to.step, 1);
  if ('insert' in to.edit && isLast) return list.toSpliced(to.step, 0, to.edit.insert);
  return list.toSpliced(to.step, 1, changedAt(list[to.step], to.below, to.edit));
}

function newValue(edit: Edit): JsonValue {
  if ('set' in edit) return edit.set;
  if ('insert' in edit) return edit.insert;
  throw new Error('the whole document cannot be removed');
}

function childOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[])[Number(step)];
  if (value === undefined || !isMap(value) || !Object.hasOwn(value, step)) return undefined;
  return value[step];
}

function valueAt(value: JsonValue, at: Pointer): JsonValue {
  return at.reduce<JsonValue>((current, step) => childOf(current, step) ?? null, value);
}

function differences(from: JsonValue, to: JsonValue, at: Pointer): readonly Step[] {
  if (isSameValue(from, to)) return [];
  if (isMap(from) && isMap(to) && keepsOrder(from, to)) return mapDifferences(from, to, at);
  if (Array.isArray(from) && Array.isArray(to)) return listDifferences(from, to, at);
  return [{ kind: 'put', at, value: to }];
}

/** True where what stays keeps its order; what is new goes between. */
function keepsOrder(from: JsonObject, to: JsonObject): boolean {
  const kept = Object.keys(from).filter((key) => Object.hasOwn(to, key));
  const wanted = Object.keys(to).filter((key) => Object.hasOwn(from, key));
  return kept.length > 0 && kept.join('\0') === wanted.join('\0');
}

function mapDifferences(from: JsonObject, to: JsonObject, at: Pointer): readonly Step[] {
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  const steps: Step[] = gone.map((key) => ({ kind: 'remove', at, key }));
  let fresh: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(to)) {
    const old = childOf(from, key);
    if (old === undefined) {
      fresh.push([key, value]);
      continue;
    }
    steps.push(...differences(old, value, [...at, key]), ...additions(at, fresh, key));
    fresh = [];
  }
  return [...steps, ...additions(at, fresh, undefined)];
}

/** An object has keys of digits before all others wherever they were put, so of their place it says nothing. */
function additions(
  at: Pointer,
  fresh: readonly (readonly [string, JsonValue])[],
  before: string | undefined,
): readonly Step[] {
  const isPlaced = ([key]: readonly [string, JsonValue]): boolean =>
    before !== undefined && !/^\d+$/.test(key);
  const [placed, others] = [fresh.filter(isPlaced), fresh.filter((entry) => !isPlaced(entry))];
  const steps = [
    { kind: 'add', at, entries: Object.fromEntries(placed), before },
    { kind: 'add', at, entries: Object.fromEntries(others), before: undefined },
  ] as const;
  return steps.filter(({ entries }) => Object.keys(entries).length > 0);
}

function listDifferences(from: readonly JsonValue[], to: readonly JsonValue[], at: Pointer): readonly Step[] {
  const steps: Step[] = [];
  let index = 0;
  for (const part of alignLists(from, to)) {
    if (part.kind === 'pair') steps.push(...differences(part.from, part.to, [...at, index]));
    else if (part.kind === 'gone') steps.push({ kind: 'drop', at, index });
    else steps.push({ kind: 'insert', at, index, values: part.values });
    if (part.kind !== 'new') index += 1;
  }
  return steps;
}
