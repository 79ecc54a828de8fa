import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Edit, editSource } from '../../src/files/edit.js';
import { readSource } from '../../src/files/yaml-source.js';
import { textOf } from '../../src/files/yaml-text.js';
import { Failure } from '../../src/model/failure.js';
import type { JsonValue } from '../../src/model/values.js';

function editText(text: string, edits: readonly Edit[]): string {
  return textOf(editSource(readSource({ path: 'a.yaml', text }), edits));
}

const FLAG = `# yaml-language-server: $schema=../../../../schemas/flag.json
# Asked for by the checkout team.
name: 'New checkout'   # shown in the list
description: >-
  Redesigned checkout
  page
tags: [web, "shop"] # searchable
environments:
  # try it here first
  development: { enabled: true }
  production:
    enabled: false # legal says no
    rules:
      # Germany first
      - id: german-pros
        when:
          - { attribute: country, equals: DE }
      # then everyone, slowly
      - { id: canary, percentage: 5 } # since March
    # end of production

# last words
`;

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

/** Only the lines that differ, as a diff shows them. */
function changed(text: string, ...edits: readonly Edit[]): readonly string[] {
  const [before, after] = [text.split('\n'), editText(text, edits).split('\n')];
  let [start, end] = [0, 0];
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end += 1;
  return [
    ...before.slice(start, before.length - end).map((line) => `-${line}`),
    ...after.slice(start, after.length - end).map((line) => `+${line}`),
  ];
}

test('a scalar changes in its place, its comment stays (DESIGN 3)', () => {
  assert.equal(changed(FLAG, { at: ['environments', 'production', 'enabled'], set: true }), [
    '-    enabled: false # legal says no',
    '+    enabled: true # legal says no',
  ]);
});

test('quotes stay the quotes that the author chose', () => {
  assert.equal(changed(FLAG, { at: ['name'], set: "It's new" }), [
    "-name: 'New checkout'   # shown in the list",
    "+name: 'It''s new'   # shown in the list",
  ]);
  assert.equal(changed(FLAG, { at: ['tags', 1], set: 'cart' }), [
    '-tags: [web, "shop"] # searchable',
    '+tags: [web, "cart"] # searchable',
  ]);
});

test('a key is added to a map between brackets, and to one that is not', () => {
  assert.equal(changed(FLAG, { at: ['environments', 'development', 'killed'], set: true }), [
    '-  development: { enabled: true }',
    '+  development: { enabled: true, killed: true }',
  ]);
  assert.equal(changed(FLAG, { at: ['environments', 'production', 'serve'], set: { on: 20, off: 80 } }), [
    '+    serve: { "on": 20, "off": 80 }',
  ]);
  assert.ok(
    editText(FLAG, [{ at: ['owner'], set: 'team-payments' }]).includes(
      '    # end of production\nowner: team-payments\n\n# last words\n',
    ),
  );
});

test('missing parents are made', () => {
  assert.equal(changed(FLAG, { at: ['environments', 'staging', 'enabled'], set: true }), [
    '+  staging: { enabled: true }',
  ]);
  assert.is(
    editText('environments: {}\n', [{ at: ['environments', 'production', 'enabled'], set: true }]),
    'environments:\n  production: { enabled: true }\n',
  );
  assert.is(
    editText('environments:\n', [{ at: ['environments', 'production', 'enabled'], set: true }]),
    'environments:\n  production: { enabled: true }\n',
  );
});

test('a key goes with its line and the comment on it, comments around it stay', () => {
  assert.equal(changed(FLAG, { at: ['environments', 'production', 'enabled'], remove: true }), [
    '-    enabled: false # legal says no',
  ]);
  assert.equal(changed(FLAG, { at: ['environments', 'production', 'rules', 1], remove: true }), [
    '-      - { id: canary, percentage: 5 } # since March',
  ]);
  assert.equal(changed(FLAG, { at: ['environments', 'production', 'owner'], remove: true }), []);
});

test('what loses its last entry is empty, not null', () => {
  assert.is(editText('tags: [a]\nb: 1\n', [{ at: ['tags', 0], remove: true }]), 'tags: []\nb: 1\n');
  assert.is(editText('a:\n  b: 1\n', [{ at: ['a', 'b'], remove: true }]), 'a: {}\n');
});

test('a list that is set keeps the items that stay, with their comments', () => {
  const rules = [
    { id: 'german-pros', when: [{ attribute: 'country', equals: 'DE' }] },
    { id: 'canary', percentage: 20 },
    { id: 'rest', serve: 'off' },
  ];
  assert.equal(changed(FLAG, { at: ['environments', 'production', 'rules'], set: rules }), [
    '-      - { id: canary, percentage: 5 } # since March',
    '+      - { id: canary, percentage: 20 } # since March',
    '+      - { id: rest, serve: "off" }',
  ]);
});

test('a folded text stays folded', () => {
  const long =
    'The checkout page that the design team drew again, with one step less and the total always in sight';
  assert.equal(changed(FLAG, { at: ['description'], set: long }), [
    '-  Redesigned checkout',
    '-  page',
    '+  The checkout page that the design team drew again, with one step less and the',
    '+  total always in sight',
  ]);
});

test('an item is put before another, and behind the last', () => {
  const first = { id: 'first', percentage: 1 };
  assert.equal(changed(FLAG, { at: ['environments', 'production', 'rules', 1], insert: first }), [
    '+      - { id: first, percentage: 1 }',
  ]);
  assert.equal(changed(FLAG, { at: ['tags', 2], set: 'new' }), [
    '-tags: [web, "shop"] # searchable',
    '+tags: [web, "shop", new] # searchable',
  ]);
});

test('of two equal items the place says which one is new, and which one goes', () => {
  const text = '- x # first\n- x # second\n';
  assert.is(editText(text, [{ at: [0], insert: 'x' }]), '- x\n- x # first\n- x # second\n');
  assert.is(editText(text, [{ at: [0], remove: true }]), '- x # second\n');
  assert.is(editText(text, [{ at: [1], remove: true }]), '- x # first\n');
});

test('a list that loses all its items is an empty one', () => {
  assert.is(
    editText('a: # why\n  - x\n  # last\n  - y\nb: 1\n', [{ at: ['a'], set: [] }]),
    'a: [] # why\n  # last\nb: 1\n',
  );
  assert.is(editText('a: [x, { y: 1 }]\n', [{ at: ['a'], set: [] }]), 'a: []\n');
});

test('line ends, a byte order mark and a missing last line end stay', () => {
  const text = '\uFEFFa: 1\r\nb: 2';
  assert.is(
    editText(text, [{ at: ['c'], set: [{ x: { z: 1 } }] }]),
    '\uFEFFa: 1\r\nb: 2\r\nc:\r\n  - x: { z: 1 }',
  );
  assert.is(editText(text, [{ at: ['b'], set: 'two' }]), '\uFEFFa: 1\r\nb: two');
});

test('a split in another order is another split: the order of the file follows', () => {
  const text = 'serve: { on: 20, off: 80 } # careful\n';
  const edited = editText(text, [{ at: ['serve'], set: { off: 80, on: 20 } }]);
  assert.is(edited, 'serve: { "off": 80, "on": 20 } # careful\n');
});

test('a file of comments alone gets its first value behind them', () => {
  assert.is(editText('# nothing yet\n', [{ at: ['a'], set: 1 }]), '# nothing yet\na: 1\n');
});

test('what cannot be read is refused with its place, not repaired by chance (FILE_BROKEN)', () => {
  const bomb = `a: &a [x, x]\n${'bcdefghij'.replace(/./g, (key) => `${key}: [*a, *a]\n`)}`;
  const refused: readonly (readonly [string, string, string])[] = [
    ['a: [1\nb: 2\n', 'YAML_SYNTAX', '2:1'],
    ['a: &x 1\nb: *x\n', 'YAML_FEATURE', '1:4'],
    [bomb, 'YAML_FEATURE', '1:4'],
    ['a: !text 1\n', 'YAML_FEATURE', '1:4'],
    ['a: 1\n---\nb: 2\n', 'YAML_FEATURE', '2:1'],
    ['<<: { b: 1 }\n', 'YAML_FEATURE', '1:1'],
    ['? [a]\n: 1\n', 'YAML_FEATURE', '1:3'],
    ['b: 1\nb: 2\n', 'DUPLICATE_KEY', '2:1'],
    ['__proto__: 1\n', 'FORBIDDEN_KEY', '1:1'],
    ['a: \u0007\n', 'YAML_SYNTAX', '1:4'],
  ];
  for (const [text, code, place] of refused) {
    const failure = failureOf(() => editText(text, [{ at: ['b'], set: 3 }]));
    assert.is(failure.code, 'FILE_BROKEN', text);
    const [problem] = failure.data.problems ?? [];
    assert.equal([problem?.code, `${problem?.line}:${problem?.column}`], [code, place], text);
    assert.is(failure.message.includes('\n'), false);
    assert.is(/at line \d/.test(failure.message), false);
  }
});

test('a value that is wrong stops no edit: the edit may be its repair', () => {
  assert.is(editText('a: 99999999999999999999\n', [{ at: ['a'], set: 1 }]), 'a: 1\n');
  assert.is(editText('1: red\n', [{ at: ['1'], remove: true }]), '{}\n');
});

test('an edit may leave what others will refuse: too deep, too wide', () => {
  let deep: JsonValue = 1;
  for (let depth = 0; depth < 40; depth += 1) deep = { a: deep };
  assert.match(editText('a: 1\n', [{ at: ['b'], set: deep }]), /^a: 1\nb:\n/);
});

test('a moment stays plain where its author wrote one, and keys are quoted where their neighbours are', () => {
  const now = '2026-03-01T08:30:00Z';
  const set = (text: string, at: readonly (string | number)[], value: JsonValue): string =>
    editText(text, [{ at, set: value }]);
  assert.is(set('t: 2026-02-01T10:00:00Z # now\n', ['t'], now), `t: ${now} # now\n`);
  assert.is(set('a: { t: 2026-02-01T10:00:00Z }\n', ['a', 't'], now), `a: { t: ${now} }\n`);
  assert.is(set('t: 2026-02-01\n', ['t'], '2026-03-01'), 't: 2026-03-01\n');
  assert.is(set('t: 2026-02-01\n', ['t'], '7'), 't: "7"\n');
  assert.is(set('t: soon\n', ['t'], now), `t: "${now}"\n`);
  assert.is(set('{"a": {"b": 1}}\n', ['a', 'c'], { d: 'x' }), '{"a": {"b": 1, "c": { "d": "x" }}}\n');
  assert.is(set("a: { 'b': 1 }\n", ['a', 'c'], true), "a: { 'b': 1, 'c': true }\n");
  assert.is(set('[{"a": "x"}]\n', [1], { a: 'y' }), '[{"a": "x"}, { "a": "y" }]\n');
  assert.is(set('{"a": {"b": 1}}\n', ['a'], { c: 'x' }), '{"a": { "c": "x" }}\n');
});

test('the bracket that shares the last line of an item stays in its collection when the item goes', () => {
  const remove = (text: string, ...at: readonly (string | number)[]): string =>
    editText(text, [{ at, remove: true }]);
  assert.is(remove('a:\n  b: { c: 1,\n       d: 2 }\n', 'a', 'b', 'd'), 'a:\n  b: { c: 1 }\n');
  assert.is(remove('a: { c: 1,\n     d: 2, }\n', 'a', 'd'), 'a: { c: 1, }\n');
  assert.is(remove('a: [one,\n  two]\n', 'a', 1), 'a: [one]\n');
  assert.is(remove('a: { c: 1, # why\n     d: 2 }\n', 'a', 'd'), 'a: { c: 1 # why\n     }\n');
  assert.is(remove('a: { c: 1,\n# why\n  d: 2\n  }\n', 'a', 'd'), 'a: { c: 1,\n# why\n  }\n');
  assert.is(remove('a: {c,\n#\n d: 2}\n', 'a', 'd'), 'a: {c,\n#\n }\n');
});

test('an edit below a scalar is a bug of the caller, and throws', () => {
  assert.throws(() => editText('a: 1\n', [{ at: ['a', 'b'], set: 1 }]), /nothing can be at/);
});

test.run();
