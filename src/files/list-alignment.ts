import type { JsonValue } from '../model/values.js';
import { isMap } from './print.js';

/** One part of how a list became another, in order. */
export type Alignment =
  /** The same item, or one that took its place. */
  | { readonly kind: 'pair'; readonly from: JsonValue; readonly to: JsonValue }
  | { readonly kind: 'gone'; readonly from: JsonValue }
  | { readonly kind: 'new'; readonly values: readonly JsonValue[] };

/** Above so many comparisons the middle of two lists is paired by place. */
const COMPARISONS_LIMIT = 250_000;

/**
 * Finds which items of two lists are the same one: equal, or maps of one `id`. What is equal at both ends is paired
 * first, the middle by its longest common subsequence, and what is left between two pairs one by one.
 */
export function alignLists(from: readonly JsonValue[], to: readonly JsonValue[]): readonly Alignment[] {
  const least = Math.min(from.length, to.length);
  let start = 0;
  while (start < least && isSameItem(from[start], to[start])) start += 1;
  let tail = 0;
  while (tail < least - start && isSameItem(from.at(-1 - tail), to.at(-1 - tail))) tail += 1;
  const middleOf = (list: readonly JsonValue[]): readonly string[] =>
    list.slice(start, list.length - tail).map(identityOf);
  const middle = commonPairs(middleOf(from), middleOf(to));
  const pairs: (readonly [number, number])[] = [
    ...Array.from({ length: start }, (_, place) => [place, place] as const),
    ...middle.map(([i, j]) => [start + i, start + j] as const),
    ...Array.from(
      { length: tail },
      (_, place) => [from.length - tail + place, to.length - tail + place] as const,
    ),
    [from.length, to.length],
  ];
  return fillGaps(from, to, pairs);
}

/** What an edit leaves alone is the same object in both lists. */
function isSameItem(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one === other || identityOf(one) === identityOf(other);
}

/** A map with an id is the same rule after its other fields have changed. */
function identityOf(value: JsonValue): string {
  if (isMap(value) && typeof value.id === 'string') return `id:${value.id}`;
  return JSON.stringify(value);
}

/** Places of the longest common subsequence, by the usual table from the end. */
function commonPairs(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length * b.length > COMPARISONS_LIMIT) return [];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const lengthAt = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Each pair, with what lies before it; the last pair is the end of both lists. */
function fillGaps(
  from: readonly JsonValue[],
  to: readonly JsonValue[],
  pairs: readonly (readonly [number, number])[],
): readonly Alignment[] {
  const parts: Alignment[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of pairs) {
    parts.push(...gapParts(from.slice(i, nextI), to.slice(j, nextJ)));
    const [one, other] = [from[nextI], to[nextJ]];
    if (one !== undefined && other !== undefined) parts.push({ kind: 'pair', from: one, to: other });
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return parts;
}

function gapParts(from: readonly JsonValue[], to: readonly JsonValue[]): readonly Alignment[] {
  const both = Math.min(from.length, to.length);
  const paired = from.slice(0, both).map((old, place) => {
    return { kind: 'pair', from: old, to: to[place] ?? null } as const;
  });
  const gone = from.slice(both).map((old) => ({ kind: 'gone', from: old }) as const);
  const fresh = to.slice(both);
  return [...paired, ...gone, ...(fresh.length > 0 ? [{ kind: 'new', values: fresh } as const] : [])];
}
