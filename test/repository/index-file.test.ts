import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../src/model/failure.js';
import { machineDisk } from '../../src/repository/disk.js';
import {
  entryOf,
  isInIndex,
  parseIndex,
  serializeIndex,
  withEntries,
} from '../../src/repository/index-file.js';
import { createRepository } from '../support/git.js';

const FILES = {
  'a.txt': 'a\n',
  'b/c.txt': 'c\n',
  'b/d/e.txt': 'e\n',
  [`long/${'x'.repeat(200)}.txt`]: 'x\n',
  'ümlaut.txt': 'u\n',
};

test('what git wrote is read and written back byte by byte', async () => {
  const clone = await createRepository(FILES);
  const bytes = readFileSync(join(clone.dir, '.git/index'));
  const index = parseIndex(bytes);
  assert.is(index.starts.length, 5);
  assert.equal(serializeIndex(index), bytes);
});

test('an entry that is added, replaced or removed is one that git takes for its own', async () => {
  const clone = await createRepository(FILES);
  const path = join(clone.dir, '.git/index');
  clone.write({ 'a.txt': 'other\n', 'b/new.txt': 'new\n', 'b/d/e.txt': null });
  const target = async (name: string) => {
    const stat = machineDisk.stat(join(clone.dir, name));
    if (stat === undefined) throw new Error(name);
    return { oid: await clone.git('hash-object', '-w', name), mode: '100644', stat };
  };
  const targets = new Map([
    ['a.txt', await target('a.txt')],
    ['b/new.txt', await target('b/new.txt')],
    ['b/d/e.txt', null],
  ]);
  writeFileSync(path, serializeIndex(withEntries(parseIndex(readFileSync(path)), targets)));
  assert.is(await clone.git('diff-files', '--name-only'), '');
  assert.equal((await clone.git('diff', '--cached', '--name-status')).split('\n'), [
    'M\ta.txt',
    'D\tb/d/e.txt',
    'A\tb/new.txt',
  ]);
  const tree = await clone.git('write-tree');
  assert.is(await clone.git('ls-tree', '-r', '--name-only', tree, 'b'), 'b/c.txt\nb/new.txt');
  assert.is(await clone.git('fsck', '--full', '--strict', '--no-dangling'), '');
});

test("git's cache of trees is left out where it cannot be read, and forgets only folders that change", async () => {
  const clone = await createRepository(FILES);
  const index = parseIndex(readFileSync(join(clone.dir, '.git/index')));
  const targets = new Map([['b/d/e.txt', null]]);
  const damaged = { ...index, extensions: [{ name: 'TREE', bytes: Buffer.from('\0no numbers') }] };
  assert.equal(withEntries(damaged, targets).extensions, []);
  const [tree] = withEntries(index, targets).extensions;
  assert.is(tree?.name, 'TREE');
  assert.is(tree?.bytes.toString('latin1').match(/-1 /g)?.length, 3, 'the top, b and b/d');
});

test('entries are found by their path, and a conflict is no entry', async () => {
  const clone = await createRepository(FILES);
  const blob = await clone.git('rev-parse', 'HEAD:a.txt');
  const read = () => parseIndex(readFileSync(join(clone.dir, '.git/index')));
  assert.equal(entryOf(read(), 'a.txt'), { oid: blob, mode: '100644' });
  assert.is(entryOf(read(), 'b'), undefined);
  assert.ok(isInIndex(read(), 'b'));
  await clone.git('checkout', '--quiet', '-b', 'other');
  await clone.commit({ 'a.txt': 'theirs\n' });
  await clone.git('checkout', '--quiet', 'main');
  await clone.commit({ 'a.txt': 'ours\n' });
  await clone.git('merge', 'other').catch(() => undefined);
  assert.is(entryOf(read(), 'a.txt'), undefined);
  assert.ok(isInIndex(read(), 'a.txt'));
});

test('a file that git was told to leave out of the work tree is named', async () => {
  const clone = await createRepository(FILES);
  await clone.git('update-index', '--skip-worktree', 'b/c.txt');
  assert.throws(
    () => parseIndex(readFileSync(join(clone.dir, '.git/index'))),
    (error: unknown) =>
      error instanceof Failure &&
      error.code === 'REPOSITORY_UNSUPPORTED' &&
      error.message.includes('b/c.txt is'),
  );
});

test('no index is one without entries', () => {
  assert.equal(parseIndex(undefined).starts, []);
});

test.run();
