import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { machineDisk } from '../../src/repository/disk.js';
import { createRepository, temporaryFolder } from '../support/git.js';
import { until } from '../support/until.js';
import { create, enable, FILES, openOn, writeOf } from './writable.js';

const OBJECT = { name: 'object', mode: 0o444 };
const FILE = { name: 'file', mode: 0o666 };

const spares = suite<{ folder: string }>('spare files');
spares.before.each((context) => {
  context.folder = temporaryFolder();
});
spares.after.each(({ folder }) => machineDisk.dropSpares(folder));

spares('become the next new files of their folder, with the permissions of any other', async ({ folder }) => {
  for (const { name, mode } of [OBJECT, FILE]) {
    const path = join(folder, name);
    await machineDisk.create(path, Buffer.from('before'), mode);
    const usual = statSync(path).mode;
    rmSync(path);
    await machineDisk.makeSpares(folder);
    const inodes = new Set(readdirSync(folder).map((spare) => statSync(join(folder, spare)).ino));
    await machineDisk.create(path, Buffer.from('text'), mode);
    assert.ok(inodes.has(statSync(path).ino));
    assert.is(statSync(path).mode, usual);
    assert.is(readFileSync(path, 'utf8'), 'text');
    assert.ok(readdirSync(folder).length <= inodes.size, 'it has no second name');
  }
});

spares('are in the way of no file that is there, and needed by none', async ({ folder }) => {
  const path = join(folder, 'file');
  await machineDisk.create(path, Buffer.from('first'));
  await machineDisk.makeSpares(folder);
  const again = machineDisk.create(path, Buffer.from('second'));
  const code = await again.then(
    () => 'made',
    (error) => error.code,
  );
  assert.is(code, 'EEXIST');
  assert.is(readFileSync(path, 'utf8'), 'first');
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  await machineDisk.create(path, Buffer.from('third'));
  assert.is(readFileSync(path, 'utf8'), 'third');
});

spares('are made after a write, used by the next, and gone when the writer has closed (P3)', async () => {
  const clone = await createRepository(FILES);
  const folder = join(clone.dir, '.git/flagstaff/tmp');
  const on = await openOn(clone);
  await on.writer.write(writeOf(enable('new-checkout')));
  await until(() => readdirSync(folder).length >= 14);
  const inodes = new Set(readdirSync(folder).map((name) => statSync(join(folder, name)).ino));
  assert.is(await clone.git('status', '--porcelain'), '');
  assert.is(await clone.git('fsck', '--full', '--strict', '--no-dangling'), '');
  const { commit } = await on.writer.write(writeOf(create('fresh')));
  const object = join(clone.dir, '.git/objects', commit.slice(0, 2), commit.slice(2));
  assert.ok(inodes.has(statSync(object).ino));
  await on.close();
  assert.equal(readdirSync(folder), []);
});

spares('that a crash leaves behind go at the next start (P3)', async () => {
  const clone = await createRepository(FILES);
  await (await openOn(clone)).close();
  const folder = join(clone.dir, '.git/flagstaff/tmp');
  const left = join(folder, 'spare-left-behind');
  await machineDisk.create(left, Buffer.alloc(0));
  const on = await openOn(clone);
  assert.not(existsSync(left));
  await on.close();
});

spares.run();
