import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../../src/model/failure.js';
import { parseRemote, withoutCredentials } from '../../../src/repository/remote/address.js';

const test = suite('repository/remote/address');

const TAKEN = [
  ['https://git.example.com/acme/flags.git', 'http', 'https://git.example.com/acme/flags.git', undefined],
  ['http://127.0.0.1:8080/flags.git', 'http', 'http://127.0.0.1:8080/flags.git', undefined],
  [
    'https://marc:s3cr%3At@git.example.com/flags.git',
    'http',
    'https://git.example.com/flags.git',
    { username: 'marc', password: 's3cr:t' },
  ],
  [
    'https://ghp_token@git.example.com/flags.git',
    'http',
    'https://git.example.com/flags.git',
    { username: 'ghp_token', password: '' },
  ],
  ['ssh://git@git.example.com:2222/flags.git', 'ssh', 'ssh://git@git.example.com:2222/flags.git', undefined],
  ['git@git.example.com:acme/flags.git', 'ssh', 'git@git.example.com:acme/flags.git', undefined],
  ['https://git.example.com/flags.git/', 'http', 'https://git.example.com/flags.git', undefined],
  ['git@git.example.com:acme/flags.git/', 'ssh', 'git@git.example.com:acme/flags.git', undefined],
  ['/srv/flags.git/', 'file', '/srv/flags.git', undefined],
  ['file:///srv/flags.git', 'file', 'file:///srv/flags.git', undefined],
  ['/srv/flags.git', 'file', '/srv/flags.git', undefined],
] as const;

for (const [text, kind, url, credentials] of TAKEN) {
  test(`${text} is taken apart, and what may not be shown is apart`, () => {
    assert.equal(parseRemote(text), { url, kind, credentials });
  });
}

const REFUSED = [
  '',
  'flags.git',
  './flags.git',
  '--upload-pack=evil',
  '-oProxyCommand=evil:x',
  'ext::sh -c evil',
  'fd::17',
  'ftp://git.example.com/flags.git',
  'git://git.example.com/flags.git',
  'ssh://-oProxyCommand=evil/x',
  'ssh://marc:planted@git.example.com/x',
  'file://other-machine/srv/flags.git',
  'https://marc:planted@git.example.com/x?y=1',
  'https://ma%0Arc:planted@git.example.com/x',
  'https://marc:planted%@git.example.com/x',
  'https://git.example.com/a b',
  'https://git.example.com/\nevil',
  'https://planted:planted@',
  // A protocol or slashes were forgotten.
  'flagstaff:planted@git.example.com/acme/flags.git',
  'flagstaff:planted@git.example.com:8443/acme/flags.git',
  'https:flagstaff:planted@git.example.com/acme/flags.git',
  'https:git.example.com/planted/flags.git',
  'http:/git.example.com/flags.git',
  '//flagstaff:planted@git.example.com/acme/flags.git',
];

for (const text of REFUSED) {
  test(`${JSON.stringify(text)} is refused, and not repeated`, () => {
    try {
      parseRemote(text);
    } catch (error) {
      const { code, kind, message } = error as Failure;
      assert.equal([kind, code], ['invalid', 'INVALID_REMOTE']);
      assert.is(message.includes('planted') || message.includes('evil'), false);
      return;
    }
    assert.unreachable();
  });
}

test('credentials go from a text in every form that a program may have repeated', () => {
  const address = parseRemote('https://marc:pl%40nted@git.example.com/x');
  const basic = Buffer.from('marc:pl@nted').toString('base64');
  const text = `marc pl@nted pl%40nted Basic ${basic}`;
  assert.is(withoutCredentials(text, address), 'marc *** *** Basic ***');
});

test('a token that stands where the name does goes, too', () => {
  const address = parseRemote('https://ghp_planted@git.example.com/x');
  assert.is(withoutCredentials('for ghp_planted: no', address), 'for ***: no');
  const beside = parseRemote('https://planted:x-oauth-basic@git.example.com/x');
  assert.is(withoutCredentials('for planted: no', beside), 'for ***: no');
  const long = parseRemote(`https://${'planted'.repeat(4)}:x@git.example.com/`);
  assert.is(withoutCredentials(`for ${'planted'.repeat(4)}: no`, long), 'for ***: no');
});

test.run();
