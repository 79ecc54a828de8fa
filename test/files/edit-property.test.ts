import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { type Edit, editSource } from '../../src/files/edit.js';
import { readSource } from '../../src/files/yaml-source.js';
import { textOf } from '../../src/files/yaml-text.js';
import type { Pointer } from '../../src/model/problem.js';
import type { JsonValue } from '../../src/model/values.js';
import {
  assertOnlyMeantTextChanged,
  assertOnlyRegionChanged,
  lineOfNext,
  lineOfPrevious,
  linesOf,
  withoutMark,
} from './edit-region.js';
import { placesOf, type RandomYaml, randomKey, randomValue, randomYaml } from './random-yaml.js';

function editText(text: string, edits: readonly Edit[]): string {
  return textOf(editSource(readSource({ path: 'a.yaml', text }), edits));
}

const SEED = 20_260_115;

const someEdit = fc
  .record({
    yaml: randomYaml,
    pick: fc.nat(),
    kind: fc.constantFrom('set' as const, 'add' as const, 'insert' as const, 'remove' as const),
    value: randomValue,
    key: randomKey,
  })
  .map(({ yaml, pick, kind, value, key }) => ({ yaml, ...editOf({ yaml, pick, kind, value, key }) }));

test('any edit of any layout gives the meant value, and every other line stays (DESIGN 3, layout is the author’s)', () => {
  fc.assert(
    fc.property(someEdit, ({ yaml, edit, meant, region }) => {
      const text = editText(yaml.text, [edit]);
      assert.equal(parse(withoutMark(text), { uniqueKeys: false }), meant);
      assert.equal(text.startsWith('\uFEFF'), yaml.text.startsWith('\uFEFF'));
      assertOnlyRegionChanged(withoutMark(yaml.text), withoutMark(text), region);
      assertOnlyMeantTextChanged(withoutMark(yaml.text), withoutMark(text), edit);
    }),
    { numRuns: 2500, seed: SEED },
  );
});

test('several edits in one go mean what the same edits mean one by one', () => {
  const twoEdits = fc.record({ first: someEdit, key: randomKey, value: randomValue }).filter(({ first }) => {
    return typeof first.meant === 'object' && first.meant !== null && !Array.isArray(first.meant);
  });
  fc.assert(
    fc.property(twoEdits, ({ first, key, value }) => {
      const second: Edit = { at: [key], set: value };
      const together = editText(first.yaml.text, [first.edit, second]);
      const oneByOne = editText(editText(first.yaml.text, [first.edit]), [second]);
      assert.is(jsonOf(together), jsonOf(oneByOne));
    }),
    { numRuns: 300, seed: SEED },
  );
});

test('items that are made and removed in one go leave the same text as one by one', () => {
  const move = fc.record({ place: fc.nat(), isRemoved: fc.boolean() });
  const styles = fc.array(fc.constantFrom(...RULE_STYLES), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(styles, fc.array(move, { minLength: 1, maxLength: 6 }), (rules, moves) => {
      let text = `rules:\n${rules.map((style, index) => style(index)).join('')}end: true\n`;
      const whole = readSource({ path: 'a.yaml', text });
      const edits: Edit[] = [];
      for (const { place, isRemoved } of moves) {
        const { length } = valueAt(readSource({ path: 'a.yaml', text }).value, [
          'rules',
        ]) as readonly JsonValue[];
        if (length === 0) break;
        const at = ['rules', place % length];
        const edit: Edit = isRemoved ? { at, remove: true } : { at, insert: { id: `new-${edits.length}` } };
        edits.push(edit);
        text = editText(text, [edit]);
      }
      assert.is(textOf(editSource(whole, edits)), text);
    }),
    { numRuns: 300, seed: SEED },
  );
});

test('a long list that changes in many places keeps the lines of all that stays', () => {
  const change = fc.constantFrom(
    'keep' as const,
    'keep' as const,
    'change' as const,
    'drop' as const,
    'insert' as const,
  );
  const styles = fc.constantFrom(...RULE_STYLES);
  const rules = fc.array(fc.record({ change, style: styles }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(rules, (changes) => {
      const text = `rules:\n${changes.map(({ style }, index) => style(index)).join('')}`;
      const set = changes.flatMap(({ change }, index) => ruleAfter(change, index));
      const edited = editText(text, [{ at: ['rules'], set }]);
      assert.equal(parse(edited), { rules: set });
      for (const [index, { change, style }] of changes.entries()) {
        if (change === 'keep') assert.ok(edited.includes(style(index)), style(index));
      }
    }),
    { numRuns: 200, seed: SEED },
  );
});

test('an edit that says what is there leaves the text as it is', () => {
  fc.assert(
    fc.property(randomYaml, fc.nat(), ({ text, value }, pick) => {
      const places = placesOf(value);
      const at = places[pick % places.length] ?? [];
      assert.is(editText(text, [{ at, set: valueAt(value, at) }]), text);
    }),
    { numRuns: 500, seed: SEED },
  );
});

test.run();

/** A rule as different people write it, with a comment on its first line. */
const RULE_STYLES: readonly ((index: number) => string)[] = [
  (index) => `  - { id: r${index}, percentage: 5 } # note ${index}\n`,
  (index) => `  - id: r${index} # note ${index}\n    percentage: 5\n`,
  (index) => `  -\n    id: r${index} # note ${index}\n    percentage: 5\n`,
];

function ruleAfter(change: 'keep' | 'change' | 'drop' | 'insert', index: number): readonly JsonValue[] {
  const rule = { id: `r${index}`, percentage: 5 };
  if (change === 'keep') return [rule];
  if (change === 'drop') return [];
  if (change === 'insert') return [rule, { id: `new-${index}`, serve: 'off' }];
  return [{ id: `r${index}`, percentage: 7, when: [{ attribute: 'plan', equals: 'pro' }], serve: 'on' }];
}

function jsonOf(text: string): string {
  return JSON.stringify(parse(withoutMark(text), { uniqueKeys: false }));
}

interface Plan {
  readonly edit: Edit;
  readonly meant: JsonValue;
  /** First and last line that may change, from 0. */
  readonly region: readonly [number, number];
}

function editOf(from: {
  yaml: RandomYaml;
  pick: number;
  kind: 'set' | 'add' | 'insert' | 'remove';
  value: JsonValue;
  key: string;
}): Plan {
  const { value: whole, text } = from.yaml;
  const places = placesOf(whole);
  const at = places[from.pick % places.length] ?? [];
  const there = valueAt(whole, at);
  const lines = linesOf(withoutMark(text), at);
  if (from.kind === 'add' && typeof there === 'object' && there !== null && !Array.isArray(there)) {
    const below = Object.hasOwn(there, from.key) ? linesOf(withoutMark(text), [...at, from.key]) : lines;
    const meant = replaced(whole, at, { ...there, [from.key]: from.value });
    return { edit: { at: [...at, from.key], set: from.value }, meant, region: below };
  }
  if (from.kind === 'insert' && Array.isArray(there)) {
    const index = from.pick % (there.length + 1);
    const meant = replaced(whole, at, there.toSpliced(index, 0, from.value));
    return { edit: { at: [...at, index], insert: from.value }, meant, region: lines };
  }
  const parent = valueAt(whole, at.slice(0, -1));
  if (from.kind === 'remove' && at.length > 0 && typeof parent === 'object' && parent !== null) {
    const region = linesOf(withoutMark(text), Object.keys(parent).length === 1 ? at.slice(0, -1) : at);
    const meant = replaced(whole, at.slice(0, -1), without(parent, at.at(-1)));
    // Between brackets the comma behind the item before it goes too.
    const first = lineOfPrevious(withoutMark(text), at, region[0]);
    return { edit: { at, remove: true }, meant, region: [first, lineOfNext(withoutMark(text), at, region)] };
  }
  return { edit: { at, set: from.value }, meant: replaced(whole, at, from.value), region: lines };
}

function without(parent: JsonValue, step: string | number | undefined): JsonValue {
  if (Array.isArray(parent)) return parent.toSpliced(Number(step), 1);
  return Object.fromEntries(Object.entries(parent as object).filter(([key]) => key !== String(step)));
}

function valueAt(value: JsonValue, at: Pointer): JsonValue {
  return at.reduce<JsonValue>((current, step) => (current as Record<string, JsonValue>)[step] ?? null, value);
}

function replaced(whole: JsonValue, at: Pointer, value: JsonValue): JsonValue {
  const [step, ...below] = at;
  if (step === undefined) return value;
  if (Array.isArray(whole))
    return whole.with(Number(step), replaced(whole[Number(step)] ?? null, below, value));
  const map = whole as Record<string, JsonValue>;
  return { ...map, [step]: replaced(map[step] ?? null, below, value) };
}
