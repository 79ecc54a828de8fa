import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, linkSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const CHILD = fileURLToPath(new URL('writing-child.ts', import.meta.url));
const KILLS = 15;

test('kill -9 at any moment: afterwards all is sound, nothing acknowledged is lost, and writing goes on (P3)', async () => {
  const clone = await createRepository(FILES);
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    // Each round lets one more write through, and then a little of the next one.
    acknowledged.push(...(await killAfter(clone, 1 + (round % 4), round * 0.7)));
    const on = await openOn(clone);
    await assertSound(clone);
    await on.writer.write(writeOf(create(`after-${round}`)));
    await on.close();
  }
  const history = new Set((await clone.git('rev-list', 'HEAD')).split('\n'));
  assert.ok(acknowledged.length >= KILLS);
  assert.equal(
    acknowledged.filter((commit) => !history.has(commit)),
    [],
  );
});

test('a write that fails or dies at its k-th step leaves all or nothing, for every k (P4)', async () => {
  const codes = ['EIO', 'ENOSPC', 'EMFILE'];
  let steps = 0;
  while (await failsSoundly(codes[steps % codes.length] ?? 'EIO', steps + 1)) steps += 1;
  assert.ok(steps > 30, `${steps} steps`);
});

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
  const changes = [enable('new-checkout'), create('fresh'), remove('dark-mode')];
  for (const change of changes) {
    const clone = await createRepository(FILES);
    const disk = failing('EIO');
    const on = await openOn(clone, { disk });
    disk.failAfterCommit();
    const { commit } = await on.writer.write(writeOf(change));
    assert.is(await clone.head(), commit);
    assert.is.not(await clone.git('status', '--porcelain'), '');
    disk.failAt(0, 0);
    await on.close();
    await (await openOn(clone)).close();
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

/** Starts the child, lets it acknowledge so many writes, waits the milliseconds, kills it; gives what it acknowledged. */
function killAfter(clone: TestRepository, writes: number, delayMs: number): Promise<readonly string[]> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', CHILD, clone.dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((fulfil, reject) => {
    let output = '';
    child.on('error', reject);
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      if (output.split('\n').length - 2 >= writes) setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.on('close', () => fulfil(output.split('\n').slice(1, -1)));
  });
}

async function assertSound(clone: TestRepository): Promise<void> {
  assert.is(await clone.git('fsck', '--full', '--strict', '--no-dangling'), '');
  assert.is(await clone.git('status', '--porcelain'), '');
  assert.equal(locksIn(join(clone.dir, '.git')), []);
}

function locksIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.lock') && !name.startsWith('flagstaff'));
}

/** False where the write has fewer steps than that: then there is no more to try. */
async function failsSoundly(code: string, step: number): Promise<boolean> {
  const clone = await createRepository(FILES);
  const disk = failing(code);
  const on = await openOn(clone, { disk });
  const before = await clone.head();
  disk.failAt(step, step);
  const result = await on.writer.write(writeOf(describeFlag('new-checkout', 'New'))).then(
    ({ commit }) => commit,
    () => undefined,
  );
  const hasFailed = disk.hasFailed();
  disk.failAt(0, 0);
  const head = await clone.head();
  if (result !== undefined) assert.is(head, result);
  assert.ok(head === before || (await clone.git('rev-parse', 'HEAD~1')) === before);
  const next = await on.writer.write(writeOf(enable('new-checkout')));
  assert.is(next.changed, true);
  await on.close();
  await (await openOn(clone)).close();
  await assertSound(clone);
  return hasFailed;
}

interface FailingDisk extends Disk {
  /** From the next call on, counted from 1, those of these numbers fail. */
  failAt(first: number, last: number): void;
  /** Everything fails that comes after a ref has got its new commit. */
  failAfterCommit(): void;
  hasFailed(): boolean;
}

/** The machine's disk, but for the steps that are told to fail. Reading and taking away do not. */
function failing(code: string): FailingDisk {
  let [calls, first, last] = [0, 0, 0];
  let hasFailed = false;
  let isArmed = false;
  const step = (): void => {
    calls += 1;
    if (first === 0 || calls < first || calls > last) return;
    hasFailed = true;
    throw Object.assign(new Error(`${code}: told to fail`), { code });
  };
  const failAt = (from: number, to: number): void => {
    [calls, first, last, isArmed] = [0, from, to, false];
    if (from > 0) hasFailed = false;
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
    hasFailed: () => hasFailed,
  };
}
