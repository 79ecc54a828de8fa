import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixText } from '../../src/files/fix.js';
import { parseText } from '../../src/files/parse.js';

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

test('a repaired text says the same and needs no second repair', () => {
  const lines = fc.constantFrom(
    'description: x',
    'name: NO',
    'active: true',
    'tags: [n, "y"]',
    '# note',
    '',
    'name: |',
    '  text',
    'a: "b',
    '  c"',
  );
  const blanks = fc.constantFrom('', ' ', '\t', '  ');
  const ends = fc.constantFrom('\n', '\r\n');
  const texts = fc.array(fc.tuple(lines, blanks, ends)).map((parts) => parts.flat().join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const before = parseText('segment', text);
      const { text: repaired } = fixText('segment', text);
      assert.equal(parseText('segment', repaired).value, before.value);
      assert.equal(fixText('segment', repaired).fixed, []);
    }),
    { numRuns: 1000 },
  );
});

test.run();
