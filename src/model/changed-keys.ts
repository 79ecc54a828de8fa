/** The keys under which two maps do not hold the same object; those that only the first one has are the last. */
export function changedKeys<Key, Thing>(
  before: ReadonlyMap<Key, Thing>,
  after: ReadonlyMap<Key, Thing>,
): readonly Key[] {
  if (before === after) return [];
  const changed: Key[] = [];
  let shared = 0;
  for (const [key, thing] of after) {
    const known = before.get(key);
    if (known !== undefined) shared += 1;
    if (known !== thing) changed.push(key);
  }
  if (shared < before.size) for (const key of before.keys()) if (!after.has(key)) changed.push(key);
  return changed;
}

/** A copy in which these keys hold what is found for them now, or are gone; in order of the keys. */
export function withChanged<Key extends string, Thing>(
  before: ReadonlyMap<Key, Thing>,
  keys: Iterable<Key>,
  find: (key: Key) => Thing | undefined,
): ReadonlyMap<Key, Thing> {
  let after: Map<Key, Thing> | undefined;
  let isOrdered = true;
  for (const key of keys) {
    const thing = find(key);
    const known = before.get(key);
    if (thing === known) continue;
    after ??= new Map(before);
    if (thing === undefined) after.delete(key);
    else after.set(key, thing);
    if (known === undefined) isOrdered = false;
  }
  if (after === undefined) return before;
  return isOrdered ? after : inOrder(after);
}

function inOrder<Key extends string, Thing>(things: ReadonlyMap<Key, Thing>): ReadonlyMap<Key, Thing> {
  return new Map([...things].sort(([one], [other]) => (one < other ? -1 : 1)));
}
