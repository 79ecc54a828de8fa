import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../src/model/failure.js';
import { openRepository } from '../../src/repository/git.js';
import { readOrCreateSecret } from '../../src/repository/secret.js';
import { createRepository } from '../support/git.js';
import { LOADER, moduleOf } from '../support/program.js';

const test = suite('repository/secret');
const run = promisify(execFile);

test('the first start makes a secret of 256 bits that only its owner may read (DESIGN 8)', async () => {
  const repository = await openRepository((await createRepository()).dir);
  const secret = await readOrCreateSecret(repository);
  assert.match(secret, /^[0-9a-f]{64}$/);
  assert.is(await readOrCreateSecret(repository), secret);
  assert.is(statSync(join(repository.stateDir, 'secret')).mode & 0o777, 0o600);
  assert.is(statSync(repository.stateDir).mode & 0o777, 0o700);
});

test('starts at once agree on one secret and leave nothing else behind', async () => {
  const repository = await openRepository((await createRepository()).dir);
  const script = `import { readOrCreateSecret } from ${JSON.stringify(moduleOf('src/repository/secret.ts'))};
    readOrCreateSecret({ stateDir: ${JSON.stringify(repository.stateDir)} }).then((secret) => console.log(secret));`;
  const parameters = [...LOADER, '--input-type=module', '--eval', script];
  const starts = await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, parameters)));
  assert.is(new Set(starts.map(({ stdout }) => stdout)).size, 1);
  assert.equal(await readdir(repository.stateDir), ['secret']);
});

test('a damaged secret is refused, not replaced', async () => {
  const repository = await openRepository((await createRepository()).dir);
  await readOrCreateSecret(repository);
  writeFileSync(join(repository.stateDir, 'secret'), 'short\n');
  let code = '';
  try {
    await readOrCreateSecret(repository);
  } catch (error) {
    code = error instanceof Failure ? error.code : String(error);
  }
  assert.is(code, 'SECRET_DAMAGED');
});

test.run();
