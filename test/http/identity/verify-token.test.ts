import { type CryptoKey, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { authorOf, mintToken } from '../../../src/http/auth.js';
import type { TokenTrust } from '../../../src/http/identity/token-trust.js';
import { createTokenVerifier } from '../../../src/http/identity/verify-token.js';
import { Failure } from '../../../src/model/failure.js';
import { checkedIdentity } from '../../../src/repository/identity.js';
import { type Provider, startProvider } from '../../support/provider.js';

interface Place {
  provider: Provider;
}

const test = suite<Place>('http/identity/verify-token');
const SECRET = 'a secret of the tests, long enough for HS256';
const LOCAL: TokenTrust = { kind: 'secret', secret: SECRET };
const KEY = new TextEncoder().encode(SECRET);
const now = () => Math.floor(Date.now() / 1_000);

test.before(async (place) => {
  place.provider = await startProvider();
});
test.after(({ provider }) => provider.close());

async function refusal(trust: TokenTrust, token: string): Promise<Failure> {
  const failure = await createTokenVerifier(
    trust,
    Date.now,
  )(token).then(
    () => undefined,
    (error) => error,
  );
  assert.instance(failure, Failure);
  return failure;
}

function tampered(token: string, change: (claims: Record<string, unknown>) => void): string {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  change(claims);
  return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}

const flipped = (token: string) =>
  `${token.slice(0, -10)}${token.at(-10) === 'A' ? 'B' : 'A'}${token.slice(-9)}`;
const local = (claims: Record<string, unknown>, alg = 'HS256') =>
  new SignJWT({ sub: 'u-1', exp: now() + 3_600, ...claims }).setProtectedHeader({ alg }).sign(KEY);

/** What is wrong with tokens of a secret (RELIABILITY 3). */
const BAD_LOCAL: Readonly<Record<string, () => Promise<string>>> = {
  'another secret': () => mintToken({ secret: `${SECRET}.`, sub: 'u-1' }),
  'no end': () => local({ exp: undefined }),
  'an end that is no number': () => local({ exp: 'tomorrow' as unknown as number }),
  'no subject': () => local({ sub: undefined }),
  'an empty subject': () => local({ sub: '' }),
  'an end in the past': () => local({ exp: now() - 120 }),
  'a beginning in the future': () => local({ nbf: now() + 300 }),
  'another algorithm': () => local({}, 'HS512'),
  'no algorithm': async () => new UnsecuredJWT({ sub: 'u-1', exp: now() + 3_600 }).encode(),
  'a changed signature': async () => flipped(await local({})),
  'a changed claim': async () => tampered(await local({}), (claims) => (claims.super_admin = true)),
  'no signature': async () => `${(await local({})).split('.').slice(0, 2).join('.')}.`,
  'four parts': async () => `${await local({})}.x`,
  'a name that forges a commit (P17)': () => local({ name: 'Marc\ncommitter Eve' }),
  'an address that forges a commit (P17)': () => local({ email: 'a@b> 0 +0000\n' }),
  'a name that turns the direction of reading (P17)': () => local({ name: 'Marc\u202Egnp' }),
  'an address with a blank': () => local({ email: 'marc smith@example.com' }),
  'a name that is a number': () => local({ name: 7 }),
  'an address that is a list': () => local({ email: ['marc@example.com'] }),
  'no token at all': async () => 'x',
};

for (const [what, make] of Object.entries(BAD_LOCAL)) {
  test(`a local token with ${what} is refused, with one text for all (RELIABILITY 3)`, async () => {
    const { kind, message } = await refusal(LOCAL, await make());
    assert.equal([kind, message], ['unauthenticated', 'the credential is not valid']);
  });
}

/** Somebody else's key, shown or signed with. */
async function foreign(provider: Provider, header: Record<string, unknown> = {}): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  return new SignJWT({ iss: provider.trust.issuer, aud: 'flagstaff', sub: 'u-1', exp: now() + 3_600 })
    .setProtectedHeader({ alg: 'ES256', kid: 'key-1', ...header })
    .sign(privateKey);
}

/** HS256 with what everybody can read as the secret: a server that asks the token which algorithm it is takes that. */
async function withPublicKey({ publicKey, trust }: Provider): Promise<string> {
  const key = (await importJWK(publicKey, 'ES256', { extractable: true })) as CryptoKey;
  return new SignJWT({ iss: trust.issuer, aud: 'flagstaff', sub: 'u-1', exp: now() + 3_600 })
    .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
    .sign(new TextEncoder().encode(await exportSPKI(key)));
}

/** HS256 with a secret among the keys, where everybody can read it. */
async function withShownSecret({ trust, show }: Provider): Promise<string> {
  show({ kty: 'oct', kid: 'shown', alg: 'HS256', k: Buffer.from(KEY).toString('base64url') });
  return new SignJWT({ iss: trust.issuer, aud: 'flagstaff', sub: 'u-1', exp: now() + 3_600 })
    .setProtectedHeader({ alg: 'HS256', kid: 'shown' })
    .sign(KEY);
}

/** What is wrong with tokens of a provider (RELIABILITY 3). */
const BAD_FOREIGN: Readonly<Record<string, (provider: Provider) => Promise<string>>> = {
  'another key': (provider) => foreign(provider),
  'an unknown kid': (provider) => provider.sign({}, { kid: 'key-99' }),
  'a kid that is a path': (provider) => provider.sign({}, { kid: '../../../../dev/null' }),
  'a kid that is an injection': (provider) => provider.sign({}, { kid: "key-1' OR '1'='1" }),
  'its own key in the header': async (provider) => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    return foreign(provider, { jwk: publicKey, kid: 'mine' });
  },
  'another address of keys': (provider) => foreign(provider, { jku: 'http://127.0.0.1:1/keys', kid: 'mine' }),
  'a critical extension': (provider) => provider.sign({}, { crit: ['x-unknown'], 'x-unknown': true }),
  'another issuer': (provider) => provider.sign({ iss: 'https://evil.example' }),
  'no issuer': (provider) => provider.sign({ iss: null }),
  'another audience': (provider) => provider.sign({ aud: 'billing' }),
  'no audience': (provider) => provider.sign({ aud: null }),
  'an end in the past': (provider) => provider.sign({ exp: now() - 120 }),
  'no end': (provider) => provider.sign({ exp: null }),
  'no subject': (provider) => provider.sign({ sub: null }),
  'the author of what nobody in particular does (P17)': (provider) =>
    provider.sign({ sub: 'anonymous', email: null }),
  'a beginning in the future': (provider) => provider.sign({ nbf: now() + 300 }),
  'a changed signature': async (provider) => flipped(await provider.sign()),
  'a changed claim': async (provider) =>
    tampered(await provider.sign(), (claims) => (claims.email = 'ada@example.com')),
  'no algorithm': async (provider) =>
    new UnsecuredJWT({
      iss: provider.trust.issuer,
      aud: 'flagstaff',
      sub: 'u-1',
      exp: now() + 3_600,
    }).encode(),
  'HS256 with the public key': withPublicKey,
  'HS256 with a secret that the provider shows': withShownSecret,
  'the secret of a repository': () => mintToken({ secret: SECRET, sub: 'u-1', superAdmin: true }),
};

for (const [what, make] of Object.entries(BAD_FOREIGN)) {
  test(`a provider's token with ${what} is refused, with one text for all (RELIABILITY 3)`, async ({
    provider,
  }) => {
    assert.is((await createTokenVerifier(provider.trust, Date.now)(await provider.sign())).kind, 'person');
    const { kind, message } = await refusal(provider.trust, await make(provider));
    assert.equal([kind, message], ['unauthenticated', 'the credential is not valid']);
  });
}

test('a local token says who its bearer is, and whether they may do everything (DESIGN 8)', async () => {
  const verify = createTokenVerifier(LOCAL, Date.now);
  const { identity } = await verify(
    await mintToken({ secret: SECRET, sub: 'u-1', email: 'ada@example.com', name: 'Ada', superAdmin: true }),
  );
  assert.equal(identity, { subject: 'u-1', email: 'ada@example.com', name: 'Ada', isSuperAdmin: true });
  const bare = await verify(await mintToken({ secret: SECRET, sub: 'ci' }));
  assert.equal(bare.identity, { subject: 'ci', email: undefined, name: undefined, isSuperAdmin: false });
});

test("a provider's token makes nobody a super admin but those of the list, with a verified address (DESIGN 8)", async ({
  provider,
}) => {
  const verify = createTokenVerifier(provider.trust, Date.now);
  const isSuper = async (claims: Record<string, unknown>) =>
    (await verify(await provider.sign(claims))).identity.isSuperAdmin;
  assert.is(await isSuper({ email: 'ADA@example.com', email_verified: true }), true);
  assert.is(await isSuper({ email: 'ada@example.com' }), false);
  assert.is(await isSuper({ email: 'ada@example.com', email_verified: false }), false);
  assert.is(await isSuper({ email: 'ada@example.com', email_verified: 'true' }), false);
  assert.is(await isSuper({ email: 'marc@example.com', email_verified: true }), false);
  assert.is(await isSuper({ super_admin: true, email_verified: true }), false);
});

test('an address that the provider calls unverified is nobody: no role, and no author (P17)', async ({
  provider,
}) => {
  const verify = createTokenVerifier(provider.trust, Date.now);
  const person = async (verified: unknown) =>
    (await verify(await provider.sign({ email: 'grace@example.com', email_verified: verified }))).identity;
  assert.is((await person(false)).email, undefined);
  assert.is((await person('false')).email, undefined);
  assert.is(authorOf(await person(false)).email, 'u-123@flagstaff.invalid');
  assert.is((await person(true)).email, 'grace@example.com');
  assert.is((await person('true')).email, 'grace@example.com');
  assert.is((await person(null)).email, 'grace@example.com');
});

test('clocks may be half a minute apart, and not more', async () => {
  const verify = createTokenVerifier(LOCAL, Date.now);
  assert.is((await verify(await local({ exp: now() - 20 }))).identity.subject, 'u-1');
  assert.is((await verify(await local({ nbf: now() + 20 }))).identity.subject, 'u-1');
  assert.is((await refusal(LOCAL, await local({ exp: now() - 40 }))).kind, 'unauthenticated');
});

test('a token with an id is known by it', async () => {
  const verify = createTokenVerifier(LOCAL, Date.now);
  const idOf = async (token: string) => (await verify(token)).token.id;
  assert.match(await idOf(await local({})), /^[0-9a-f]{64}$/);
  assert.is(await idOf(await local({ jti: 'a' })), await idOf(await local({ jti: 'a', name: 'Marc' })));
  assert.is.not(await idOf(await local({ jti: 'a' })), await idOf(await local({ jti: 'b' })));
});

test('a token without an id is known by what is signed: another signature does not make it another token', async ({
  provider,
}) => {
  const verify = createTokenVerifier(provider.trust, Date.now);
  const token = await provider.sign();
  const twin = withOtherSignature(token);
  assert.is.not(twin, token);
  assert.is((await verify(twin)).token.id, (await verify(token)).token.id);
  assert.is.not((await verify(await provider.sign({ sub: 'u-2' }))).token.id, (await verify(token)).token.id);
});

/** How many points the curve of ES256 has: where a number signs, so does this number less it. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

function withOtherSignature(token: string): string {
  const signed = token.slice(0, token.lastIndexOf('.'));
  const bytes = Buffer.from(token.slice(signed.length + 1), 'base64url');
  const second = ORDER - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = Buffer.from(second.toString(16).padStart(64, '0'), 'hex');
  return `${signed}.${Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url')}`;
}

test('until when a token is taken is its end and the skew of clocks', async () => {
  const exp = now() + 60;
  const { token } = await createTokenVerifier(LOCAL, Date.now)(await local({ exp }));
  assert.is(token.expiresAt, (exp + 30) * 1_000);
  const endless = await createTokenVerifier(LOCAL, Date.now)(await local({ exp: 1e300 }));
  assert.is(endless.token.expiresAt, Number.MAX_SAFE_INTEGER);
});

test('whoever has a token can be the author of a commit (P17)', async () => {
  const verify = createTokenVerifier(LOCAL, Date.now);
  const authors = [];
  for (const person of [
    { sub: 'u-1', email: 'marc@example.com', name: 'Marc' },
    { sub: 'u-1', email: 'marc@example.com' },
    { sub: 'ci job/7' },
  ]) {
    const { identity } = await verify(await mintToken({ secret: SECRET, ...person }));
    authors.push(checkedIdentity(authorOf(identity)));
  }
  assert.equal(authors, [
    { name: 'Marc', email: 'marc@example.com' },
    { name: 'marc@example.com', email: 'marc@example.com' },
    { name: 'ci job/7', email: 'ci-job-7@flagstaff.invalid' },
  ]);
});

test.run();
