import fs, { realpathSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Disk } from '../../src/repository/disk.js';
import { createRepository, temporaryFolder } from '../support/git.js';

/** Inodes that were flushed, in that order. The real flush is called; it must be seen before the modules are loaded. */
const flushed: bigint[] = [];
const realFlush = fs.fsync;
fs.fsync = Object.assign((file: number, done: fs.NoParamCallback) => {
  flushed.push(fs.fstatSync(file, { bigint: true }).ino);
  realFlush(file, done);
}, realFlush);
const realFlushOfBytes = fs.fdatasync;
fs.fdatasync = Object.assign((file: number, done: fs.NoParamCallback) => {
  flushed.push(fs.fstatSync(file, { bigint: true }).ino);
  realFlushOfBytes(file, done);
}, realFlushOfBytes);
syncBuiltinESMExports();
const { machineDisk } = await import('../../src/repository/disk.js');
const { create, enable, FILES, openOn, writeOf } = await import('./writable.js');

test('what the disk is told to flush is flushed', async () => {
  const path = join(temporaryFolder(), 'file');
  await machineDisk.create(path, Buffer.from('text'));
  assert.is(flushed.at(-1), fs.statSync(path, { bigint: true }).ino);
  await machineDisk.sync(dirname(path));
  assert.is(flushed.at(-1), fs.statSync(dirname(path), { bigint: true }).ino);
  assert.is(await machineDisk.overwrite(path, Buffer.from('new ')), true);
  assert.is(flushed.at(-1), fs.statSync(path, { bigint: true }).ino);
});

test('the ref names a commit only when all of it is flushed, and is itself before the answer (P1, P3)', async () => {
  const clone = await createRepository(FILES);
  const events: string[] = [];
  const on = await openOn(clone, { disk: recording(realpathSync(clone.dir), events) });
  for (const change of [enable('new-checkout'), create('fresh')]) {
    events.length = 0;
    await on.writer.write(writeOf(change));
    const answered = [...events];
    const renamed = answered.findIndex((event) => event.endsWith('> .git/refs/heads/main'));
    assert.ok(renamed > 0);
    assert.ok(answered.indexOf('flushed .git/refs/heads', renamed) > renamed, 'the ref itself');
    const before = answered.slice(0, renamed + 1);
    const renames = before.filter((event) => event.includes(' > '));
    assert.ok(renames.length >= 6, 'blob, three trees at least, commit, ref');
    assert.ok(before.includes('flushed .git/flagstaff/journal'), 'how to heal what a crash leaves');
    for (const rename of renames) assertFlushed(before, rename);
  }
  await on.close();
});

test('the folder that a packed branch gets again with its loose ref is flushed too', async () => {
  const clone = await createRepository(FILES);
  await clone.git('checkout', '--quiet', '-b', 'team/flags');
  await clone.git('pack-refs', '--all', '--prune');
  const events: string[] = [];
  const on = await openOn(clone, { disk: recording(realpathSync(clone.dir), events) });
  await on.writer.write(writeOf(enable('new-checkout')));
  const after = events.slice(events.findIndex((event) => event.endsWith('> .git/refs/heads/team/flags')));
  await on.close();
  assert.ok(after.includes('flushed .git/refs/heads/team'));
  assert.ok(after.includes('flushed .git/refs/heads'));
});

test('an object whose folder git takes away, as it has it in a pack, is written again (P7)', async () => {
  const clone = await createRepository(FILES);
  const before = await openOn(clone);
  await before.writer.write(writeOf(enable('new-checkout')));
  await before.writer.write(writeOf(enable('new-checkout', false)));
  await before.close();
  await clone.git('gc', '--quiet');
  let pruned = 0;
  const sync: Disk['sync'] = async (path) => {
    if (/objects\/[0-9a-f]{2}$/.test(path) && pruned === 0) {
      pruned += 1;
      await clone.git('prune-packed');
      assert.not(fs.readdirSync(dirname(path)).includes(basename(path)), 'the folder is gone');
    }
    await machineDisk.sync(path);
  };
  const on = await openOn(clone, { disk: { ...machineDisk, sync }, now: Date.now });
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await on.close();
  assert.is(pruned, 1);
  assert.is(await clone.git('fsck', '--full', '--strict', '--no-dangling'), '');
});

test.run();

/** The content before the rename, the name after it, and the name of a new folder too. */
function assertFlushed(events: readonly string[], rename: string): void {
  const at = events.indexOf(rename);
  const [from = '', to = ''] = rename.split(' > ');
  assert.ok(events.slice(0, at).includes(`flushed ${from}`), `${from} before it becomes ${to}`);
  if (to === '.git/refs/heads/main') return;
  assert.ok(events.slice(at).includes(`flushed ${dirname(to)}`), `the folder of ${to}`);
  const isNew = events.includes(`made ${dirname(to)}`);
  if (isNew) assert.ok(events.includes(`flushed ${dirname(dirname(to))}`), `the folder ${dirname(to)}`);
}

/** The machine's disk, which notes what is flushed, made and renamed, by paths below the folder. */
function recording(folder: string, events: string[]): Disk {
  const short = (path: string): string => path.slice(folder.length + 1);
  return {
    ...machineDisk,
    create: async (path, bytes, mode) => {
      await machineDisk.create(path, bytes, mode);
      events.push(`flushed ${short(path)}`);
    },
    overwrite: async (path, bytes) => {
      const isThere = await machineDisk.overwrite(path, bytes);
      if (isThere) events.push(`flushed ${short(path)}`);
      return isThere;
    },
    sync: async (path) => {
      await machineDisk.sync(path);
      events.push(`flushed ${short(path)}`);
    },
    makeFolder: (path) => {
      const made = machineDisk.makeFolder(path);
      if (made !== undefined) events.push(`made ${short(made)}`);
      return made;
    },
    rename: (from, to) => {
      machineDisk.rename(from, to);
      events.push(`${short(from)} > ${short(to)}`);
    },
  };
}
