import { isMap } from '../../files/print.js';
import type { TestCase, TestsFile } from '../../model/test-case.js';
import type { JsonValue } from '../../model/values.js';
import { momentMeaning } from './clause-meaning.js';
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
  const changes = [...new Set([...now.keys(), ...old.keys()])].flatMap((path) => {
    const [was, is] = [old.get(path), now.get(path)];
    return isSame(was?.meaning, is?.meaning)
      ? []
      : [`${(is ?? was)?.name} ${changeOf(was?.value, is?.value)}`];
  });
  if (changes.length === 0) return undefined;
  const more = changes.length - FACTS_LIMIT;
  const told = more > 0 ? [...changes.slice(0, FACTS_LIMIT), `${more} more`] : changes;
  return `: ${joinWords(told)}`;
}

/** One thing that a case says. */
interface Fact {
  readonly name: string;
  readonly value: JsonValue;
  /** What it comes to: two ways to write one moment mean the same. */
  readonly meaning: JsonValue;
}

/** What a case says, by its path: the smallest values that have a name, defaults written out. */
function factsOf({ name: _, context = {}, enabled = true, killed = false, now, ...rest }: TestCase) {
  const facts = new Map<string, Fact>();
  collect({ ...rest, context, enabled, killed } as unknown as JsonValue, [], facts);
  if (now !== undefined) facts.set('now', { name: 'now', value: now, meaning: momentMeaning(now) });
  return facts;
}

function collect(value: JsonValue, steps: readonly string[], facts: Map<string, Fact>): void {
  const entries = isMap(value) ? Object.entries(value) : [];
  for (const [name, inner] of entries) collect(inner, [...steps, name], facts);
  const name = steps.join('.');
  if (entries.length > 0 || name === 'context') return;
  facts.set(JSON.stringify(steps), { name: wordOf(name), value, meaning: value });
}

function namedCase(item: TestCase, place: number) {
  return { name: item.name, item, place };
}
