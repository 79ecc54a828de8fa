import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foldEmail, isEmail, isSameEmail } from '../../src/model/email.js';
import { grantsOf } from '../../src/model/permission.js';

const test = suite('model/email');
/** Looks like K, and its small letter is k. */
const KELVIN = '\u212A';

test('addresses compare without the case of A to Z, and no other letter is one of them', () => {
  assert.is(foldEmail('Kate@ACME.example.com'), 'kate@acme.example.com');
  assert.ok(isSameEmail('KATE@example.com', 'kate@EXAMPLE.com'));
  assert.not.ok(isSameEmail(`${KELVIN}ate@example.com`, 'kate@example.com'));
});

test('an address that only looks like that of an admin has no role', () => {
  const org = { members: [{ email: 'kate@example.com', permissions: ['org:admin' as const] }] };
  assert.is(grantsOf(org, 'KATE@example.com')?.org, 'admin');
  assert.is(grantsOf(org, `${KELVIN}ate@example.com`), undefined);
});

test('an address has one @, no blanks, no brackets, and up to 254 characters', () => {
  for (const good of ['a@b', 'marc@example.com', `${'m'.repeat(242)}@example.com`])
    assert.ok(isEmail(good), good);
  const wrong = [
    '',
    'marc',
    '@b',
    'a@',
    'a@b@c',
    'a b@c',
    'a@b\n',
    '<a@b>',
    `${'m'.repeat(243)}@example.com`,
  ];
  for (const text of wrong) assert.not.ok(isEmail(text), text);
});

test.run();
