import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { type Move, moveItem } from '../../src/files/edit-move.js';
import { readSource } from '../../src/files/yaml-source.js';
import { textOf } from '../../src/files/yaml-text.js';

const test = suite('moving an item of a list');

function move(text: string, to: Move): string {
  return textOf(moveItem(readSource({ path: 'a.yaml', text }), to));
}

const RULES = [
  '  # one\n  - id: a # first\n    percentage: 5\n',
  '  - { id: b }\n',
  '\n  # three\n  # lines\n  - id: c\n',
];
const TEXT = `# top\nrules:\n${RULES.join('')}  # end\nserve: off\n`;

test('it goes with its lines, the comments on them and directly above; all else stays', () => {
  const [a = '', b = '', c = ''] = RULES;
  assert.is(
    move(TEXT, { at: ['rules'], from: 0, to: 1 }),
    `# top\nrules:\n${b}${a}${c}  # end\nserve: off\n`,
  );
  assert.is(
    move(TEXT, { at: ['rules'], from: 0, to: 2 }),
    `# top\nrules:\n${b}${c}${a}  # end\nserve: off\n`,
  );
  assert.is(
    move(TEXT, { at: ['rules'], from: 2, to: 0 }),
    `# top\nrules:\n${c.slice(1)}${a}${b}\n  # end\nserve: off\n`,
    'a blank line belongs to nobody',
  );
});

test('a comment that is indented deeper than the items stays in the one above', () => {
  const [one, other] = ['  - id: a\n    # in a\n', '  # of b\n  - id: b\n'];
  const moved = `rules:\n${other}${one}end: 1\n`;
  assert.is(move(`rules:\n${one}${other}end: 1\n`, { at: ['rules'], from: 1, to: 0 }), moved);
  assert.is(move(`rules:\n${one}${other}end: 1\n`, { at: ['rules'], from: 0, to: 1 }), moved);
});

test('line ends, a byte order mark and a missing last line end stay', () => {
  assert.is(move('\uFEFF- a\r\n- b\r\n- c', { at: [], from: 0, to: 2 }), '\uFEFF- b\r\n- c\r\n- a');
  assert.is(move('- a\n- b\n- c', { at: [], from: 2, to: 0 }), '- c\n- a\n- b');
});

test('between brackets the items change places as they are written', () => {
  assert.is(move('x: [a, "b", c] # all\n', { at: ['x'], from: 1, to: 0 }), 'x: ["b", a, c] # all\n');
  assert.is(
    move("x: [\n  { id: 'a', n: 1 }, {id: b},\n  {\n    id: c # in c\n  },\n] # all\n", {
      at: ['x'],
      from: 0,
      to: 2,
    }),
    "x: [\n  {id: b}, {\n    id: c # in c\n  },\n  { id: 'a', n: 1 },\n] # all\n",
  );
  assert.is(move('x: [a: 1, [b], "c"]\n', { at: ['x'], from: 2, to: 0 }), 'x: ["c", a: 1, [b]]\n');
});

test('an item that shares its line with others otherwise is written anew in its place', () => {
  const noted = move("x: [\n  'a', # one\n  b, # other\n]\n", { at: ['x'], from: 0, to: 1 });
  assert.equal(parse(noted), { x: ['b', 'a'] });
  assert.ok(noted.includes('b, # other'), 'a comment stays with its item');
  assert.equal(parse(move('- - a # one\n  - b\n', { at: [0], from: 0, to: 1 })), [['b', 'a']]);
});

test('a text that keeps all line ends behind it means the same where it goes', () => {
  assert.equal(parse(move('- |+\n  a\n\n- b\n', { at: [], from: 0, to: 1 })), ['b', 'a\n\n']);
  assert.equal(parse(move('- |+\n  a\n\n# c\n- b\n', { at: [], from: 1, to: 0 })), ['b', 'a\n\n']);
});

test('a text that would take the lines behind its new place for its own is written anew', () => {
  assert.equal(parse(move('- |+\n  a\n- b\n\n', { at: [], from: 0, to: 1 })), ['b', 'a\n']);
  assert.equal(parse(move('- |+\n  a\n- b\n\n- c\n', { at: [], from: 0, to: 1 })), ['b', 'a\n', 'c']);
});

test('any move in any layout of rules gives the meant order, and no line comes or goes', () => {
  const style = fc.constantFrom(
    (id: number) => `  - { id: r${id} } # note ${id}\n`,
    (id: number) => `  # above ${id}\n  - id: r${id} # note ${id}\n    percentage: 5\n`,
    (id: number) => `\n  -\n    # within ${id}\n    id: r${id}\n`,
    (id: number) => `  - id: r${id}\n    description: |\n      text ${id}\n\n      more\n`,
  );
  const list = fc.array(style, { minLength: 2, maxLength: 7 });
  fc.assert(
    fc.property(list, fc.nat(), fc.nat(), fc.boolean(), (styles, one, other, isWindows) => {
      const unix = `rules:\n${styles.map((write, id) => write(id)).join('')}  # end\nserve: off\n`;
      const text = isWindows ? unix.replaceAll('\n', '\r\n') : unix;
      const [from, to] = [one % styles.length, other % styles.length];
      const moved = move(text, { at: ['rules'], from, to });
      const { rules } = parse(text) as { readonly rules: readonly unknown[] };
      assert.equal(parse(moved), {
        rules: rules.toSpliced(from, 1).toSpliced(to, 0, rules[from]),
        serve: 'off',
      });
      assert.equal(moved.split('\n').sort(), text.split('\n').sort());
    }),
    { numRuns: 500, seed: 20_260_115 },
  );
});

test('any move between brackets gives the meant order, and the same pieces', () => {
  const item = fc.constantFrom('a', "'b'", '"c, d"', '{ e: 1 }', '[f,  g]', '{\n  "h": i }', '1.50', 'no');
  const gap = fc.constantFrom(', ', ',', ',\n  ', ' , ');
  const list = fc.array(fc.tuple(item, gap), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(list, fc.nat(), fc.nat(), (parts, one, other) => {
      const text = `x: [ ${parts.flat().join('')} ] # end\ny: 1\n`;
      const [from, to] = [one % parts.length, other % parts.length];
      const { x } = parse(text) as { readonly x: readonly unknown[] };
      const moved = move(text, { at: ['x'], from, to });
      assert.equal(parse(moved), { x: x.toSpliced(from, 1).toSpliced(to, 0, x[from]), y: 1 });
      assert.equal([...moved].sort(), [...text].sort());
    }),
    { numRuns: 300, seed: 20_260_115 },
  );
});

test.run();
