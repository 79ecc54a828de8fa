import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TOLD_CODES } from '../../src/files/checks/codes.js';
import { temporaryFolder } from '../support/git.js';
import { flagsRepository, run } from './run.js';

test('checks lists every code with its level and a sentence', async () => {
  const { code, out } = await run(['checks'], { cwd: temporaryFolder() });
  assert.is(code, 0);
  for (const known of TOLD_CODES)
    assert.match(out, new RegExp(`^  ${known} +(off|warning|error) +[A-Z]`, 'm'));
});

test('checks CODE says what to do, and the level that the repository has set', async () => {
  const cwd = flagsRepository({ '.flagstaff.yaml': 'checks: { EXPIRED: error }\n' });
  const { out } = await run(['checks', 'expired'], { cwd });
  assert.match(out, /^EXPIRED: .+\nfix: .+\nlevel: error; the default is warning\n/);
  const { levelHere, level, fix } = JSON.parse((await run(['checks', 'EXPIRED', '--json'], { cwd })).out);
  assert.equal([levelHere, level], ['error', 'warning']);
  assert.ok(fix);
});

test('an error that makes a file unservable says that nothing lowers it', async () => {
  const { out } = await run(['checks', 'CYCLE'], { cwd: temporaryFolder() });
  assert.match(out, 'it makes a file unservable, so no setting lowers it');
});

test('the code of a case that fails is one of them, and makes no file unservable', async () => {
  const { code, out } = await run(['checks', 'test_failed'], { cwd: temporaryFolder() });
  assert.is(code, 0);
  assert.match(out, /^TEST_FAILED: .+\nfix: .+\nlevel: error; no setting lowers it$/);
});

test('an unknown code ends with 2 and names the nearest one', async () => {
  const { code, err } = await run(['checks', 'EXPIERD'], { cwd: temporaryFolder() });
  assert.is(code, 2);
  assert.match(err, 'did you mean EXPIRED?');
});

test('checks --json lists them as data', async () => {
  const { out } = await run(['checks', '--json'], { cwd: temporaryFolder() });
  assert.equal(
    JSON.parse(out).map((check: { readonly code: string }) => check.code),
    TOLD_CODES,
  );
});

test.run();
