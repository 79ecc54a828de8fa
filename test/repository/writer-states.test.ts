import {
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { machineDisk } from '../../src/repository/disk.js';
import { Journal } from '../../src/repository/journal.js';
import { temporaryFolder } from '../support/git.js';
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
  remove,
  type Writable,
  writeOf,
} from './writable.js';

const states = suite<{ on: Writable }>('repository states (P6)');
states.before.each(async (context) => {
  context.on = await openWritable();
});
states.after.each(({ on }) => on.close());

states('a file with uncommitted edits is not overwritten', async ({ on }) => {
  const mine = 'environments: {}\n# my own work\n';
  on.clone.write({ [CHECKOUT]: mine });
  await refused(on, 'WORKTREE_DIRTY');
  assert.is(readFileSync(join(on.clone.dir, CHECKOUT), 'utf8'), mine);
});

states('a staged change of the file is not overwritten', async ({ on }) => {
  on.clone.write({ [CHECKOUT]: 'environments: {}\n' });
  await on.clone.git('add', CHECKOUT);
  await refused(on, 'WORKTREE_DIRTY');
  on.clone.write({ [CHECKOUT]: String(FILES[CHECKOUT]) });
  await refused(on, 'WORKTREE_DIRTY');
});

states('a file that somebody removed is not put back', async ({ on }) => {
  unlinkSync(join(on.clone.dir, CHECKOUT));
  await refused(on, 'WORKTREE_DIRTY');
});

states('an untracked or staged file where a new one would go is not overwritten', async ({ on }) => {
  on.clone.write({ 'flags/acme/web-app/flags/fresh.yaml': 'mine\n' });
  const failure = await failureOf(on.writer.write(writeOf(create('fresh'))));
  assert.is(failure.code, 'WORKTREE_DIRTY');
  await on.clone.git('add', '--all');
  on.clone.write({ 'flags/acme/web-app/flags/fresh.yaml': null });
  assert.is((await failureOf(on.writer.write(writeOf(create('fresh'))))).code, 'WORKTREE_DIRTY');
});

states(
  'other files that are dirty or staged stay as they are, and out of the commit',
  async ({ on: { clone, writer } }) => {
    clone.write({ [DARK_MODE]: 'environments: {}\n', 'README.md': 'mine\n', 'notes.txt': 'untracked\n' });
    await clone.git('add', 'README.md');
    const before = await clone.git('status', '--porcelain');
    await writer.write(writeOf(enable('new-checkout')));
    assert.is(await clone.git('status', '--porcelain'), before);
    assert.is(await clone.git('show', '--name-only', '--format=', 'HEAD'), CHECKOUT);
    await clone.git('commit', '--quiet', '--message', 'mine');
    assert.is(await clone.git('show', '--name-only', '--format=', 'HEAD'), 'README.md');
  },
);

states('an unreadable index is refused, not replaced', async ({ on }) => {
  const path = join(on.clone.dir, '.git/index');
  const bytes = readFileSync(path);
  bytes[70] = (bytes[70] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const failure = await failureOf(on.writer.write(writeOf(enable('new-checkout'))));
  assert.is(failure.code, 'INDEX_DAMAGED');
  assert.equal(readFileSync(path), bytes);
});

states('an index of version 4, split or sparse', async ({ on }) => {
  await on.clone.git('update-index', '--index-version', '4');
  await refused(on, 'REPOSITORY_UNSUPPORTED');
  await on.clone.git('update-index', '--index-version', '2');
  await on.clone.git('update-index', '--split-index');
  await refused(on, 'REPOSITORY_UNSUPPORTED');
  await on.clone.git('update-index', '--no-split-index');
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await on.clone.git('sparse-checkout', 'set', 'flags');
  await refused(on, 'REPOSITORY_UNSUPPORTED');
});

states('an index of version 3', async ({ on: { clone, writer } }) => {
  clone.write({ 'later.txt': 'x\n' });
  await clone.git('add', '--intent-to-add', 'later.txt');
  await writer.write(writeOf(enable('new-checkout')));
  await writer.write(writeOf(create('fresh')));
  assert.is(await clone.git('status', '--porcelain'), ' A later.txt');
});

states(
  'a file or folder that is a symlink is not written through (RELIABILITY 3)',
  async ({ on: { clone, writer } }) => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'dark-mode.yaml'), String(FILES[DARK_MODE]));
    const path = join(clone.dir, DARK_MODE);
    unlinkSync(path);
    symlinkSync(join(outside, 'dark-mode.yaml'), path);
    assert.is((await failureOf(writer.write(writeOf(enable('dark-mode', false))))).code, 'NOT_A_FILE');
    const folder = join(clone.dir, 'flags/acme/web-app/flags');
    renameSync(folder, join(outside, 'flags'));
    symlinkSync(join(outside, 'flags'), folder);
    assert.is((await failureOf(writer.write(writeOf(create('fresh'))))).code, 'NOT_A_FILE');
    assert.is(readFileSync(join(outside, 'dark-mode.yaml'), 'utf8'), String(FILES[DARK_MODE]));
  },
);

states('a symlink in the commit is not written through', async ({ on: { clone, writer } }) => {
  const path = join(clone.dir, DARK_MODE);
  unlinkSync(path);
  symlinkSync('new-checkout.yaml', path);
  await clone.commit({});
  assert.is((await failureOf(writer.write(writeOf(enable('dark-mode', false))))).code, 'NOT_A_FILE');
});

states(
  'a lock of somebody else is waited for at most 2 s, then 503; it is never removed (P7)',
  async ({ on: { clone, writer } }) => {
    for (const name of ['index', 'refs/heads/main']) {
      const lock = join(clone.dir, '.git', `${name}.lock`);
      writeFileSync(lock, '');
      const failure = await failureOf(writer.write(writeOf(enable('new-checkout'))));
      assert.is(failure.kind, 'busy');
      assert.is(failure.code, 'GIT_LOCKED');
      assert.type(failure.data.retryAfterSeconds, 'number');
      assert.ok(existsSync(lock));
      const journal = new Journal(machineDisk, join(clone.dir, '.git/flagstaff'));
      assert.is(journal.read(), undefined, 'nothing is left of it');
      unlinkSync(lock);
    }
    assert.is((await writer.write(writeOf(enable('new-checkout')))).changed, true);
  },
);

states('a lock that goes in time is waited for (P7)', async ({ on: { clone, writer } }) => {
  const lock = join(clone.dir, '.git/index.lock');
  writeFileSync(lock, '');
  const write = writer.write(writeOf(enable('new-checkout')));
  setTimeout(() => unlinkSync(lock), 100);
  assert.is((await write).changed, true);
});

states('writes that queue behind one lock wait for it once, together (P7)', async ({ on }) => {
  await on.close();
  const lock = join(on.clone.dir, '.git/index.lock');
  let looks = 0;
  const link: typeof machineDisk.link = (from, to) => {
    if (to === lock) looks += 1;
    return machineDisk.link(from, to);
  };
  const { writer, close } = await openOn(on.clone, { disk: { ...machineDisk, link } });
  writeFileSync(lock, '');
  const looksOf = async (write: Promise<unknown>): Promise<number> => {
    assert.is((await failureOf(write)).code, 'GIT_LOCKED');
    return looks;
  };
  const writes = ['a', 'b', 'c', 'd'].map((flag) => looksOf(writer.write(writeOf(create(flag)))));
  const [first = 0, ...others] = await Promise.all(writes);
  assert.ok(first > 10, `${first} looks`);
  assert.ok(
    others.every((last) => last > first && last <= first + 4),
    `${others} looks`,
  );
  unlinkSync(lock);
  assert.is((await writer.write(writeOf(create('e')))).changed, true);
  await close();
});

states('packed refs and packed objects', async ({ on: { clone, writer } }) => {
  await clone.git('pack-refs', '--all', '--prune');
  await clone.git('gc', '--quiet', '--prune=now');
  await writer.write(writeOf(enable('new-checkout')));
  await clone.git('pack-refs', '--all', '--prune');
  await writer.write(writeOf(enable('new-checkout', false)));
  assert.is(await clone.git('rev-list', '--count', 'HEAD'), '3');
  assert.is(await clone.git('fsck', '--full', '--strict'), '');
});

states('an object that is there but broken is written again', async ({ on: { clone, writer } }) => {
  const { blobs } = await writer.write(writeOf(enable('new-checkout')));
  const oid = String(blobs.get(CHECKOUT));
  await writer.write(writeOf(enable('new-checkout', false)));
  const path = join(clone.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
  chmodSync(path, 0o644);
  writeFileSync(path, '');
  await writer.write(writeOf(enable('new-checkout')));
  assert.is(await clone.git('fsck', '--full', '--strict'), '');
});

states(
  'git finds its index as quick as it left it: nothing is compared again but what is as young as the index',
  async ({ on: { clone, writer } }) => {
    await writer.write(writeOf(enable('new-checkout')));
    assert.is(await clone.git('diff-files', '--name-only'), '');
  },
);

states(
  'an edit that git can tell only by the age of its index is still seen after our write (P6)',
  async ({ on: { clone, writer } }) => {
    // As young as the index, of the same size, and only times count: git has to compare the content.
    const [path, index] = [join(clone.dir, DARK_MODE), join(clone.dir, '.git/index')];
    const second = 1_700_000_000;
    await clone.git('config', 'core.trustctime', 'false');
    utimesSync(path, second, second);
    await clone.git('update-index', '--refresh');
    writeFileSync(path, String(FILES[DARK_MODE]).replace('true', 'null'));
    utimesSync(path, second, second);
    utimesSync(index, second, second);
    await writer.write(writeOf(enable('new-checkout')));
    assert.is(await clone.git('status', '--porcelain'), ` M ${DARK_MODE}`);
  },
);

states(
  'the folder of the last file goes only where nothing else is in it',
  async ({ on: { clone, writer } }) => {
    clone.write({ 'flags/acme/web-app/flags/.notes': 'mine\n' });
    await writer.write(writeOf(remove('dark-mode')));
    await writer.write(writeOf(remove('new-checkout')));
    assert.ok(existsSync(join(clone.dir, 'flags/acme/web-app/flags/.notes')));
  },
);

states.run();
