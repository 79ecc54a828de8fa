import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixText } from '../../src/files/fix.js';
import { judgeText } from '../../src/files/parse.js';
import { readYaml } from '../../src/files/yaml-text.js';

const test = suite('fix (DESIGN 3: repairs only problems that it names)');

test('words that YAML 1.1 reads as true or false get quotes', () => {
  const { text, fixed } = fixText('segment', 'when: [{ attribute: country, in: [DE, NO] }] # Norway\n');
  assert.is(text, 'when: [{ attribute: country, in: [DE, "NO"] }] # Norway\n');
  assert.equal(
    fixed.map(({ line, column, code }) => `${line}:${column} ${code}`),
    ['1:39 YAML_1_1_WORD'],
  );
});

test('blanks at line ends, a missing last line break and a byte order mark go', () => {
  assert.is(
    fixText('segment', '\uFEFFactive: true  \n# why\t\ndescription: x').text,
    'active: true\n# why\ndescription: x\n',
  );
});

test('line ends stay as they are', () => {
  assert.is(fixText('segment', 'active: true \r\ndescription: x').text, 'active: true\r\ndescription: x\r\n');
});

test('blanks inside a text are the text', () => {
  const block = 'description: |\n  two blanks  \n  end\nname: "a  \n  b"\n';
  assert.equal(fixText('segment', block), { text: block, fixed: [] });
});

test('what has no safe repair stays, and so does all around it', () => {
  for (const text of ['activ: true\n', 'active: yes\n', 'a: [\n', '', 'active: &a true  \n']) {
    assert.equal(fixText('segment', text), { text, fixed: [] });
  }
});

test('blanks are told apart from text in a long file as in a short one', () => {
  const block = 'name: "a  \n  b"\n';
  const lines = '# note  \n'.repeat(6000);
  const { text, fixed } = fixText('segment', `${lines}${block}${lines}active: true`);
  assert.is(text, `${lines.replaceAll('  \n', '\n')}${block}${lines.replaceAll('  \n', '\n')}active: true\n`);
  assert.is(fixed.length, 100, 'no more are told');
});

test('a repaired text says the same and needs no second repair', () => {
  const line = fc.constantFrom(
    'active: true',
    'name: NO',
    'description: plain',
    'when: [{ attribute: country, in: [n, "y", No] }]',
    'include: { users: [off] }',
    'exclude: { users: ["a",',
    '  ON] }',
    'createdAt: "2026-01-15T10:00:00Z"',
    '# note',
    '',
    'id: |-',
    '  text',
  );
  const blanks = fc.constantFrom('', ' ', '\t', '  ');
  const ends = fc.constantFrom('\n', '\r\n');
  const texts = fc
    .array(fc.tuple(line, blanks, ends), { maxLength: 6 })
    .map((parts) => parts.flat().join(''));
  let read = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const before = judgeText('segment', readYaml(text));
      const { text: repaired } = fixText('segment', text);
      assert.equal(judgeText('segment', readYaml(repaired)).value, before.value);
      assert.equal(fixText('segment', repaired).fixed, []);
      if (before.value !== undefined) read += 1;
    }),
    { numRuns: 2000, seed: 11 },
  );
  assert.ok(read > 400, `only ${read} of the texts could be read`);
});

test.run();
