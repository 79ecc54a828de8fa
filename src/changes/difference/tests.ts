import { parseMoment } from '../../evaluation/check.js';
import type { TestCase, TestsFile } from '../../model/test-case.js';
import type { JsonValue } from '../../model/values.js';
import { type Pairing, pairByName } from './pairing.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { changeOf, joinWords, quoted, wordOf } from './words.js';

/** The differences of a flag's tests, paired by name; their order does not count. */
export function diffTests({ before, after }: Versions<TestsFile>): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  return pairByName({ before: before.map(namedCase), after: after.map(namedCase) }).flatMap((pair) => {
    const change = changeText(pair);
    if (change === undefined) return [];
    const part = { kind: 'test', name: pair.name } as const;
    const at = [(pair.after ?? pair.before)?.place ?? 0];
    const sentence = `test ${quoted(pair.name)}${change}`;
    return [tell({ part, at, before: pair.before?.item, after: pair.after?.item, sentence })];
  });
}

/** How many of a case's facts are told. */
const FACTS_LIMIT = 3;

function changeText({ before, after }: Pairing<TestCase>): string | undefined {
  if (after === undefined) return ' removed';
  if (before === undefined) return ' added';
  if (isSame(before.item, after.item)) return undefined;
  const [old, now] = [factsOf(before.item), factsOf(after.item)];
  const names = [...new Set([...now.keys(), ...old.keys()])];
  const changed = names.filter(
    (name) => !isSame(meaningOf(name, old.get(name)), meaningOf(name, now.get(name))),
  );
  if (changed.length === 0) return undefined;
  const told = changed
    .slice(0, FACTS_LIMIT)
    .map((name) => `${wordOf(name)} ${changeOf(old.get(name), now.get(name))}`);
  const more = changed.length - told.length;
  return `: ${joinWords(more === 0 ? told : [...told, `${more} more`])}`;
}

/** What a case says, by dotted path: the smallest values that have a name, defaults written out. */
function factsOf({ name: _, context = {}, enabled = true, killed = false, ...rest }: TestCase) {
  const facts = new Map<string, JsonValue>();
  collect({ ...rest, context, enabled, killed } as unknown as JsonValue, [], facts);
  return facts;
}

function collect(value: JsonValue, steps: readonly string[], facts: Map<string, JsonValue>): void {
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (entries.length > 0) for (const [name, inner] of entries) collect(inner, [...steps, name], facts);
  else if (steps.join('.') !== 'context') facts.set(steps.join('.'), value);
}

function meaningOf(name: string, value: JsonValue | undefined): JsonValue | undefined {
  return name === 'now' && typeof value === 'string' ? (parseMoment(value) ?? value) : value;
}

function namedCase(item: TestCase, place: number) {
  return { name: item.name, item, place };
}
