import type { JsonValue } from '../../model/values.js';

/**
 * Rules as flagd has them: JsonLogic, one object with the name of an operation and what it is of. A literal stands for
 * itself. What is built here is used in many places at once and never changed.
 */
export type Logic = JsonValue;

/** A condition and what it leads to. */
export interface Case {
  readonly when: Logic;
  readonly gives: Logic;
}

/** The attribute of the context; null where it is missing. */
export function variable(name: string): Logic {
  return { var: name };
}

/** The element that an iteration is at. */
export const ELEMENT: Logic = variable('');

/** Holds where all of them hold; the first that does not hold ends it. */
export function allOf(parts: readonly Logic[]): Logic {
  const open = parts.filter((part) => part !== true);
  if (open.includes(false)) return false;
  return open.length < 2 ? (open[0] ?? true) : { and: open };
}

/** Holds where one of them holds. */
export function anyOf(parts: readonly Logic[]): Logic {
  const open = parts.filter((part) => part !== false);
  if (open.includes(true)) return true;
  return open.length < 2 ? (open[0] ?? false) : { or: open };
}

export function not(part: Logic): Logic {
  return typeof part === 'boolean' ? !part : { '!': [part] };
}

/** Strict: nothing is taken for something of another type. */
export function isSame(one: Logic, other: Logic): Logic {
  return { '===': [one, other] };
}

/** The first case that holds; else the rest. */
export function firstOf(cases: readonly Case[], rest: Logic): Logic {
  return cases.length === 0 ? rest : { if: [...cases.flatMap(({ when, gives }) => [when, gives]), rest] };
}

/** What is smaller is counted again faster than it is remembered. */
const SMALL = 1000;

/**
 * How many bytes the logic has as JSON. Parts that are shared are written as often as they are used, so this can be far more
 * than there is in memory; large ones are counted once.
 */
export function writtenBytes(logic: Logic, known: WeakMap<object, number>): number {
  if (typeof logic !== 'object' || logic === null) return Buffer.byteLength(JSON.stringify(logic));
  const counted = known.get(logic);
  if (counted !== undefined) return counted;
  const parts = Object.entries(logic);
  // The brackets, and the commas between.
  let bytes = 1 + Math.max(1, parts.length);
  for (const [name, part] of parts) {
    if (!Array.isArray(logic)) bytes += writtenBytes(name, known) + 1;
    bytes += writtenBytes(part, known);
  }
  if (bytes > SMALL) known.set(logic, bytes);
  return bytes;
}
