import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Identity } from '../../src/http/auth.js';
import { createTokenVerifier } from '../../src/http/identity/verify-token.js';
import { openRepository } from '../../src/repository/git.js';
import { readOrCreateSecret } from '../../src/repository/secret.js';
import { temporaryFolder } from '../support/git.js';
import { run } from './run.js';

async function bearerOf(token: string, secret: string): Promise<Identity> {
  return (await createTokenVerifier({ kind: 'secret', secret }, Date.now)(token)).identity;
}

test('a token stands alone on standard output and says who it is for (design 8)', async () => {
  const folder = temporaryFolder();
  execFileSync('git', ['init', '--quiet', folder]);
  const words = ['token', '--sub', 'marc', '--email', 'marc@example.com', '--name', 'Marc', '--super-admin'];
  const { code, out, err } = await run([...words, '--repo', folder]);
  assert.is(code, 0);
  assert.is(err, '');
  assert.match(out, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  const secret = await readOrCreateSecret(await openRepository(folder));
  assert.equal(await bearerOf(out, secret), {
    subject: 'marc',
    email: 'marc@example.com',
    name: 'Marc',
    isSuperAdmin: true,
  });
});

test('nobody is a super admin without being called one, and FLAGSTAFF_JWT_SECRET needs no repository', async () => {
  const env = { FLAGSTAFF_JWT_SECRET: 'a-secret-of-the-environment-0123456789' };
  const { out } = await run(['token', '--sub', 'ci', '--expires', '1h'], { env });
  const identity = await bearerOf(out, env.FLAGSTAFF_JWT_SECRET);
  assert.equal(identity, { subject: 'ci', email: undefined, name: undefined, isSuperAdmin: false });
});

test('a subject, an address, a name or a life that cannot be is wrong use', async () => {
  const env = { FLAGSTAFF_JWT_SECRET: 'a-secret-of-the-environment-0123456789' };
  for (const words of [
    ['--sub', 'marc', '--email', 'nowhere'],
    ['--sub', 'marc', '--name', 'Marc\nCommitter: x'],
    ['--sub', ' '],
    ['--sub', 'marc', '--name', ' '],
    ['--sub', 'marc', '--expires', 'later'],
    ['--sub', 'marc', '--expires', '-1h'],
    ['--sub', 'marc', '--expires', '1h ago'],
    ['--sub', 'marc', '--expires', '0d'],
    ['--sub', 'marc', '--expires', '0.0001s'],
    ['--email', 'marc@example.com'],
  ]) {
    const { code, out } = await run(['token', ...words], { env });
    assert.is(code, 2, words.join(' '));
    assert.is(out, '');
  }
});

for (const words of [['token', '--sub', 'marc'], ['serve']]) {
  test(`${words[0]} refuses a secret of the environment that can be guessed (RFC 7518, 3.2)`, async () => {
    for (const secret of ['a', 'x'.repeat(31)]) {
      const env = { FLAGSTAFF_JWT_SECRET: secret };
      assert.equal(await run([...words, '--repo', temporaryFolder()], { env }), {
        code: 2,
        out: '',
        err: 'flagstaff: FLAGSTAFF_JWT_SECRET is too short: wanted 32 random bytes or more',
      });
    }
  });
}

test('32 bytes are enough for a secret of the environment, in however few characters', async () => {
  for (const secret of ['x'.repeat(32), '€'.repeat(11)]) {
    const { code } = await run(['token', '--sub', 'ci'], { env: { FLAGSTAFF_JWT_SECRET: secret } });
    assert.is(code, 0);
  }
});

test('where an identity provider makes the tokens, none is printed that no server takes', async () => {
  const env = { FLAGSTAFF_JWKS_URL: 'https://id.example.com/keys', FLAGSTAFF_JWT_SECRET: 'x'.repeat(32) };
  const { code, out, err } = await run(['token', '--sub', 'ci'], { env });
  assert.equal([code, out], [2, '']);
  assert.match(err, /^flagstaff: FLAGSTAFF_JWKS_URL is set: /);
});

test('outside a repository token says so', async () => {
  const folder = temporaryFolder();
  const { code, err } = await run(['token', '--sub', 'marc', '--repo', folder]);
  assert.is(code, 2);
  assert.match(err, /^flagstaff: no git repository at [^\n]+$/);
});

test.run();
