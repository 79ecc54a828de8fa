import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editSource } from '../../src/files/edit.js';
import { parseFile, parseText } from '../../src/files/parse.js';
import { readRecent } from '../../src/files/recent-texts.js';
import { readSource } from '../../src/files/yaml-source.js';
import { textOf } from '../../src/files/yaml-text.js';

const test = suite('texts that were read lately');

function long(name: string): string {
  return `# ${name}\n${'- x\n'.repeat(10_000)}`;
}

test('a text is not read again, nor is what an edit made of it', () => {
  const text = 'name: A # lately\nenvironments: {}\n';
  assert.is(readRecent(text), readRecent(text));
  const edited = editSource(readSource({ path: 'a.yaml', text }), [{ at: ['name'], set: 'B' }]);
  assert.is(readRecent(textOf(edited)).reading, edited.reading);
});

test('only the last one of long texts is kept, so that memory stays bounded', () => {
  const [one, other] = [readRecent(long('one')), readRecent(long('other'))];
  assert.is(readRecent(long('other')), other);
  assert.is.not(readRecent(long('one')), one);
});

test('the one that was asked for longest ago goes first', () => {
  const texts = Array.from({ length: 40 }, (_, place) => `# ${place}\n${'- x\n'.repeat(250)}`);
  const first = readRecent(texts[0] ?? '');
  for (const text of texts.slice(1, 20)) readRecent(text);
  assert.is(readRecent(texts[0] ?? ''), first);
  for (const text of texts.slice(20)) readRecent(text);
  assert.is(readRecent(texts[0] ?? ''), first, 'it was asked for since');
  for (const text of texts.slice(1)) readRecent(text);
  assert.is.not(readRecent(texts[0] ?? ''), first);
});

test('what was read for an edit is judged as the bytes are: size, pointers of LFS, depth and width', () => {
  const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
  const wide = Array.from({ length: 3000 }, (_, place) => `k${place}: 1\n`).join('');
  const texts = [
    'name: A\r\nenvironments: {}\r\n',
    '\uFEFFname: A  \nenvironments: {}',
    '\uFEFFname: no\n  x: [\n',
    'environments: {}\nmetadata: { a: 1, a: 2 }\n',
    `environments: {}\nmetadata: { a: ${deep} }\n`,
    `environments: {}\nmetadata:\n${wide.replace(/^/gm, '  ').trimEnd()}\n`,
    `environments: {}\n# ${'ä'.repeat(40_000)}\n`,
    'version https://git-lfs.github.com/spec/v1\noid: 1\n',
    '# nothing\n',
    '',
  ];
  for (const text of texts) {
    const parsed = parseFile('flag', Buffer.from(text));
    assert.equal(parseText('flag', text), parsed, text.slice(0, 40));
    assert.equal(parseText('flag', text, readRecent(text)), parsed, text.slice(0, 40));
  }
});

test('an edit that makes a text too deep to be served is made, and told as what it is', () => {
  const value = Array.from({ length: 40 }).reduce<readonly unknown[]>((inner) => [inner], []);
  const source = readSource({ path: 'a.yaml', text: 'environments: {}\n' });
  const edited = editSource(source, [{ at: ['metadata'], set: { a: value as never } }]);
  assert.equal(edited.value, { environments: {}, metadata: { a: value } });
  const parsed = parseText('flag', textOf(edited), edited);
  assert.equal(parsed, parseFile('flag', Buffer.from(textOf(edited))));
  assert.equal(
    parsed.problems.map(({ code }) => code),
    ['TOO_DEEP'],
  );
});

test.run();
