import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const TESTS = 'test';
const SELF = join('scripts', 'promises.test.ts');
const PROMISES = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P12', 'P17', 'P18', 'P19', 'P20', 'P21'];
/** The first words of a test, up to its function: `test('…', async`, also over two lines. */
const TITLE = /^\w+\(\s*(['"`])((?:(?!\1).)*)\1,/gm;

test('every promise about writing and access has a test that carries its number in its title', () => {
  const numbers = new Set(titles().flatMap((title) => title.match(/\bP\d+\b/g) ?? []));
  assert.equal(
    PROMISES.filter((promise) => !numbers.has(promise)),
    [],
  );
});

test.run();

function titles(): readonly string[] {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.test.ts') && name !== SELF)
    .flatMap((name) => [...readFileSync(join(TESTS, name), 'utf8').matchAll(TITLE)])
    .map((match) => match[2] ?? '');
}
