import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mintToken } from '../../src/http/auth.js';
import { Failure } from '../../src/model/failure.js';

const SECRET = 'a secret of the tests, long enough for HS256';

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

test('a token says what it is told, ends after 30 days, and has an id of its own', async () => {
  const claims = claimsOf(await mintToken({ secret: SECRET, sub: 'ci' }));
  assert.equal(Object.keys(claims).sort(), ['exp', 'iat', 'jti', 'sub']);
  assert.is(Number(claims.exp) - Number(claims.iat), 30 * 24 * 3600);
  assert.is.not(claimsOf(await mintToken({ secret: SECRET, sub: 'ci' })).jti, claims.jti);
});

for (const [what, request] of Object.entries({
  'a subject with a line end': { sub: 'a\nb' },
  'no subject': { sub: '' },
  'a name with brackets': { sub: 'a', name: 'Eve <eve@example.com>' },
  'a name of blanks': { sub: 'a', name: '  ' },
  'a name that turns the direction of reading': { sub: 'a', name: 'Marc\u202Egnp' },
  'half a character in its name': { sub: 'a', name: 'Marc\uD800' },
  'an address that turns the direction of reading': { sub: 'a', email: 'marc\u2066@example.com' },
  'an address too long to stand for a name': { sub: 'a', email: `${'m'.repeat(200)}@example.com` },
  'an address that is none': { sub: 'a', email: 'marc' },
  'the author of what nobody in particular does (P17)': { sub: 'anonymous' },
  'the address of that author (P17)': { sub: 'a', email: 'Anonymous@flagstaff.invalid' },
  'the committer of every change (P17)': { sub: 'flagstaff' },
  'a life that is none': { sub: 'a', expires: 'soon' },
})) {
  test(`no token is made with ${what}`, async () => {
    const failure = await mintToken({ secret: SECRET, ...request }).then(
      () => undefined,
      (error) => error,
    );
    assert.instance(failure, Failure);
    assert.is(failure.kind, 'invalid');
  });
}

test.run();
