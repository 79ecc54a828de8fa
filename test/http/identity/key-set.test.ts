import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTokenVerifier, type VerifyToken } from '../../../src/http/identity/verify-token.js';
import type { Failure } from '../../../src/model/failure.js';
import { serveFiles } from '../../support/http.js';
import { type Provider, startProvider } from '../../support/provider.js';
import { FILES } from '../sample.js';

interface Place {
  provider: Provider;
}

const test = suite<Place>('http/identity/key-set');

test.before.each(async (place) => {
  place.provider = await startProvider();
});
test.after.each(({ provider }) => provider.close());

async function kindOf(verify: VerifyToken, token: string): Promise<string> {
  return verify(token).then(
    () => 'good',
    (failure: Failure) => failure.kind,
  );
}

test('keys are looked up once for many tokens', async ({ provider }) => {
  const verify = createTokenVerifier(provider.trust, Date.now);
  for (const sub of ['u-1', 'u-2', 'u-3'])
    assert.is(await kindOf(verify, await provider.sign({ sub })), 'good');
  assert.is(provider.looks, 1);
});

test('a key that is new is found, and one that was taken away opens nothing any more', async ({
  provider,
}) => {
  const verify = createTokenVerifier(provider.trust, Date.now);
  const old = await provider.sign();
  assert.is(await kindOf(verify, old), 'good');
  await provider.rotate();
  assert.is(await kindOf(verify, await provider.sign()), 'good');
  assert.is(await kindOf(verify, old), 'unauthenticated');
});

test('keys that nobody has are looked for once in a while, however many tokens name them', async ({
  provider,
}) => {
  const verify = createTokenVerifier({ ...provider.trust, coolDownMs: undefined }, Date.now);
  assert.is(await kindOf(verify, await provider.sign()), 'good');
  for (let number = 0; number < 50; number += 1) {
    const token = await provider.sign({}, { kid: `made-up-${number}` });
    assert.is(await kindOf(verify, token), 'unauthenticated');
  }
  assert.is(provider.looks, 1);
});

test('a provider that cannot be asked is 503, not 401: nobody knows whether the token is good', async ({
  provider,
}) => {
  const verify = createTokenVerifier(provider.trust, Date.now);
  provider.fail(true);
  assert.is(await kindOf(verify, await provider.sign()), 'busy');
});

test('a provider that does not answer is left alone for 5 s, then asked again', async ({ provider }) => {
  let time = Date.now();
  const verify = createTokenVerifier(provider.trust, () => time);
  provider.fail(true);
  const token = await provider.sign();
  for (let number = 0; number < 20; number += 1) assert.is(await kindOf(verify, token), 'busy');
  assert.is(provider.looks, 1);
  provider.fail(false);
  time += 5_000;
  assert.is(await kindOf(verify, token), 'good');
});

test('while a provider does not answer, the keys that are known still open', async ({ provider }) => {
  const verify = createTokenVerifier(provider.trust, Date.now);
  const good = await provider.sign();
  assert.is(await kindOf(verify, good), 'good');
  provider.fail(true);
  assert.is(await kindOf(verify, await provider.sign({}, { kid: 'new' })), 'busy');
  assert.is(await kindOf(verify, await provider.sign({}, { kid: 'new' })), 'busy');
  assert.is(await kindOf(verify, good), 'good');
  assert.is(provider.looks, 2);
});

test('a provider that is not there at all is 503', async ({ provider }) => {
  const token = await provider.sign();
  const trust = { ...provider.trust, url: new URL('http://127.0.0.1:1/keys') };
  assert.is(await kindOf(createTokenVerifier(trust, Date.now), token), 'busy');
});

test('a token that was seen is good until it ends, and a key that was taken back opens for no new one (README)', async ({
  provider,
}) => {
  const server = await serveFiles(FILES, { trust: provider.trust });
  const statusOf = async (token: string) => (await server.ask('/api/v1/feature-flags', { token })).status;
  const [seen, unseen] = [await provider.sign({ sub: 'u-1' }), await provider.sign({ sub: 'u-2' })];
  const before = await statusOf(seen);
  await provider.rotate();
  const after = [await statusOf(await provider.sign()), await statusOf(unseen), await statusOf(seen)];
  await server.close();
  assert.equal([before, ...after], [200, 200, 401, 200]);
});

test.run();
