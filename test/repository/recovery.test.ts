import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { machineDisk } from '../../src/repository/disk.js';
import { Journal } from '../../src/repository/journal.js';
import { createRepository, repositoryAt, temporaryFolder } from '../support/git.js';
import { CHECKOUT, enable, FILES, openOn, writeOf } from './writable.js';

test('a journal whose commit is not found before a shallow clone ends is one of a write that never was (P3)', async () => {
  const source = await createRepository(FILES);
  await source.commit({ 'README.md': 'two\n' });
  await source.commit({ 'README.md': 'three\n' });
  const dir = join(temporaryFolder(), 'shallow');
  await source.git('clone', '--quiet', '--depth', '2', `file://${source.dir}`, dir);
  const clone = repositoryAt(dir);
  await (await openOn(clone)).close();
  const [oldCommit, newCommit] = ['1'.repeat(40), '2'.repeat(40)];
  const state = join(dir, '.git/flagstaff');
  const file = { path: CHECKOUT, before: null, after: null };
  await new Journal(machineDisk, state).write({ branch: 'main', oldCommit, newCommit, files: [file] });
  const on = await openOn(clone);
  assert.not(existsSync(join(state, 'journal.json')));
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await on.close();
});

test.run();
