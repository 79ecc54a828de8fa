import { existsSync, linkSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import { createRepository, type TestRepository } from '../support/git.js';
import {
  CHECKOUT,
  create,
  describeFlag,
  enable,
  FILES,
  failureOf,
  openOn,
  remove,
  writeOf,
} from './writable.js';

test('a full disk is 507, and writing goes on when there is room (P5)', async () => {
  const clone = await createRepository(FILES);
  const disk = failing('ENOSPC');
  const on = await openOn(clone, { disk });
  disk.failAt(1, Number.POSITIVE_INFINITY);
  const failure = await failureOf(on.writer.write(writeOf(enable('new-checkout'))));
  assert.is(failure.kind, 'full');
  assert.is(failure.code, 'DISK_FULL');
  disk.failAt(0, 0);
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await on.close();
  await assertSound(clone);
});

test('a commit that the disk does not confirm is not said to be unmade, and is whole after the next write', async () => {
  const clone = await createRepository(FILES);
  const isFailing = { next: true };
  const sync: Disk['sync'] = async (path) => {
    if (path.endsWith('refs/heads') && isFailing.next) {
      throw Object.assign(new Error('told to fail'), { code: 'EIO' });
    }
    await machineDisk.sync(path);
  };
  const on = await openOn(clone, { disk: { ...machineDisk, sync } });
  const failure = await failureOf(on.writer.write(writeOf(enable('new-checkout'))));
  assert.is(failure.code, 'COMMIT_NOT_FLUSHED');
  assert.equal(failure.data.details, { commit: await clone.head() });
  isFailing.next = false;
  await on.writer.write(writeOf(create('fresh')));
  await on.close();
  assert.is(await clone.git('rev-list', '--count', 'HEAD'), '3');
  await assertSound(clone);
});

test('what a crash left between commit and work tree is done at the next start, for every kind of change', async () => {
  const writes = [
    writeOf(enable('new-checkout')),
    writeOf(create('fresh')),
    writeOf(remove('dark-mode')),
    // Two files of the same content.
    writeOf(create('one'), { changes: [create('one'), create('other')] }),
  ];
  for (const write of writes) {
    const clone = await createRepository(FILES);
    const disk = failing('EIO');
    const on = await openOn(clone, { disk });
    disk.failAfterCommit();
    const { commit } = await on.writer.write(write);
    assert.is(await clone.head(), commit);
    assert.is.not(await clone.git('status', '--porcelain'), '');
    disk.failAt(0, 0);
    await on.close();
    await (await openOn(clone)).close();
    await assertSound(clone);
  }
});

test('a write whose lock cannot be given back is made and says so; the next one heals it (P4)', async () => {
  const clone = await createRepository(FILES);
  for (const name of ['index.lock', 'refs/heads/main.lock']) {
    const isFailing = { next: true };
    const removeLock: Disk['remove'] = (path) => {
      if (path.endsWith(name) && isFailing.next) {
        isFailing.next = false;
        throw Object.assign(new Error('told to fail'), { code: 'EIO' });
      }
      return machineDisk.remove(path);
    };
    const on = await openOn(clone, { disk: { ...machineDisk, remove: removeLock } });
    const { commit } = await on.writer.write(writeOf(describeFlag('new-checkout', name)));
    assert.is(await clone.head(), commit);
    assert.ok(existsSync(join(clone.dir, '.git', name)));
    await on.writer.write(writeOf(describeFlag('dark-mode', name)));
    await on.close();
    await assertSound(clone);
  }
});

test('what somebody changed after the crash is theirs', async () => {
  const clone = await createRepository(FILES);
  const disk = failing('EIO');
  const on = await openOn(clone, { disk });
  disk.failAfterCommit();
  await on.writer.write(writeOf(enable('new-checkout')));
  disk.failAt(0, 0);
  await on.close();
  const mine = 'environments: {}\n';
  clone.write({ [CHECKOUT]: mine });
  await (await openOn(clone)).close();
  assert.is(await clone.git('show', `:${CHECKOUT}`), String(FILES[CHECKOUT]).trimEnd());
  assert.is(readFileSync(join(clone.dir, CHECKOUT), 'utf8'), mine);
});

test('a lock that a crash of ours left is removed, one of somebody else is not (P7)', async () => {
  const clone = await createRepository(FILES);
  await (await openOn(clone)).close();
  const token = join(clone.dir, '.git/flagstaff/lock-token');
  const lock = join(clone.dir, '.git/index.lock');
  linkSync(token, lock);
  linkSync(token, join(clone.dir, '.git/refs/heads/main.lock'));
  const on = await openOn(clone);
  assert.not(existsSync(lock));
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await on.close();
});

test.run();

async function assertSound(clone: TestRepository): Promise<void> {
  assert.is(await clone.git('fsck', '--full', '--strict', '--no-dangling'), '');
  assert.is(await clone.git('status', '--porcelain'), '');
  assert.equal(locksIn(join(clone.dir, '.git')), []);
}

function locksIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.lock') && !name.startsWith('flagstaff'));
}

interface FailingDisk extends Disk {
  /** From the next call on, counted from 1, those of these numbers fail. */
  failAt(first: number, last: number): void;
  /** Everything fails that comes after a ref has got its new commit. */
  failAfterCommit(): void;
}

/** The machine's disk, but for the steps that are told to fail. Reading and taking away do not. */
function failing(code: string): FailingDisk {
  let [calls, first, last] = [0, 0, 0];
  let isArmed = false;
  const step = (): void => {
    calls += 1;
    if (first === 0 || calls < first || calls > last) return;
    throw Object.assign(new Error(`${code}: told to fail`), { code });
  };
  const failAt = (from: number, to: number): void => {
    [calls, first, last, isArmed] = [0, from, to, false];
  };
  return {
    ...machineDisk,
    create: async (...parameters) => {
      step();
      await machineDisk.create(...parameters);
    },
    createQuickly: (...parameters) => {
      step();
      machineDisk.createQuickly(...parameters);
    },
    sync: async (path) => {
      // The commit itself is to be acknowledged, so its own flush must not fail.
      if (!(isArmed && path.endsWith('heads'))) step();
      await machineDisk.sync(path);
    },
    link: (from, to) => {
      step();
      return machineDisk.link(from, to);
    },
    rename: (from, to) => {
      step();
      machineDisk.rename(from, to);
      if (isArmed && to.includes('/refs/heads/')) [calls, first, last] = [0, 1, Number.POSITIVE_INFINITY];
    },
    makeFolder: (path) => {
      step();
      return machineDisk.makeFolder(path);
    },
    append: (path, text) => {
      step();
      machineDisk.append(path, text);
    },
    failAt,
    failAfterCommit: () => {
      failAt(0, 0);
      isArmed = true;
    },
  };
}
