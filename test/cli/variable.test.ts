import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../support/git.js';
import { committedRepository, run } from './run.js';

const test = suite('cli/variable');

const SECRET = 's'.repeat(32);

/** `flagstaff token` signs with the secret of this environment. */
async function mint(env: Readonly<Record<string, string>>, cwd: string) {
  return run(['token', '--sub', 'marc'], { env, cwd });
}

/** True where this secret signed the token, as RFC 7515 says. */
function isSignedWith(secret: string, token: string): boolean {
  const [header, payload, signature] = token.split('.');
  return createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url') === signature;
}

test('a secret may be in a file, with or without a line end', async () => {
  const { dir } = await committedRepository();
  const file = join(temporaryFolder(), 'secret');
  for (const text of [SECRET, `${SECRET}\n`]) {
    writeFileSync(file, text);
    const { code, out } = await mint({ FLAGSTAFF_JWT_SECRET_FILE: file }, dir);
    assert.is(code, 0);
    assert.ok(isSignedWith(SECRET, out));
  }
});

test('a file that cannot be read, and a variable that is set twice, are a wrong use', async () => {
  const { dir } = await committedRepository();
  const missing = await mint({ FLAGSTAFF_JWT_SECRET_FILE: 'none' }, dir);
  assert.is(missing.code, 2);
  assert.match(
    missing.err,
    `FLAGSTAFF_JWT_SECRET_FILE: ${dir}/none cannot be read (no such file or directory)`,
  );
  const twice = await mint({ FLAGSTAFF_JWT_SECRET: SECRET, FLAGSTAFF_JWT_SECRET_FILE: 'none' }, dir);
  assert.is(twice.code, 2);
  assert.match(twice.err, 'both set');
});

test.run();
