import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import { createRepository, gitEnvironment } from '../support/git.js';
import {
  CHECKOUT,
  create,
  DARK_MODE,
  enable,
  FILES,
  failureOf,
  openOn,
  openWritable,
  refused,
  writeOf,
} from './writable.js';

test('while we hold them, git refuses to stage, to commit and to move the branch; afterwards it does (P7)', async () => {
  const clone = await createRepository(FILES);
  const { disk, isReached, letGo } = stoppingAfterTheRef();
  const on = await openOn(clone, { disk });
  clone.write({ [DARK_MODE]: 'environments: {}\n' });
  const write = on.writer.write(writeOf(enable('new-checkout')));
  await isReached;
  for (const words of [
    ['add', DARK_MODE],
    ['commit', '--quiet', '--all', '--message', 'mine'],
    ['update-ref', 'refs/heads/main', 'HEAD~1'],
  ]) {
    const error = await clone.git(...words).then(() => 'git did it', String);
    assert.match(error, /(?:index|refs\/heads\/main)\.lock.*File exists/s, words[0]);
  }
  letGo();
  const { commit } = await write;
  await clone.git('commit', '--quiet', '--all', '--message', 'mine');
  assert.is(await clone.git('rev-parse', 'HEAD~1'), commit);
  assert.is(await clone.git('show', '--name-only', '--format=', 'HEAD'), DARK_MODE);
  await on.close();
});

test('a request waits 2 s for a lock of somebody else, counted from when it came, and not again for the next lock (P7)', async () => {
  const on = await openWritable();
  for (const name of ['index', 'refs/heads/main'])
    writeFileSync(join(on.clone.dir, '.git', `${name}.lock`), '');
  const start = performance.now();
  const writes = ['a', 'b', 'c'].map((flag) => failureOf(on.writer.write(writeOf(create(flag)))));
  const codes = (await Promise.all(writes)).map(({ code }) => code);
  const tookMs = performance.now() - start;
  await on.close();
  assert.equal(codes, ['GIT_LOCKED', 'GIT_LOCKED', 'GIT_LOCKED']);
  // The promise is itself a time; three requests that waited one after the other would take three times as long.
  assert.ok(tookMs < 2 * 2_000, `${tookMs} ms`);
});

const MEANWHILE: readonly [name: string, parameters: readonly string[], code: string][] = [
  ['names another branch', ['symbolic-ref', 'HEAD', 'refs/heads/other'], 'WRONG_BRANCH'],
  ['begins a bisect', ['bisect', 'start'], 'OPERATION_IN_PROGRESS'],
];

for (const [name, parameters, code] of MEANWHILE) {
  test(`somebody who ${name} while the files are looked at, under the locks, is not committed under (P6)`, async () => {
    const clone = await createRepository(FILES);
    await clone.git('branch', 'other');
    let isDue = true;
    const disk: Disk = {
      ...machineDisk,
      read: (path) => {
        if (isDue && path.endsWith(CHECKOUT) && existsSync(join(clone.dir, '.git/refs/heads/main.lock'))) {
          isDue = false;
          spawnSync('git', parameters, { cwd: clone.dir, env: gitEnvironment() });
        }
        return machineDisk.read(path);
      },
    };
    const on = await openOn(clone, { disk, branch: 'main' });
    await refused(on, code);
    assert.not(isDue);
    await on.close();
  });
}

test.run();

/** The machine's disk, which stops a write when its ref is renamed and not yet flushed: all locks are held then. */
function stoppingAfterTheRef(): { disk: Disk; isReached: Promise<void>; letGo: () => void } {
  let reached = (): void => undefined;
  let letGo = (): void => undefined;
  const isReached = new Promise<void>((fulfil) => {
    reached = fulfil;
  });
  const isFree = new Promise<void>((fulfil) => {
    letGo = fulfil;
  });
  const sync: Disk['sync'] = async (path) => {
    if (path.endsWith('refs/heads')) {
      reached();
      await isFree;
    }
    await machineDisk.sync(path);
  };
  return { disk: { ...machineDisk, sync }, isReached, letGo: () => letGo() };
}
