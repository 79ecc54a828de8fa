import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
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

test('a commit that a crash left unconfirmed is flushed before its journal goes (P1, P3)', async () => {
  const clone = await createRepository(FILES);
  const oldCommit = await clone.head();
  await (await openOn(clone)).close();
  const newCommit = await clone.commit({ 'README.md': 'two\n' });
  const state = join(clone.dir, '.git/flagstaff');
  await new Journal(machineDisk, state).write({ branch: 'main', oldCommit, newCommit, files: [] });
  const steps: string[] = [];
  const sync: Disk['sync'] = async (path) => {
    if (path.endsWith('refs/heads')) steps.push('flushed');
    await machineDisk.sync(path);
  };
  const remove: Disk['remove'] = (path) => {
    if (path.endsWith('journal.json')) steps.push('forgotten');
    return machineDisk.remove(path);
  };
  await (await openOn(clone, { disk: { ...machineDisk, sync, remove } })).close();
  assert.equal(steps, ['flushed', 'forgotten']);
});

test.run();
