import type { Edit } from '../files/edit.js';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readList,
  readObjectAt,
  refuseUnwritable,
  required,
} from './json-fields.js';
import { mergeEdits } from './merge-patch.js';

/** How many edits one change may have; `MAX_EDITS` of a change set says why. */
const MAX_EDITS = 200;
/** How deep a file may be, and so a place in it. */
const MAX_STEPS = 32;
const MAX_NAME_LENGTH = 1_000;
const MAX_ITEM = 100_000;
/** What every object has: no file may use these as keys. */
const INHERITED = new Set(['__proto__', 'constructor', 'prototype']);
const VERBS = ['set', 'insert', 'remove'] as const;

/**
 * The edits of a change, written as a JSON merge patch (`patch`) or one by one (`edits`). A patch cannot set null, an
 * edit can. Throws a `Failure` of kind `invalid` that names the place.
 */
export function readEdits(fields: Fields, current: JsonValue | undefined): readonly Edit[] {
  const patch = readObjectAt(fields, 'patch');
  const list = readList(fields, 'edits', { from: 1, to: MAX_EDITS });
  if ((patch === undefined) === (list === undefined)) {
    throw invalidAt(fields.place, 'wanted either patch or edits');
  }
  if (patch === undefined) {
    return (list ?? []).map((item, index) => readEdit(item, `${placeOf(fields, 'edits')}[${index}]`));
  }
  const edits = mergeEdits(patch, current);
  if (edits.length > MAX_EDITS) {
    throw invalidAt(placeOf(fields, 'patch'), `wanted at most ${MAX_EDITS} fields`);
  }
  return edits;
}

function readEdit(value: JsonValue, place: string): Edit {
  const fields = readFields(value, place, ['at', ...VERBS]);
  const steps = readList(fields, 'at', { from: 1, to: MAX_STEPS });
  const at = required(steps, fields, 'at').map((step, index) => readStep(step, `${place}.at[${index}]`));
  const [verb, ...others] = VERBS.filter((name) => fieldOf(fields, name) !== undefined);
  if (verb === undefined || others.length > 0) throw invalidAt(place, `wanted one of ${VERBS.join(', ')}`);
  return editOf(fields, verb, at);
}

function editOf(fields: Fields, verb: (typeof VERBS)[number], at: Pointer): Edit {
  const value = fieldOf(fields, verb) ?? null;
  const place = placeOf(fields, verb);
  refuseUnwritable(value, place);
  if (verb === 'set') return { at, set: value };
  if (verb === 'remove') {
    if (value !== true) throw invalidAt(place, 'wanted true');
    return { at, remove: true };
  }
  if (typeof at.at(-1) !== 'number') throw invalidAt(place, 'wanted a place that ends in a number');
  return { at, insert: value };
}

function readStep(step: JsonValue, place: string): string | number {
  const isNumber = typeof step === 'number' && Number.isInteger(step) && step >= 0 && step <= MAX_ITEM;
  if (isNumber) return step;
  if (typeof step !== 'string' || step === '' || step.length > MAX_NAME_LENGTH) {
    throw invalidAt(place, 'wanted the name of a field or the number of an item');
  }
  refuseUnwritable(step, place);
  if (INHERITED.has(step)) throw invalidAt(place, 'no file has a field of this name');
  return step;
}
