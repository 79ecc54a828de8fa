import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import { InstanceLock } from '../../src/repository/instance-lock.js';
import { temporaryFolder } from '../support/git.js';
import { failureOf } from './writable.js';

/** No process has this number: it is above what Linux gives. */
const DEAD_PID = 2 ** 22 + 1;

function deadOwner(token: string): string {
  return JSON.stringify({ pid: DEAD_PID, host: hostname(), startedAt: '1', token });
}

function lockIn(stateDir: string, disk: Disk = machineDisk): InstanceLock {
  return new InstanceLock({ disk, stateDir, now: Date.now });
}

/** A disk that is late: until it has claimed, it still sees the lock as it was. */
function lateDisk(path: string, seen: Buffer): Disk {
  let hasClaimed = false;
  return {
    ...machineDisk,
    read: (name) => (name === path && !hasClaimed ? seen : machineDisk.read(name)),
    link: (from, to) => {
      if (to.includes('.after-')) hasClaimed = true;
      return machineDisk.link(from, to);
    },
  };
}

test('who is late to take over leaves the lock of who was not', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'writer.lock');
  writeFileSync(path, deadOwner('dead'));
  const seen = readFileSync(path);
  const [first, late, third] = [lockIn(folder), lockIn(folder, lateDisk(path, seen)), lockIn(folder)];
  assert.is(await first.take(), true);
  const held = readFileSync(path, 'utf8');
  assert.is((await failureOf(late.take())).code, 'ANOTHER_WRITER');
  assert.is(readFileSync(path, 'utf8'), held);
  assert.is((await failureOf(third.take())).code, 'ANOTHER_WRITER');
  assert.is(await first.take(), false);
  first.release();
  assert.equal(readdirSync(folder), []);
});

test('of many that take over at once one has the lock', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'writer.lock'), deadOwner('dead'));
  const locks = Array.from({ length: 8 }, () => lockIn(folder));
  const results = await Promise.allSettled(locks.map((lock) => lock.take()));
  assert.is(results.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal(readdirSync(folder), ['writer.lock']);
  for (const lock of locks) lock.release();
});

test('a takeover is refused while somebody else is at it, and goes on where that one died', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'writer.lock'), deadOwner('dead'));
  writeFileSync(join(folder, 'writer.lock.after-dead'), deadOwner('second'));
  writeFileSync(join(folder, 'writer.lock.after-second'), await livingOwner());
  assert.is((await failureOf(lockIn(folder).take())).code, 'ANOTHER_WRITER');
  writeFileSync(join(folder, 'writer.lock.after-second'), deadOwner('third'));
  const lock = lockIn(folder);
  assert.is(await lock.take(), true);
  lock.release();
  assert.equal(readdirSync(folder), []);
});

test('what dead processes left beside the lock goes, what a living one has there stays', async () => {
  const folder = temporaryFolder();
  const theirs = await livingOwner();
  writeFileSync(join(folder, 'writer.lock.gone'), deadOwner('gone'));
  writeFileSync(join(folder, 'writer.lock.theirs'), theirs);
  const lock = lockIn(folder);
  await lock.take();
  assert.equal(readdirSync(folder).sort(), ['writer.lock', 'writer.lock.theirs']);
  lock.release();
});

test('a takeover that the disk refuses can be tried again', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'writer.lock'), deadOwner('dead'));
  let isRefusing = true;
  const rename: Disk['rename'] = (from, to) => {
    if (isRefusing) throw Object.assign(new Error('told to fail'), { code: 'EIO' });
    machineDisk.rename(from, to);
  };
  const lock = lockIn(folder, { ...machineDisk, rename });
  assert.is(await lock.take().catch((error) => error.code), 'EIO');
  isRefusing = false;
  assert.is(await lock.take(), true);
  lock.release();
});

test.run();

/** The text by which a living process, this one, names itself. */
async function livingOwner(): Promise<string> {
  const folder = temporaryFolder();
  const lock = lockIn(folder);
  await lock.take();
  const text = readFileSync(join(folder, 'writer.lock'), 'utf8');
  lock.release();
  return text;
}
