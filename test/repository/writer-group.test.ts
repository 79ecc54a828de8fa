import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import {
  CHECKOUT,
  create,
  DARK_MODE,
  describeFlag,
  enable,
  failureOf,
  flagKey,
  openOn,
  openWritable,
  PROJECT,
  remove,
  type Writable,
  writeOf,
} from './writable.js';

const groups = suite<{ on: Writable }>('writes that wait together');
groups.before.each(async (context) => {
  context.on = await openWritable();
});
groups.after.each(({ on }) => on.close());

/** The first is written at once; those behind it wait, and are a group. */
function writeAll({ writer }: Writable, changes: readonly ReturnType<typeof create>[]) {
  return Promise.allSettled(changes.map((change) => writer.write(writeOf(change))));
}

/** How often a write reached the disk: once for each entry of the journal. */
function countingDisk(): { disk: Disk; rounds: () => number } {
  let rounds = 0;
  const overwrite: Disk['overwrite'] = (path, bytes) => {
    rounds += 1;
    return machineDisk.overwrite(path, bytes);
  };
  return { disk: { ...machineDisk, overwrite }, rounds: () => rounds };
}

async function assertSound({ clone, writer, cache }: Writable): Promise<void> {
  await writer.close();
  assert.is(await clone.git('status', '--porcelain'), '');
  assert.is(await clone.git('fsck', '--full', '--strict', '--no-dangling'), '');
  assert.is(cache.revision, await clone.head());
}

groups('are flushed in one round, and each is its own commit with its own words (P2)', async ({ on }) => {
  await on.close();
  const { disk, rounds } = countingDisk();
  const grouped = await openOn(on.clone, { disk });
  const writes = ['a', 'b', 'c', 'd'].map((flag) =>
    grouped.writer.write(
      writeOf(create(flag), {
        author: { name: flag, email: `${flag}@example.com` },
        message: `For ${flag}.`,
      }),
    ),
  );
  const commits = (await Promise.all(writes)).map(({ commit }) => commit);
  assert.is(rounds(), 2, 'the first, and all that waited behind it');
  const log = await on.clone.git('log', '-4', '--reverse', '--format=%H %an %s %w(0,0,1)%b');
  for (const [index, flag] of ['a', 'b', 'c', 'd'].entries()) {
    assert.match(log, `${commits[index]} ${flag} acme/web-app: create ${flag}`);
    assert.match(log, `For ${flag}.`);
  }
  const reflog = await on.clone.git('reflog', 'show', '--format=%H', '-4', 'main');
  assert.equal(reflog.split('\n').reverse(), commits);
  await assertSound(grouped);
  await grouped.close();
});

groups('with a size of one each is flushed alone', async ({ on }) => {
  await on.close();
  const { disk, rounds } = countingDisk();
  const single = await openOn(on.clone, { disk, groupSize: 1 });
  await writeAll(single, [create('a'), create('b'), create('c')]);
  assert.is(rounds(), 3);
  await single.close();
});

groups('see what those before them did, and one that is refused leaves no trace', async ({ on }) => {
  const results = await writeAll(on, [
    create('a'),
    create('b'),
    create('b'),
    describeFlag('b', 'Second'),
    enable('unknown'),
    remove('dark-mode'),
    enable('dark-mode'),
  ]);
  const codes = results.map((result) => (result.status === 'fulfilled' ? 'written' : result.reason.code));
  assert.equal(codes, [
    'written',
    'written',
    'FLAG_EXISTS',
    'written',
    'FLAG_NOT_FOUND',
    'written',
    'FLAG_NOT_FOUND',
  ]);
  assert.is(await on.clone.git('rev-list', '--count', 'HEAD'), '5');
  assert.match(await on.clone.git('show', 'HEAD:flags/acme/web-app/flags/b.yaml'), 'description: Second');
  await assertSound(on);
});

groups(
  'are each answered with what their own commit serves, not the last one of the group',
  async ({ on }) => {
    const changes = [create('z'), ...['A', 'B', 'C'].map((text) => describeFlag('dark-mode', text))];
    const written = await Promise.all(
      [...changes, remove('dark-mode')].map((change) => on.writer.write(writeOf(change))),
    );
    const flags = written.map(({ served }) => served?.snapshot.projects.get(PROJECT)?.flags);
    const told = flags.map((all) => all?.get(flagKey('dark-mode')));
    assert.equal(
      told.map((flag) => flag?.file.description),
      [undefined, 'A', 'B', 'C', undefined],
    );
    assert.is(told[4], undefined);
    for (const [index, { commit, blobs, served }] of written.entries()) {
      assert.is(served?.revision, commit);
      if (index > 0 && index < 4) assert.is(told[index]?.blob, blobs.get(DARK_MODE));
    }
    const again = await on.writer.write(writeOf(create('y')));
    const same = await on.writer.write(writeOf(enable('y')));
    assert.is(same.changed, false);
    assert.is(same.served?.revision, again.commit);
  },
);

groups('that take each other back leave the file as it was', async ({ on }) => {
  const path = join(on.clone.dir, CHECKOUT);
  const [before, file] = [readFileSync(path, 'utf8'), statSync(path).ino];
  const results = await writeAll(on, [
    create('a'),
    enable('new-checkout'),
    create('b'),
    enable('new-checkout', false),
    remove('b'),
  ]);
  assert.ok(results.every(({ status }) => status === 'fulfilled'));
  assert.is(await on.clone.git('rev-list', '--count', 'HEAD'), '6');
  assert.equal([readFileSync(path, 'utf8'), statSync(path).ino], [before, file], 'not written at all');
  await assertSound(on);
});

groups("a person's unsaved file is in the way of its own write alone (P6)", async ({ on }) => {
  writeFileSync(join(on.clone.dir, DARK_MODE), '# mine\n');
  const results = await writeAll(on, [create('a'), create('b'), enable('dark-mode', false), create('c')]);
  const codes = results.map((result) => (result.status === 'fulfilled' ? 'written' : result.reason.code));
  assert.equal(codes, ['written', 'written', 'WORKTREE_DIRTY', 'written']);
  assert.is(readFileSync(join(on.clone.dir, DARK_MODE), 'utf8'), '# mine\n');
});

groups('what comes in the way of one under the lock is in the way of no other (P6)', async ({ on }) => {
  await on.close();
  const path = join(on.clone.dir, DARK_MODE);
  let count = 0;
  const create_: Disk['create'] = async (file, bytes, mode) => {
    await machineDisk.create(file, bytes, mode);
    // The second time that a ref is prepared is the group's: its files were looked at already.
    if (file.endsWith('/ref') && ++count === 2) writeFileSync(path, '# mine\n');
  };
  const late = await openOn(on.clone, { disk: { ...machineDisk, create: create_ } });
  const results = await writeAll(late, [create('a'), create('b'), enable('dark-mode', false), create('c')]);
  const codes = results.map((result) => (result.status === 'fulfilled' ? 'written' : result.reason.code));
  assert.equal(codes, ['written', 'written', 'WORKTREE_DIRTY', 'written']);
  assert.is(readFileSync(path, 'utf8'), '# mine\n');
  await late.close();
});

groups('a group whose work tree could not follow is healed by its journal (P3)', async ({ on }) => {
  await on.close();
  let indexes = 0;
  const createQuickly: Disk['createQuickly'] = (path, bytes, mode) => {
    // The second index is the group's.
    if (path.endsWith('/index') && ++indexes === 2) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    machineDisk.createQuickly(path, bytes, mode);
  };
  const failing = await openOn(on.clone, { disk: { ...machineDisk, createQuickly } });
  const results = await writeAll(failing, [create('a'), create('b'), enable('new-checkout'), create('c')]);
  assert.ok(results.every(({ status }) => status === 'fulfilled'));
  assert.is.not(await on.clone.git('status', '--porcelain'), '');
  await failing.writer.write(writeOf(create('d')));
  assert.is(await on.clone.git('rev-list', '--count', 'HEAD'), '6');
  await assertSound(failing);
  await failing.close();
});

groups('a ref that is not confirmed is so for all that it has, and for nobody else', async ({ on }) => {
  await on.close();
  let syncs = 0;
  const sync: Disk['sync'] = async (path) => {
    if (path.endsWith('refs/heads') && ++syncs === 2) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    await machineDisk.sync(path);
  };
  const failing = await openOn(on.clone, { disk: { ...machineDisk, sync } });
  const results = await writeAll(failing, [create('a'), create('b'), create('b'), create('c')]);
  const codes = results.map((result) => (result.status === 'fulfilled' ? 'written' : result.reason.code));
  assert.equal(codes, ['written', 'COMMIT_NOT_FLUSHED', 'FLAG_EXISTS', 'COMMIT_NOT_FLUSHED']);
  assert.is((await failureOf(failing.writer.write(writeOf(create('c'))))).code, 'FLAG_EXISTS');
  await failing.writer.write(writeOf(create('d')));
  await assertSound(failing);
  await failing.close();
});

groups(
  'nothing is told of a commit that the disk did not confirm, to who asks again either',
  async ({ on }) => {
    await on.close();
    let syncs = 0;
    let isFailing = true;
    const sync: Disk['sync'] = async (path) => {
      const isRef = path.endsWith('refs/heads');
      if (isRef && ++syncs >= 2 && isFailing) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      await machineDisk.sync(path);
    };
    const failing = await openOn(on.clone, { disk: { ...machineDisk, sync } });
    const changes = [create('a'), enable('new-checkout'), enable('new-checkout'), enable('dark-mode')];
    const results = await writeAll(failing, changes);
    const codes = results.map((result) => (result.status === 'fulfilled' ? 'written' : result.reason.code));
    assert.equal(codes, ['written', 'COMMIT_NOT_FLUSHED', 'COMMIT_NOT_FLUSHED', 'COMMIT_NOT_FLUSHED']);
    const again = failing.writer.write(writeOf(enable('new-checkout')));
    assert.is((await failureOf(again)).code, 'DISK_ERROR');
    isFailing = false;
    assert.is((await failing.writer.write(writeOf(enable('new-checkout')))).changed, false);
    await assertSound(failing);
    await failing.close();
  },
);

groups(
  'fewer are tried each time that somebody else commits meanwhile, and all are written (P7)',
  async ({ on }) => {
    await on.close();
    let attempts = 0;
    const create_: Disk['create'] = async (path, bytes, mode) => {
      await machineDisk.create(path, bytes, mode);
      if (!path.endsWith('/ref')) return;
      attempts += 1;
      // The group of four, and the half of it that is tried next, find another head.
      if (attempts === 2 || attempts === 3) {
        await on.clone.git('commit', '--quiet', '--allow-empty', '-m', 'Somebody else');
      }
    };
    const busy = await openOn(on.clone, { disk: { ...machineDisk, create: create_ } });
    const results = await writeAll(busy, ['a', 'b', 'c', 'd', 'e'].map(create));
    assert.ok(results.every(({ status }) => status === 'fulfilled'));
    assert.is(await on.clone.git('rev-list', '--count', 'HEAD'), '8');
    assert.is(attempts, 5, 'of one; of four, two and one; and of the three that were left');
    await assertSound(busy);
    await busy.close();
  },
);

groups.run();
