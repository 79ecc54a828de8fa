import { SignJWT, UnsecuredJWT } from 'jose';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { authorOf, mintToken, verifyToken } from '../../src/http/auth.js';
import { Failure } from '../../src/model/failure.js';
import { checkedIdentity } from '../../src/repository/identity.js';

const SECRET = 'a secret of the tests, long enough for HS256';
const KEY = new TextEncoder().encode(SECRET);

test('a token says who its bearer is (DESIGN 8)', async () => {
  const token = await mintToken({
    secret: SECRET,
    sub: 'u-1',
    email: 'marc@example.com',
    name: 'Marc',
    superAdmin: true,
    expires: '1h',
  });
  assert.equal(await verifyToken(token, SECRET), {
    subject: 'u-1',
    email: 'marc@example.com',
    name: 'Marc',
    isSuperAdmin: true,
  });
});

test('what a token is not told it does not say, and it ends', async () => {
  const token = await mintToken({ secret: SECRET, sub: 'ci' });
  assert.equal(await verifyToken(token, SECRET), {
    subject: 'ci',
    email: undefined,
    name: undefined,
    isSuperAdmin: false,
  });
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  assert.is(claims.exp - claims.iat, 30 * 24 * 3600);
});

const sign = (claims: Record<string, unknown>, set: (token: SignJWT) => SignJWT, alg = 'HS256', key = KEY) =>
  set(new SignJWT(claims).setProtectedHeader({ alg })).sign(key);
const good = (token: SignJWT) => token.setSubject('u-1').setExpirationTime('1h');
const flipped = (token: string) => `${token.slice(0, -3)}${token.endsWith('AAA') ? 'BBB' : 'AAA'}`;

const BAD: Readonly<Record<string, () => Promise<string>>> = {
  'another secret': () => mintToken({ secret: `${SECRET}.`, sub: 'u-1' }),
  'no end': () => sign({}, (token) => token.setSubject('u-1')),
  'no subject': () => sign({}, (token) => token.setExpirationTime('1h')),
  'an end in the past': () => sign({}, (token) => token.setSubject('u-1').setExpirationTime('-2 minutes')),
  'a beginning in the future': () => sign({}, (token) => good(token).setNotBefore('5 minutes')),
  'another algorithm': () => sign({}, good, 'HS512'),
  'no algorithm': async () => new UnsecuredJWT({}).setSubject('u-1').setExpirationTime('1h').encode(),
  'a changed signature': async () => flipped(await sign({}, good)),
  'a name that forges a commit': () => sign({ name: 'Marc\ncommitter Eve' }, good),
  'an address that forges a commit': () => sign({ email: 'a@b> 0 +0000\n' }, good),
  'a name that turns the direction of reading': () => sign({ name: 'Marc\u202Egnp' }, good),
  'an address with a blank': () => sign({ email: 'marc smith@example.com' }, good),
  'a name that is a number': () => sign({ name: 7 }, good),
  'no token at all': async () => 'x',
};

for (const [what, make] of Object.entries(BAD)) {
  test(`a token with ${what} is refused, with one text for all (RELIABILITY 3)`, async () => {
    const failure = await verifyToken(await make(), SECRET).then(
      () => undefined,
      (error) => error,
    );
    assert.instance(failure, Failure);
    assert.is(failure.kind, 'unauthenticated');
    assert.is(failure.message, 'the credential is not valid');
  });
}

test('who has a token can write: the author of a commit is what the token says, or made of its subject (P17)', async () => {
  const authors = [];
  for (const person of [
    { sub: 'u-1', email: 'marc@example.com', name: 'Marc' },
    { sub: 'u-1', email: 'marc@example.com' },
    { sub: 'ci job/7' },
  ]) {
    const identity = await verifyToken(await mintToken({ secret: SECRET, ...person }), SECRET);
    authors.push(checkedIdentity(authorOf(identity)));
  }
  assert.equal(authors, [
    { name: 'Marc', email: 'marc@example.com' },
    { name: 'marc@example.com', email: 'marc@example.com' },
    { name: 'ci job/7', email: 'ci-job-7@flagstaff.invalid' },
  ]);
});

test('clocks may be half a minute apart', async () => {
  const token = await sign({}, (one) => one.setSubject('u-1').setExpirationTime('-10 seconds'));
  assert.is((await verifyToken(token, SECRET)).subject, 'u-1');
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
