import type { Pointer } from '../model/problem.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { Edit } from './edit.js';
import { alignLists } from './list-alignment.js';
import { isMap } from './print.js';

/** The smallest differences, each of which is one place in the text. `at` names what is there already. */
export type Step =
  /** Another value for what is there. */
  | { readonly kind: 'put'; readonly at: Pointer; readonly value: JsonValue }
  /** A new key of a map. */
  | { readonly kind: 'add'; readonly at: Pointer; readonly key: string; readonly value: JsonValue }
  /** New items of a list, from this number on. */
  | {
      readonly kind: 'insert';
      readonly at: Pointer;
      readonly index: number;
      readonly values: readonly JsonValue[];
    }
  /** One key of a map, or one item of a list, less. */
  | { readonly kind: 'drop'; readonly at: Pointer; readonly step: string | number };

/** From here on one new list is cheaper than all the single steps. */
const LIST_STEPS_LIMIT = 200;

/** What the whole value is after the edit. Throws where the edit's place cannot be. */
export function valueAfter(value: JsonValue, edit: Edit): JsonValue {
  return changedAt(value, edit.at, edit);
}

/** The steps from a value to the one that the edit means. */
export function stepsOf(value: JsonValue, edit: Edit): readonly Step[] {
  const depth = depthPresent(value, edit.at);
  if (depth < edit.at.length) return 'remove' in edit ? [] : [creation(value, edit, depth)];
  const parent = edit.at.slice(0, -1);
  const last = edit.at.at(-1);
  if ('set' in edit) return differences(valueAt(value, edit.at), edit.set, edit.at);
  if (last === undefined) throw new Error('the whole document can only be set');
  if ('remove' in edit) return [{ kind: 'drop', at: parent, step: last }];
  return [{ kind: 'insert', at: parent, index: Number(last), values: [edit.insert] }];
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
  return Object.fromEntries(present ? entries : [...entries, [to.step, changed] as const]);
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

/** How many steps of the pointer lead to something that is there. */
function depthPresent(value: JsonValue, at: Pointer): number {
  let current: JsonValue | undefined = value;
  for (const [depth, step] of at.entries()) {
    current = childOf(current, step);
    if (current === undefined) return depth;
  }
  return at.length;
}

function childOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[])[Number(step)];
  if (value === undefined || !isMap(value) || !Object.hasOwn(value, step)) return undefined;
  return value[step];
}

function valueAt(value: JsonValue, at: Pointer): JsonValue {
  return at.reduce<JsonValue>((current, step) => childOf(current, step) ?? null, value);
}

/** The first missing part of the way, with all that is below it. */
function creation(value: JsonValue, edit: Exclude<Edit, { remove: true }>, depth: number): Step {
  const at = edit.at.slice(0, depth);
  const container = valueAt(value, at);
  const step = edit.at[depth] ?? '';
  if (container === null) return { kind: 'put', at, value: changedAt(null, edit.at.slice(depth), edit) };
  const made = changedAt(null, edit.at.slice(depth + 1), edit);
  if (isMap(container)) return { kind: 'add', at, key: String(step), value: made };
  return { kind: 'insert', at, index: Number(step), values: [made] };
}

/** What must be done so that `from` becomes `to`, with as much of it left alone as can be. */
function differences(from: JsonValue, to: JsonValue, at: Pointer): readonly Step[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (isMap(from) && isMap(to) && keepsOrder(from, to)) return mapDifferences(from, to, at);
  if (Array.isArray(from) && Array.isArray(to)) {
    const steps = listDifferences(from, to, at);
    if (steps.length <= LIST_STEPS_LIMIT) return steps;
  }
  return [{ kind: 'put', at, value: to }];
}

/** True where leaving what stays and appending what is new gives the wanted order. */
function keepsOrder(from: JsonObject, to: JsonObject): boolean {
  const kept = Object.keys(from).filter((key) => Object.hasOwn(to, key));
  const merged = Object.keys({ ...Object.fromEntries(kept.map((key) => [key, true])), ...to });
  return kept.length > 0 && merged.join('\0') === Object.keys(to).join('\0');
}

function mapDifferences(from: JsonObject, to: JsonObject, at: Pointer): readonly Step[] {
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  const steps: Step[] = gone.map((step) => ({ kind: 'drop', at, step }));
  for (const [key, value] of Object.entries(to)) {
    const old = childOf(from, key);
    if (old === undefined) steps.push({ kind: 'add', at, key, value });
    else steps.push(...differences(old, value, [...at, key]));
  }
  return steps;
}

function listDifferences(from: readonly JsonValue[], to: readonly JsonValue[], at: Pointer): readonly Step[] {
  const steps: Step[] = [];
  let index = 0;
  for (const part of alignLists(from, to)) {
    if (part.kind === 'pair') steps.push(...differences(part.from, part.to, [...at, index]));
    else if (part.kind === 'gone') steps.push({ kind: 'drop', at, step: index });
    else steps.push({ kind: 'insert', at, index, values: part.values });
    index += part.kind === 'pair' ? 1 : part.kind === 'new' ? part.values.length : 0;
  }
  return steps;
}
