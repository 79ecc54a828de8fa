import type { Versions } from './part-difference.js';
import { finish, flatMapInSteps, type Steps } from './steps.js';

/** An item of a list, with the name that it keeps when it changes, and its place in the file. */
export interface NamedItem<Item> {
  readonly name: string;
  readonly item: Item;
  readonly place: number;
}

/** The same item in two versions of a list; undefined where it is not there. */
export interface Pairing<Item> extends Versions<NamedItem<Item> | undefined> {
  readonly name: string;
}

/** Pairs two lists by name: those that are there now, in order, then those that have gone. The first of a name counts. */
export function pairByName<Item>(lists: Versions<readonly NamedItem<Item>[]>): readonly Pairing<Item>[] {
  return finish(pairInSteps(lists));
}

/** The same in steps. */
export function* pairInSteps<Item>({
  before,
  after,
}: Versions<readonly NamedItem<Item>[]>): Steps<readonly Pairing<Item>[]> {
  const old = yield* firstByName(before);
  const now = yield* firstByName(after);
  const there = yield* flatMapInSteps([...now.values()], (item) => [
    { name: item.name, before: old.get(item.name), after: item },
  ]);
  const gone = yield* flatMapInSteps([...old.values()], (item) =>
    now.has(item.name) ? [] : [{ name: item.name, before: item, after: undefined }],
  );
  return [...there, ...gone];
}

/**
 * The names that stand elsewhere in the order than before, as few as can be: all but the longest run of those that kept
 * their order. Names that are only in one of the lists move nothing.
 */
export function movedNames({ before, after }: Versions<readonly string[]>): ReadonlySet<string> {
  const places = new Map(before.map((name, place) => [name, place]));
  const common = after.filter((name) => places.has(name));
  const kept = longestRise(common.map((name) => places.get(name) ?? 0));
  return new Set(common.filter((_, index) => !kept.has(index)));
}

/**
 * The indices of a longest run of numbers that never falls. `ends[n]` is the index at which the best run of n + 1
 * numbers ends: the one with the smallest last number.
 */
export function longestRise(numbers: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, index) => {
    const length = firstAbove(ends, (end) => (numbers[end] ?? 0) > number);
    previous[index] = ends[length - 1] ?? -1;
    ends[length] = index;
  });
  const run = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) run.add(index);
  return run;
}

function* firstByName<Item>(items: readonly NamedItem<Item>[]): Steps<ReadonlyMap<string, NamedItem<Item>>> {
  const byName = new Map<string, NamedItem<Item>>();
  yield* flatMapInSteps(items, (item) => {
    if (!byName.has(item.name)) byName.set(item.name, item);
    return [];
  });
  return byName;
}

/** The first place of which the claim is true, by halving; the length where it is true of none. */
function firstAbove(list: readonly number[], claim: (item: number) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (claim(list[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
