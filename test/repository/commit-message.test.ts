import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { messageParts } from '../../src/repository/commit-message.js';

const test = suite('repository/commit-message');

const NOTHING = { reason: undefined, force: undefined, user: undefined };

test('the subject is the first line, the body is the rest', () => {
  assert.equal(messageParts('one\n'), { subject: 'one', body: '', ...NOTHING });
  assert.equal(messageParts('\n one\ntwo\r\n\r\nthree\n\n'), {
    subject: 'one',
    body: 'two\n\nthree',
    ...NOTHING,
  });
  assert.equal(messageParts(''), { subject: '', body: '', ...NOTHING });
});

test('our own trailers are taken out of the last paragraph, and those of others stay', () => {
  const message =
    'one\n\nwhy\n\nFlagstaff-Org: acme\nFlagstaff-Reason:  two words \nFlagstaff-User: idp|7\nSigned-off-by: Marc <marc@example.com>\n';
  const body = 'why\n\nSigned-off-by: Marc <marc@example.com>';
  assert.equal(messageParts(message), {
    subject: 'one',
    body,
    reason: 'two words',
    force: undefined,
    user: 'idp|7',
  });
});

test('what looks like a trailer elsewhere is text', () => {
  const message = 'Flagstaff-Reason: subject\n\nFlagstaff-Reason: early\n\n Flagstaff-Reason: indented\n';
  const body = 'Flagstaff-Reason: early\n\n Flagstaff-Reason: indented';
  assert.equal(messageParts(message), { subject: 'Flagstaff-Reason: subject', body, ...NOTHING });
  assert.equal(messageParts('Flagstaff-Reason: a\nFlagstaff-Force: b').reason, undefined);
});

test('each part is cut after 1,000 characters, never in the middle of one', () => {
  const { subject, body, reason } = messageParts(
    `${'s'.repeat(2_000)}\n\n${'b'.repeat(999)}😀\n\nFlagstaff-Reason: ${'r'.repeat(2_000)}\n`,
  );
  assert.equal([subject.length, body.length, reason?.length], [1_000, 999, 1_000]);
});

test.run();
