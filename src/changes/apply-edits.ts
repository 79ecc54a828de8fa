import { type Edit, editSource, effectiveEdits } from '../files/edit.js';
import { fileBroken } from '../files/edit-refusal.js';
import { parseText } from '../files/parse.js';
import { placeOf } from '../files/paths.js';
import { isMap } from '../files/print.js';
import type { Source } from '../files/yaml-source.js';
import { textOf } from '../files/yaml-text.js';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import type { Draft } from './draft.js';
import { fieldsBehind } from './fields.js';

/** Edits of one file of the draft. */
export interface FileEdits {
  readonly source: Source;
  readonly edits: readonly Edit[];
  /** The clock, in epoch milliseconds. */
  readonly now: number;
}

/** Puts the edited text into the draft and gives those of the edits that change something. Throws FILE_BROKEN. */
export function applyEdits(files: Draft, { source, edits, now }: FileEdits): readonly Edit[] {
  const effective = effectiveEdits(source, edits);
  if (effective.length === 0) return [];
  const placed = effective.map((edit) => inHouseOrder(source.path, edit));
  files.putSource(editSource(source, [...placed, ...updateTime(source, now)]));
  return effective;
}

/** A new field stands where it would in a new file. */
function inHouseOrder(path: string, edit: Edit): Edit {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file' || !('set' in edit)) return edit;
  const before = fieldsBehind(meaning.place.kind, edit.at);
  return before === undefined ? edit : { ...edit, before };
}

/** The value at a place, or undefined where nothing is. */
export function valueAt(value: JsonValue | undefined, at: Pointer): JsonValue | undefined {
  return at.reduce<JsonValue | undefined>(childOf, value);
}

/** The list at a place; empty where nothing is there yet. Throws FILE_BROKEN where something else is, or is in the way. */
export function listAt(
  source: Source,
  kind: 'flag' | 'overrides' | 'api-keys',
  at: Pointer,
): readonly JsonValue[] {
  const list = valueAt(source.value, at);
  if (Array.isArray(list)) return list as readonly JsonValue[];
  const above = at.map((_, depth) => valueAt(source.value, at.slice(0, depth)) ?? null);
  if ((list ?? null) === null && above.every((value) => value === null || isMap(value))) return [];
  const { problems } = parseText(kind, textOf(source), source);
  throw fileBroken(problems.map((problem) => ({ path: source.path, ...problem })));
}

/** The same edits, with places below this one. */
export function editsBelow(at: Pointer, edits: readonly Edit[]): readonly Edit[] {
  return edits.map((edit) => ({ ...edit, at: [...at, ...edit.at] }));
}

/** A file that says when it was last changed goes on saying so. */
export function updateTime({ value }: Source, now: number): readonly Edit[] {
  if (valueAt(value, ['updatedAt']) === undefined) return [];
  return [{ at: ['updatedAt'], set: `${new Date(now).toISOString().slice(0, 19)}Z` }];
}

function childOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[])[Number(step)];
  return value !== undefined && isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
