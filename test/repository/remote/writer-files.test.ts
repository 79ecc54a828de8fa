import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestRepository } from '../../support/git.js';
import { CHECKOUT, create, failureOf, writeOf } from '../writable.js';
import { createRemote, type Followed, openFollowed, type Remote } from './followed-clone.js';

test('executable files, symlinks, submodules and names that are not ASCII come and go with the remote', async () => {
  const { remote, on } = await opened();
  const { person } = remote;
  await gone(remote, on, async () => {
    person.write({ 'tools/run.sh': '#!/bin/sh\n', 'docs/größe.md': 'Größe\n', 'docs/a.b': 'a.b\n' });
    chmodSync(join(person.dir, 'tools/run.sh'), 0o755);
    symlinkSync('docs/größe.md', join(person.dir, 'link'));
    await stageModule(person, 'modules/one');
  });
  assert.is(readlinkSync(join(on.clone.dir, 'link')), 'docs/größe.md');
  assert.ok(lstatSync(join(on.clone.dir, 'tools/run.sh')).mode & 0o100);
  assert.ok(lstatSync(join(on.clone.dir, 'modules/one')).isDirectory());
  await gone(remote, on, async () => {
    chmodSync(join(person.dir, 'tools/run.sh'), 0o644);
    rmSync(join(person.dir, 'link'));
    symlinkSync('elsewhere', join(person.dir, 'link'));
    person.write({ 'docs/größe.md': 'Größer\n' });
  });
  assert.not(lstatSync(join(on.clone.dir, 'tools/run.sh')).mode & 0o111);
  await gone(remote, on, async () => {
    await person.git('rm', '--quiet', '-r', 'link', 'docs', 'tools');
    await person.git('rm', '--quiet', '--cached', 'modules/one');
    rmSync(join(person.dir, 'modules'), { recursive: true });
  });
  for (const name of ['link', 'docs', 'tools', 'modules']) assert.not(existsSync(join(on.clone.dir, name)));
  await on.close();
});

test('a folder comes in the place of a file, and a file in that of a folder or a symlink', async () => {
  const { remote, on } = await opened({ thing: 'a file\n', 'folder/one': '1\n', 'folder/two': '2\n' });
  const { person } = remote;
  await gone(remote, on, async () => {
    rmSync(join(person.dir, 'thing'));
    rmSync(join(person.dir, 'folder'), { recursive: true });
    person.write({ 'thing/inside': 'now a folder\n', folder: 'now a file\n' });
  });
  await gone(remote, on, async () => {
    rmSync(join(person.dir, 'folder'));
    symlinkSync('thing', join(person.dir, 'folder'));
  });
  await gone(remote, on, async () => {
    rmSync(join(person.dir, 'folder'));
    person.write({ 'folder/deep/inside': 'a folder again\n' });
  });
  assert.not(existsSync(join(on.clone.dir, 'thing/deep')), 'nothing was written through the symlink');
  await on.close();
});

test('what nobody committed is in nobody’s way, unless a file of the remote is to be there', async () => {
  const { remote, on } = await opened();
  on.clone.write({ 'notes.txt': 'mine\n', 'flags/acme/web-app/draft.md': 'mine\n' });
  await remote.push({ [CHECKOUT]: 'environments: {}\n' });
  await on.follow();
  assert.is(await on.clone.git('status', '--porcelain'), '?? flags/acme/web-app/draft.md\n?? notes.txt');
  const tip = await remote.push({ 'notes.txt': 'theirs\n' });
  assert.match((await failureOf(on.follow())).message, 'notes.txt');
  rmSync(join(on.clone.dir, 'notes.txt'));
  assert.is((await on.follow()).head, tip);
  await on.close();
});

test('a folder in which somebody keeps work does not make room for a file', async () => {
  const { remote, on } = await opened({ 'folder/one': '1\n' });
  on.clone.write({ 'folder/mine': 'mine\n' });
  const { person } = remote;
  rmSync(join(person.dir, 'folder'), { recursive: true });
  await person.commit({ folder: 'now a file\n' });
  await person.git('push', '--quiet');
  assert.is((await failureOf(on.follow())).code, 'WORKTREE_DIRTY');
  rmSync(join(on.clone.dir, 'folder/mine'));
  await on.follow();
  assert.is(await on.clone.git('status', '--porcelain'), '');
  await on.close();
});

test('a commit whose checkout would write into the git folder is not followed (P14)', async () => {
  const { remote, on } = await opened();
  const head = await on.clone.head();
  const { bare } = remote;
  bare.write({ blob: '#!/bin/sh\n' });
  const blob = await bare.git('hash-object', '-w', 'blob');
  for (const name of ['.git', '.GIT', '..']) {
    const inner = tree(bare, `100644 blob ${blob}\tpost-commit\n`);
    const outer = tree(bare, `040000 tree ${inner}\t${name}\n`);
    const commit = await bare.git('commit-tree', outer, '-p', 'main', '-m', 'evil');
    await bare.git('update-ref', 'refs/heads/main', commit);
    assert.is((await failureOf(on.follow())).code, 'UNSAFE_PATH', name);
    assert.is(await on.clone.head(), head);
    await bare.git('update-ref', 'refs/heads/main', head);
  }
  assert.not(existsSync(join(on.clone.dir, '.git/post-commit')));
  await on.close();
});

test('the first commit of a remote that was empty is followed by a clone that had none', async () => {
  const remote = await createRemote();
  const { bare } = remote;
  const tip = await remote.head();
  await bare.git('update-ref', '-d', 'refs/heads/main');
  const on = await openFollowed(remote, await remote.clone());
  await bare.git('update-ref', 'refs/heads/main', tip);
  assert.is((await on.follow()).head, tip);
  await on.cache.ready;
  assert.is(await on.clone.git('status', '--porcelain'), '');
  const { commit } = await on.writer.write(writeOf(create('fresh')));
  assert.is(await remote.head(), commit);
  await on.close();
});

test.run();

async function opened(
  files: Record<string, string> = {},
): Promise<{ readonly remote: Remote; readonly on: Followed }> {
  const remote = await createRemote();
  if (Object.keys(files).length > 0) await remote.push(files);
  await remote.person.git('pull', '--quiet');
  const on = await openFollowed(remote, await remote.clone());
  await on.follow();
  return { remote, on };
}

/** The person changes something and pushes it; the clone is exactly that afterwards. */
async function gone({ person, bare }: Remote, on: Followed, change: () => Promise<void>): Promise<void> {
  await change();
  await person.git('add', '--all', '--', '.', ':!modules');
  await person.git('commit', '--quiet', '--message', 'change');
  await person.git('push', '--quiet');
  const { head } = await on.follow();
  assert.is(head, await bare.git('rev-parse', 'main'));
  assert.is(await on.clone.git('status', '--porcelain'), '');
  assert.is(await on.clone.git('diff', '--stat', 'HEAD'), '');
}

async function stageModule(person: TestRepository, path: string): Promise<void> {
  mkdirSync(join(person.dir, path), { recursive: true });
  const head = await person.head();
  await person.git('update-index', '--add', '--cacheinfo', `160000,${head},${path}`);
}

/** The git program makes any tree, but for its index. */
function tree(bare: TestRepository, entry: string): string {
  return execFileSync('git', ['mktree'], { cwd: bare.dir, input: entry }).toString().trim();
}
