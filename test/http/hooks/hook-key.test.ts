import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { standardKeyOf } from '../../../src/http/hooks/hook-key.js';

const test = suite('keys of hooks');

test('behind whsec_ stand 16 bytes or more in base64, padded or not', () => {
  const bytes = Buffer.alloc(16, 7);
  const text = bytes.toString('base64');
  assert.equal(standardKeyOf(`whsec_${text}`), bytes);
  assert.equal(standardKeyOf(`whsec_${text.replace(/=+$/, '')}`), bytes);
  const wrong = [
    '',
    Buffer.alloc(15, 7).toString('base64'),
    `${text}!`,
    `-${text}`,
    'a secret without base64',
  ];
  for (const rest of wrong) assert.is(standardKeyOf(`whsec_${rest}`), undefined, rest);
});

test('another secret is its own key, of 16 bytes or more', () => {
  assert.equal(standardKeyOf('0123456789abcdef'), Buffer.from('0123456789abcdef'));
  assert.is(standardKeyOf('0123456789abcde'), undefined);
});

test.run();
