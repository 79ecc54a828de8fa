import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Parser } from 'yaml';
import { TokenParser } from '../../src/files/token-parser.js';
import { BAD_TEXT } from './bad-text.js';
import { randomYaml } from './random-yaml.js';

const test = suite('token parser');

function agree(text: string): void {
  assert.equal([...new TokenParser().parse(text)], [...new Parser().parse(text)]);
}

test('it gives the tokens that the package gives, for good texts', () => {
  fc.assert(
    fc.property(randomYaml, ({ text }) => agree(text)),
    { numRuns: 500 },
  );
});

test('and for bad ones', () => {
  for (const { content } of BAD_TEXT) {
    if (typeof content === 'string') agree(content.slice(0, 2000));
  }
  const character = fc.constantFrom(...'ab: ,-?[]{}\n\r\t"\'|>#&*!%\uFEFF\x02', '\n  ', '...\n', '---\n');
  fc.assert(
    fc.property(fc.array(character, { maxLength: 40 }), (characters) => agree(characters.join(''))),
    {
      numRuns: 2000,
    },
  );
});

test.run();
