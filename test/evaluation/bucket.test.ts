import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagdBucketer, murmur3, murmur3Bytes } from '../../src/evaluation/bucket.js';

/** Pinned: a hash that changes moves everybody in every split. The values are those of two other implementations. */
const VECTORS: readonly (readonly [string, number])[] = [
  ['', 0],
  ['a', 1009084850],
  ['ab', 2613040991],
  ['abc', 3017643002],
  ['abcd', 1139631978],
  ['hello', 613153351],
  ['hello, world', 345750399],
  ['The quick brown fox jumps over the lazy dog', 776992547],
  ['größe', 3822294591],
  ['naïve-ключ', 1293938710],
  ['日本語', 2779017879],
  ['😀', 3199479546],
  ['u-1é', 181047635],
];

test('murmur3 of ASCII and of UTF-8 gives the pinned values (DESIGN 4, split)', () => {
  for (const [text, hash] of VECTORS) assert.is(murmur3(text), hash, text);
});

test('murmur3 takes a seed', () => {
  assert.is(murmur3('', '', 1), 1364076727);
  assert.is(murmur3('hello', '', 0x9747b28c), 1568626408);
  assert.is(murmur3('aaaa', '', 0x9747b28c), 1519878282);
});

test('murmur3 of two texts is that of their concatenation, wherever it is cut', () => {
  for (const [text, hash] of VECTORS) {
    for (let cut = 0; cut <= text.length; cut += 1)
      assert.is(murmur3(text.slice(0, cut), text.slice(cut)), hash);
  }
});

test('murmur3 of bytes is that of the text they encode', () => {
  for (const [text, hash] of VECTORS) assert.is(murmur3Bytes(new TextEncoder().encode(text)), hash, text);
});

test('a lone surrogate hashes as U+FFFD', () => {
  assert.is(murmur3('\ud83d'), 3063719617);
  assert.is(murmur3('a\udc00b'), 3412674851);
  assert.is(murmur3('a\udc00b'), murmur3('a\ufffdb'));
});

test('a bucket is floor(hash * total / 2^32), exactly, up to totals of 2^31 - 1 (DESIGN 4, split)', () => {
  for (const total of [1, 2, 3, 100, 100_000, 2 ** 21 + 1, 2 ** 31 - 1]) {
    for (let index = 0; index < 2000; index += 1) {
      const exact = (BigInt(murmur3(`salt-${index}`)) * BigInt(total)) >> 32n;
      assert.is(flagdBucketer('salt-', String(index), total), Number(exact));
    }
  }
});

test.run();
