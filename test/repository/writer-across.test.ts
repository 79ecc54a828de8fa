import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import { createRepository } from '../support/git.js';
import { CHECKOUT, create, enable, FILES, openOn, remove, writeOf } from './writable.js';

const BESIDE = `${CHECKOUT}.flagstaff-new`;

test('where the git folder is on another disk, a file is flushed before it has its name, and stays of its kind (P3)', async () => {
  const clone = await createRepository(FILES);
  chmodSync(join(clone.dir, CHECKOUT), 0o640);
  const events: string[] = [];
  const on = await openOn(clone, { disk: acrossDisks((event) => events.push(event)) });
  for (const change of [enable('new-checkout'), create('fresh'), remove('dark-mode')])
    await on.writer.write(writeOf(change));
  await on.close();
  const [named] = [...events.keys()].filter(
    (index) => events[index] === `named ${join(clone.dir, CHECKOUT)}`,
  );
  assert.is(events.filter((event) => event.startsWith('named ')).length, 2);
  assert.is(events.indexOf(`flushed ${join(clone.dir, BESIDE)}`), (named ?? 0) - 1);
  assert.is(statSync(join(clone.dir, CHECKOUT)).mode & 0o777, 0o640);
  assert.is(await clone.git('status', '--porcelain'), '');
});

test('what a crash left beside a file on its way from another disk goes, also where the file is somebody else`s by then (P3)', async () => {
  for (const happensMeanwhile of ['nothing', 'an edit', 'another branch']) {
    const clone = await createRepository(FILES);
    let isCrashing = true;
    const disk = acrossDisks((event) => {
      if (isCrashing && event.startsWith('named ')) throw Object.assign(new Error('crash'), { code: 'EIO' });
    });
    const on = await openOn(clone, { disk });
    await on.writer.write(writeOf(enable('new-checkout')));
    await on.writer.close();
    await on.cache.close();
    assert.match(await clone.git('status', '--porcelain'), BESIDE);
    isCrashing = false;
    if (happensMeanwhile === 'an edit') clone.write({ [CHECKOUT]: 'environments: {}\n' });
    if (happensMeanwhile === 'another branch')
      await clone.git('checkout', '--quiet', '--force', '-b', 'other');
    await (await openOn(clone, { disk })).close();
    assert.not.match(await clone.git('status', '--porcelain'), BESIDE, happensMeanwhile);
    const text = readFileSync(join(clone.dir, CHECKOUT), 'utf8');
    assert.is(text === 'environments: {}\n', happensMeanwhile === 'an edit');
  }
});

test.run();

/** The machine's disk, as it is where `.git` is a disk of its own; tells of each flush and each name in the work tree. */
function acrossDisks(note: (event: string) => void): Disk {
  return {
    ...machineDisk,
    create: async (path, bytes, mode) => {
      await machineDisk.create(path, bytes, mode);
      note(`flushed ${path}`);
    },
    rename: (from, to) => {
      if (isInGitFolder(from) !== isInGitFolder(to))
        throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
      if (!isInGitFolder(to)) note(`named ${to}`);
      machineDisk.rename(from, to);
    },
  };
}

function isInGitFolder(path: string): boolean {
  return path.includes('/.git/');
}
