/**
 * Returns the keys so that each comes after those that it refers to. In a cycle, which the judge of files refuses, one of
 * the references leads to a key that comes later. It walks with a list of its own: a long chain must not fill the stack.
 */
export function referredFirst(
  keys: Iterable<string>,
  referencesOf: (key: string) => readonly string[],
): readonly string[] {
  const seen = new Set<string>();
  const ordered: string[] = [];
  for (const start of keys) {
    const rest = enter(start);
    if (rest?.length === 0) {
      ordered.push(start);
      continue;
    }
    const open = [{ key: start, rest }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.rest?.pop();
      if (next !== undefined) {
        open.push({ key: next, rest: enter(next) });
      } else {
        open.pop();
        if (top.rest !== undefined) ordered.push(top.key);
      }
    }
  }
  return ordered;

  /** The references still to walk, or undefined where the key was seen before. */
  function enter(key: string): string[] | undefined {
    if (seen.has(key)) return undefined;
    seen.add(key);
    const references = referencesOf(key);
    return references.length === 0 ? NONE : [...references];
  }
}

/** Most refer to nothing; nobody takes anything out of this one. */
const NONE: string[] = [];
