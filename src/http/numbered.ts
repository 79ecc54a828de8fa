import { numericId } from '../model/ids.js';

/** 48 bits have at most 15 digits. */
const NUMBER = /^\d{1,15}$/;

const byNumber = new WeakMap<object, ReadonlyMap<number, unknown>>();

/** Whether a path names something by its number: all digits are one, so no key is meant. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text);
}

/**
 * The thing that a path names, by its key or by the number of its id; undefined where there is none. The numbers of a map
 * are worked out once: snapshots never change.
 */
export function findNumbered<Thing extends { readonly id: string }>(
  things: ReadonlyMap<string, Thing>,
  text: string,
): Thing | undefined {
  if (!isNumber(text)) return things.get(text);
  const known = byNumber.get(things) as ReadonlyMap<number, Thing> | undefined;
  const numbers = known ?? new Map([...things.values()].map((thing) => [numericId(thing.id), thing]));
  byNumber.set(things, numbers);
  return numbers.get(Number(text));
}
