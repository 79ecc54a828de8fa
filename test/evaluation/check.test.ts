import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkNetwork, checkRange, checkRegex, checkVersion } from '../../src/evaluation/check.js';

type Check = (text: string) => string | undefined;

function accepts(check: Check, texts: readonly string[]): void {
  for (const text of texts) assert.is(check(text), undefined, text);
}

function refuses(check: Check, texts: readonly string[]): void {
  for (const text of texts) assert.match(check(text) ?? '', /\.$/, `${JSON.stringify(text)} is refused`);
}

test('a regular expression is one in RE2 syntax (DESIGN 4, clauses)', () => {
  accepts(checkRegex, ['', '^a+$', '(?i)x', '[[:alpha:]]', '\\pL+', '(?P<name>a)']);
  refuses(checkRegex, ['(', '[', 'a**', '(?=a)', '(?<!a)b', '(a)\\1', '\\', 'a{2,1}', '(a{1000}){1000}']);
  assert.match(checkRegex('(') ?? '', /"\("/);
});

test('a regular expression whose matching is too much work is refused (RELIABILITY, P13)', () => {
  accepts(checkRegex, ['[a-z0-9.]{1,64}@[a-z0-9.]{1,255}', '.{1,255}', 'a'.repeat(256)]);
  refuses(checkRegex, ['(?i)(\\pL?){900}z$', '(?:a?b?){600}']);
});

test('a version may be short and have a leading v (DESIGN 4, clauses)', () => {
  accepts(checkVersion, ['2', '2.4', '2.4.0', 'v2.4.0', 'V1', '1.0.0-alpha.1', '2.4-beta', '1.0.0+build']);
  refuses(checkVersion, [
    '',
    'v',
    'latest',
    '1.2.3.4',
    '01.2.3',
    '1.2.x',
    ' 1.2.3',
    '1.2.3-',
    '9'.repeat(300),
  ]);
});

test('a range is one as npm writes it (DESIGN 4, clauses)', () => {
  accepts(checkRange, ['>=2.4.0 <3', '^1.2', '~2', '1.x || >=3', '*', 'v2.4.0']);
  refuses(checkRange, ['latest', '>=>2', '1.2.3.4', `>=1 ${'|| >=1 '.repeat(100)}`]);
});

test('a network is an address and bits (DESIGN 4, clauses)', () => {
  accepts(checkNetwork, ['10.0.0.0/8', '10.1.2.3/8', '0.0.0.0/0', '::/0', '2001:db8::/32', '::1/128']);
  refuses(checkNetwork, [
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0/8',
    '::/129',
    'fe80::1%eth0/64',
    '10.0.0.0/8/8',
    'a/8',
    '',
  ]);
});

test.run();
