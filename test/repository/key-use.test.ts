import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openKeyUse } from '../../src/repository/key-use.js';
import { temporaryFolder } from '../support/git.js';

const test = suite('repository/key-use');
const NAME = 'acme/web-app/key_01J4K8M2N3P5Q7F1';

function open(stateDir: string, told: string[] = []) {
  return openKeyUse({ repository: { stateDir }, log: (line) => told.push(line) });
}

test('the last use is known at once, and after a restart', async () => {
  const folder = temporaryFolder();
  const use = open(folder);
  assert.is(use.lastUsed(NAME), undefined);
  use.note(NAME, 1_000);
  use.note(NAME, 2_000);
  assert.is(use.lastUsed(NAME), 2_000);
  await use.close();
  const later = open(folder);
  assert.is(later.lastUsed(NAME), 2_000);
  await later.close();
});

test('what is noted while an older use is being written is kept too', async () => {
  const folder = temporaryFolder();
  const use = open(folder);
  use.note(NAME, 1_000);
  const writing = use.close();
  // It takes what is noted at its first step, and the disk is asked later.
  await Promise.resolve();
  use.note(NAME, 2_000);
  await Promise.all([writing, use.close()]);
  const later = open(folder);
  assert.is(later.lastUsed(NAME), 2_000);
  await later.close();
});

test('a file that is damaged is as none', async () => {
  const folder = temporaryFolder();
  const use = open(folder);
  use.note(NAME, 1_000);
  await use.close();
  const path = join(folder, 'cache', 'key-use');
  writeFileSync(path, readFileSync(path, 'utf8').replace('1000', '9999'));
  const later = open(folder);
  assert.is(later.lastUsed(NAME), undefined);
  await later.close();
});

test('a disk that does not take it is told of, and stops nothing', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'cache', 'key-use'), { recursive: true });
  const told: string[] = [];
  const use = open(folder, told);
  use.note(NAME, 1_000);
  await use.close();
  assert.is(told.length, 1);
  assert.match(told[0] ?? '', /^the last use of API keys is not kept: /);
});

test.run();
