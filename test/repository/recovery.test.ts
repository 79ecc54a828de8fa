import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openClone } from '../../src/repository/clone.js';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import { openRepository } from '../../src/repository/git.js';
import { LockClock } from '../../src/repository/git-lock.js';
import { Journal, type JournalEntry } from '../../src/repository/journal.js';
import { recover } from '../../src/repository/recovery.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { CHECKOUT, enable, FILES, failureOf, openOn, writeOf } from './writable.js';

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
  await leaveJournal(state, { branch: 'main', oldCommit, newCommit, files: [file] });
  const on = await openOn(clone);
  assert.is(journalOf(state), undefined);
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await on.close();
});

test('a commit that a crash left unconfirmed is flushed before its journal goes (P1, P3)', async () => {
  const clone = await createRepository(FILES);
  const oldCommit = await clone.head();
  await (await openOn(clone)).close();
  const newCommit = await clone.commit({ 'README.md': 'two\n' });
  const state = join(clone.dir, '.git/flagstaff');
  await leaveJournal(state, { branch: 'main', oldCommit, newCommit, files: [] });
  const steps: string[] = [];
  const sync: Disk['sync'] = async (path) => {
    if (path.endsWith('refs/heads')) steps.push('flushed');
    await machineDisk.sync(path);
  };
  const overwriteQuickly: Disk['overwriteQuickly'] = (path, bytes) => {
    if (path.endsWith('journal')) steps.push('forgotten');
    return machineDisk.overwriteQuickly(path, bytes);
  };
  await (await openOn(clone, { disk: { ...machineDisk, sync, overwriteQuickly } })).close();
  assert.equal(steps, ['flushed', 'forgotten']);
});

test('what is older than the write is not looked at, so what cannot be read there stops no start (P3)', async () => {
  const clone = await createRepository(FILES);
  const first = await clone.head();
  const oldCommit = await clone.commit({ 'README.md': 'two\n' });
  await (await openOn(clone)).close();
  const state = join(clone.dir, '.git/flagstaff');
  await leaveJournal(state, { branch: 'main', oldCommit, newCommit: '2'.repeat(40), files: [] });
  makeUnreadable(clone, first);
  await (await openOn(clone)).close();
  assert.is(journalOf(state), undefined);
});

test('a journal stays while the commits above its own cannot be read (P3)', async () => {
  const clone = await createRepository(FILES);
  const oldCommit = await clone.head();
  await (await openOn(clone)).close();
  const newCommit = await clone.commit({ 'README.md': 'two\n' });
  const state = join(clone.dir, '.git/flagstaff');
  await leaveJournal(state, { branch: 'main', oldCommit, newCommit, files: [] });
  makeUnreadable(clone, await clone.commit({ 'README.md': 'three\n' }));
  const opened = openClone(await openRepository(clone.dir), clone.dir, machineDisk);
  const failure = await failureOf(recover(opened, new LockClock().startWait()));
  assert.is(failure.code, 'REPOSITORY_UNREADABLE');
  assert.is(journalOf(state)?.newCommit, newCommit);
});

test.run();

/** As a crash leaves it. */
async function leaveJournal(state: string, entry: JournalEntry): Promise<void> {
  await new Journal(machineDisk, state).write(entry);
}

function journalOf(state: string): JournalEntry | undefined {
  return new Journal(machineDisk, state).read();
}

/** A loop of links is what no machine reads. */
function makeUnreadable(clone: TestRepository, oid: string): void {
  const object = join(clone.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
  rmSync(object);
  symlinkSync(object, object);
}
