import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { committedRepository, flagsRepository, run } from './run.js';

const DAY_MS = 86_400_000;
const FILES = {
  'flags/acme/web-app/flags/it.yaml':
    'environments:\n  development: { enabled: true }\n  production: { enabled: true }\n',
};

test('validate tells flags that everybody has had for long, by the history of git', async () => {
  const { dir } = await committedRepository(FILES);
  const later = await run(['validate'], { cwd: dir, now: Date.now() + 40 * DAY_MS });
  assert.match(later.out, /it\.yaml:1:1: warning FULLY_ON: everybody/);
  assert.is(later.code, 0);
  const young = await run(['validate'], { cwd: dir });
  assert.match(young.out, /0 errors, 0 warnings/);
});

test('without git no age is judged', async () => {
  const dir = flagsRepository(FILES);
  const { out } = await run(['validate'], { cwd: dir, now: Date.now() + 40 * DAY_MS });
  assert.match(out, /0 errors, 0 warnings/);
});

test.run();
