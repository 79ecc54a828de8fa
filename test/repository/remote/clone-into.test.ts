import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../../src/model/failure.js';
import { openRepository } from '../../../src/repository/git.js';
import { parseRemote } from '../../../src/repository/remote/address.js';
import { type CloneOptions, cloneInto, isCloneDue } from '../../../src/repository/remote/clone-into.js';
import { repositoryAt, temporaryFolder } from '../../support/git.js';
import { startGitServer, type TestGitServer } from '../../support/git-server.js';
import { WAYS } from './remote-clone.js';

const test = suite('repository/remote/clone-into');

function clone(server: TestGitServer, dir: string, more: Partial<CloneOptions> = {}): Promise<void> {
  return cloneInto({
    ...{ dir, address: parseRemote(server.url), log: () => undefined },
    signal: AbortSignal.timeout(30_000),
    ...more,
  });
}

for (const way of WAYS) {
  test(`a missing and an empty folder become clean clones, on the remote's branch (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a', 'folder/b.txt': 'b' } });
    const person = await server.clone();
    writeFileSync(join(person.dir, 'run.sh'), 'true\n', { mode: 0o755 });
    await person.git('add', 'run.sh');
    await person.git('commit', '--quiet', '--message', 'a program');
    await person.git('push', '--quiet', 'origin', 'main');
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'empty'));
    for (const dir of [join(parent, 'missing', 'deep'), join(parent, 'empty')]) {
      assert.is(isCloneDue(dir), true);
      await clone(server, dir, { way });
      assert.is(isCloneDue(dir), false);
      const cloned = repositoryAt(dir);
      assert.is(await cloned.head(), await person.head());
      assert.is(await cloned.git('status', '--porcelain', '--branch'), '## main...origin/main');
      assert.is(await cloned.git('fsck', '--full', '--strict'), '');
      assert.ok((lstatSync(join(dir, 'run.sh')).mode & 0o100) !== 0);
      assert.is(statSync(join(dir, '.git', 'flagstaff')).mode & 0o777, 0o700);
      assert.equal((await openRepository(dir)).workDir, dir);
    }
    await server.close();
  });

  test(`a named branch, and only as many commits as are asked for (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': '0' } });
    const person = await server.clone();
    await person.git('checkout', '--quiet', '-b', 'team/live');
    for (const text of ['1', '2', '3']) await person.commit({ 'a.txt': text });
    await person.git('push', '--quiet', 'origin', 'team/live');
    const dir = temporaryFolder();
    await clone(server, dir, { way, branch: 'team/live', depth: 2 });
    const cloned = repositoryAt(dir);
    assert.is(await cloned.git('rev-list', '--count', 'HEAD'), '2');
    assert.is(await cloned.git('status', '--porcelain', '--branch'), '## team/live...origin/team/live');
    await server.close();
  });

  test(`a remote without commits gives a clone without commits (${way})`, async () => {
    const server = await startGitServer();
    const dir = temporaryFolder();
    await clone(server, dir, { way });
    assert.equal(await (await openRepository(dir)).head(), { branch: 'main', oid: undefined });
    await server.close();
  });

  test(`a clone that broke off is begun again (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const dir = temporaryFolder();
    server.setFault({ kind: 'cut', afterBytes: 30 });
    assert.is(await codeOf(clone(server, dir, { way })), 'REMOTE_UNREACHABLE');
    assert.equal(readdirSync(dir), ['.flagstaff-clone']);
    assert.is(isCloneDue(dir), true);
    server.setFault(undefined);
    await clone(server, dir, { way });
    assert.equal(readdirSync(dir).sort(), ['.git', 'a.txt']);
    await server.close();
  });

  test(`one that broke off while files were written is finished, without the remote (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a', 'b.txt': 'b' } });
    const dir = temporaryFolder();
    await clone(server, dir, { way });
    // As a crash in the middle leaves it.
    rmSync(join(dir, 'a.txt'));
    writeFileSync(join(dir, 'b.txt'), '');
    renameSync(join(dir, '.git', 'index'), join(dir, '.git', 'index.lock'));
    writeFileSync(join(dir, '.git', 'flagstaff', 'clone-unfinished'), '');
    await server.close();
    assert.is(isCloneDue(dir), true);
    await clone(server, dir, { way });
    assert.is(await repositoryAt(dir).git('status', '--porcelain'), '');
    assert.is(isCloneDue(dir), false);
  });
}

for (const way of WAYS) {
  test(`a path that cannot be checked out is named, and once the branch is repaired the clone is finished (P11, ${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const good = await server.bare.git('rev-parse', 'main');
    await server.bare.git('update-ref', 'refs/heads/main', await unsafeCommit(server, way));
    const dir = temporaryFolder();
    assert.is(await codeOf(clone(server, dir, { way })), 'UNSAFE_PATH');
    assert.is(await codeOf(clone(server, dir, { way })), 'UNSAFE_PATH');
    await server.bare.git('update-ref', 'refs/heads/main', good);
    await clone(server, dir, { way });
    assert.is(await repositoryAt(dir).git('status', '--porcelain', '--branch'), '## main...origin/main');
    assert.is(await repositoryAt(dir).head(), good);
    assert.is(isCloneDue(dir), false);
    await server.close();
  });
}

/** A commit of a file in a folder that each of both ways refuses to write to. */
async function unsafeCommit({ bare, dir }: TestGitServer, way: 'git' | 'isomorphic-git'): Promise<string> {
  const words = ['-C', dir, 'hash-object', '-w', '-t', 'tree', '--literally', '--stdin'];
  const treeOf = (entry: string, oid: string): string => {
    const input = Buffer.concat([Buffer.from(`${entry}\0`), Buffer.from(oid, 'hex')]);
    return execFileSync('git', words, { input, encoding: 'utf8' }).trim();
  };
  const inner = treeOf('100644 evil', await bare.git('rev-parse', 'main:a.txt'));
  const tree = treeOf(way === 'git' ? '40000 .git' : '40000 ..\\evil', inner);
  return bare.git('commit-tree', tree, '-m', 'unsafe');
}

test('what is no clone of ours is not touched', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const dir = temporaryFolder();
  writeFileSync(join(dir, 'mine.txt'), 'mine');
  assert.is(isCloneDue(dir), false);
  assert.is(await codeOf(clone(server, dir)), 'FOLDER_NOT_EMPTY');
  assert.equal(readdirSync(dir), ['mine.txt']);
  await server.close();
});

test('a branch that the remote does not have is named, and nothing is cloned', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const dir = temporaryFolder();
  assert.is(await codeOf(clone(server, dir, { branch: 'other' })), 'REMOTE_BRANCH_MISSING');
  assert.is(existsSync(join(dir, '.git')), false);
  await server.close();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it went well',
    (error: Failure) => error.code ?? String(error),
  );
}

test.run();
