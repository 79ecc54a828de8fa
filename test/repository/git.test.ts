import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../src/model/failure.js';
import { openRepository } from '../../src/repository/git.js';
import { createRepository, repositoryAt, temporaryFolder } from '../support/git.js';

const test = suite('repository/git');

async function codeOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'no failure';
}

test('HEAD names the branch and its commit, loose or packed', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'a' });
  const repository = await openRepository(made.dir);
  const oid = await made.head();
  assert.equal(await repository.head(), { branch: 'main', oid });
  await made.git('pack-refs', '--all');
  assert.equal(await repository.head(), { branch: 'main', oid });
  const next = await made.commit({ 'flags/a.yaml': 'b' });
  assert.equal(await repository.head(), { branch: 'main', oid: next });
  await made.git('pack-refs', '--all');
  assert.equal(await repository.resolveBranch('main'), next);
  assert.is(await repository.resolveBranch('nowhere'), undefined);
});

test('a branch without a commit is unborn, not damaged', async () => {
  const made = await createRepository();
  assert.equal(await (await openRepository(made.dir)).head(), { branch: 'main', oid: undefined });
});

test('a detached HEAD has no branch', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'a' });
  await made.git('checkout', '--quiet', '--detach');
  const repository = await openRepository(made.dir);
  assert.equal(await repository.head(), { branch: undefined, oid: await made.head() });
});

test('an empty ref is damage, never a new branch (RELIABILITY 1)', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'a' });
  const repository = await openRepository(made.dir);
  writeFileSync(join(made.dir, '.git/refs/heads/main'), '');
  assert.is(await codeOf(() => repository.head()), 'REPOSITORY_DAMAGED');
  writeFileSync(join(made.dir, '.git/HEAD'), '');
  assert.is(await codeOf(() => repository.head()), 'REPOSITORY_DAMAGED');
});

test('branches with slashes, and one that has the name of a folder', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'a' });
  await made.git('branch', 'feature/one');
  const repository = await openRepository(made.dir);
  assert.is(await repository.resolveBranch('feature/one'), await made.head());
  assert.is(await repository.resolveBranch('feature'), undefined);
  assert.is(await repository.resolveBranch('main/one'), undefined);
});

test('a linked work tree has its own HEAD and the common branches', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'a' });
  const linkedDir = join(temporaryFolder(), 'linked');
  await made.git('worktree', 'add', '--quiet', '-b', 'side', linkedDir);
  const oid = await repositoryAt(linkedDir).commit({ 'flags/a.yaml': 'b' });
  const repository = await openRepository(linkedDir);
  assert.equal(await repository.head(), { branch: 'side', oid });
  assert.is(repository.workDir, linkedDir);
  assert.is(repository.commonDir, join(made.dir, '.git'));
  assert.is(repository.stateDir, join(made.dir, '.git/flagstaff'));
  assert.is(repository.gitDir, join(made.dir, '.git/worktrees/linked'));
});

test('a bare repository has no work tree', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'a' });
  const dir = temporaryFolder();
  await made.git('clone', '--quiet', '--bare', '.', dir);
  const repository = await openRepository(dir);
  assert.is(repository.workDir, undefined);
  assert.equal(await repository.head(), { branch: 'main', oid: await made.head() });
});

test('the folder .git stands for its work tree', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'a' });
  assert.is((await openRepository(join(made.dir, '.git'))).workDir, made.dir);
});

test('what is no repository is refused with one sentence', async () => {
  const dir = temporaryFolder();
  assert.is(await codeOf(() => openRepository(dir)), 'NO_REPOSITORY');
  assert.is(await codeOf(() => openRepository(join(dir, 'missing'))), 'NO_REPOSITORY');
  writeFileSync(join(dir, '.git'), 'gitdir: /nowhere/at/all\n');
  assert.is(await codeOf(() => openRepository(dir)), 'NO_REPOSITORY');
});

test('sha256 objects and reftable refs are refused before anything is misread', async () => {
  const sha256 = await createRepository({}, ['--object-format=sha256']);
  assert.is(await codeOf(() => openRepository(sha256.dir)), 'REPOSITORY_UNSUPPORTED');
  const reftable = await createRepository();
  const settings = '[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n';
  writeFileSync(join(reftable.dir, '.git/config'), settings);
  assert.is(await codeOf(() => openRepository(reftable.dir)), 'REPOSITORY_UNSUPPORTED');
});

test('the entries of a tree have modes, and blobs bytes, loose and packed', async () => {
  const made = await createRepository({ 'flags/acme/org.yaml': 'x', 'flags/b.sh': 'y' });
  chmodSync(join(made.dir, 'flags/b.sh'), 0o755);
  await made.commit({});
  const [flags, acme, script] = await Promise.all(
    ['HEAD:flags', 'HEAD:flags/acme', 'HEAD:flags/b.sh'].map((name) => made.git('rev-parse', name)),
  );
  for (const isPacked of [false, true]) {
    if (isPacked) await made.git('gc', '--quiet', '--prune=now');
    const repository = await openRepository(made.dir);
    assert.equal(await repository.readTree(flags ?? ''), [
      { name: 'acme', mode: '40000', oid: acme, kind: 'tree' },
      { name: 'b.sh', mode: '100755', oid: script, kind: 'file' },
    ]);
    assert.is(String(await repository.readBlob(script ?? '')), 'y');
  }
});

test('objects are still found after a repack moved them', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'one' });
  await made.git('gc', '--quiet', '--prune=now');
  const repository = await openRepository(made.dir);
  await repository.readBlob(await made.git('rev-parse', 'HEAD:flags/a.yaml'));
  await made.commit({ 'flags/a.yaml': 'two' });
  const blob = await made.git('rev-parse', 'HEAD:flags/a.yaml');
  await made.git('gc', '--quiet', '--prune=now');
  assert.is(String(await repository.readBlob(blob)), 'two');
});

test('objects of a repository that borrows from another are found', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'one' });
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--shared', '.', dir);
  const repository = await openRepository(dir);
  const blob = await made.git('rev-parse', 'HEAD:flags/a.yaml');
  assert.is(String(await repository.readBlob(blob)), 'one');
  await made.git('gc', '--quiet', '--prune=now');
  assert.is(String(await (await openRepository(dir)).readBlob(blob)), 'one');
});

test('a missing, torn, false or mistyped object is damage that names it', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'one', 'flags/b.yaml': 'two' });
  const repository = await openRepository(made.dir);
  const one = await made.git('rev-parse', 'HEAD:flags/a.yaml');
  const two = await made.git('rev-parse', 'HEAD:flags/b.yaml');
  const fileOf = (oid: string) => join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
  assert.is(await codeOf(() => repository.readTree(one)), 'REPOSITORY_DAMAGED');
  const bytes = readFileSync(fileOf(two));
  rmSync(fileOf(one));
  assert.is(await codeOf(() => repository.readBlob(one)), 'REPOSITORY_DAMAGED');
  mkdirSync(join(made.dir, '.git/objects', one.slice(0, 2)), { recursive: true });
  writeFileSync(fileOf(one), bytes);
  assert.is(await codeOf(() => repository.readBlob(one)), 'REPOSITORY_DAMAGED');
  writeFileSync(fileOf(one), bytes.subarray(0, 5));
  assert.is(await codeOf(() => repository.readBlob(one)), 'REPOSITORY_DAMAGED');
});

test('what the machine refuses to read is not damaged: it says why, and is read once it can be', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'one', 'flags/b.yaml': 'two' });
  const repository = await openRepository(made.dir);
  const oid = await made.git('rev-parse', 'HEAD:flags/a.yaml');
  const object = join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
  const branch = join(made.dir, '.git/refs/heads/main');
  for (const [path, read] of [
    [object, () => repository.readBlob(oid)],
    [branch, () => repository.head()],
  ] as const) {
    renameSync(path, `${path}.away`);
    // Opening a link to itself is refused (ELOOP), for the superuser too.
    symlinkSync(path, path);
    assert.is(await codeOf(read), 'REPOSITORY_UNREADABLE');
    rmSync(path);
    renameSync(`${path}.away`, path);
    await read();
  }
  await made.git('gc', '--quiet', '--prune=now');
  const other = await openRepository(made.dir);
  const packs = join(made.dir, '.git/objects/pack');
  const pack = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '');
  renameSync(pack, `${pack}.away`);
  symlinkSync(pack, pack);
  assert.is(await codeOf(() => other.readBlob(oid)), 'REPOSITORY_UNREADABLE');
});

test('a commit tells its tree, parents, people and message, signed or not', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'one' });
  const parent = await made.head();
  const when = { GIT_COMMITTER_DATE: '2026-01-15T10:00:00Z', GIT_AUTHOR_DATE: '2026-01-14T10:00:00Z' };
  const oid = await made.commit({ 'flags/a.yaml': 'two' }, 'subject\n\nbody', when);
  const commit = await (await openRepository(made.dir)).readCommit(oid);
  assert.equal(commit, {
    oid,
    tree: await made.git('rev-parse', 'HEAD^{tree}'),
    parents: [parent],
    author: { name: 'Marc', email: 'marc@example.com', seconds: Date.parse('2026-01-14T10:00:00Z') / 1000 },
    committer: {
      name: 'Marc',
      email: 'marc@example.com',
      seconds: Date.parse('2026-01-15T10:00:00Z') / 1000,
    },
    message: 'subject\n\nbody\n',
  });
});

test('packed refs that changed are read again', async () => {
  const made = await createRepository({ 'flags/a.yaml': 'one' });
  await made.git('pack-refs', '--all');
  const repository = await openRepository(made.dir);
  const oid = await made.head();
  assert.is(await repository.resolveBranch('second'), undefined);
  appendFileSync(join(made.dir, '.git/packed-refs'), `${oid} refs/heads/second\n`);
  assert.is(await repository.resolveBranch('second'), oid);
});

test('what it is told of is not read again, but only as what it is', async () => {
  const made = await createRepository({ 'a.txt': 'one' });
  const repository = await openRepository(made.dir);
  const blob = 'f'.repeat(40);
  assert.is(await codeOf(() => repository.readBlob(blob)), 'REPOSITORY_DAMAGED');
  repository.remember([[blob, { type: 'blob', bytes: Buffer.from('two') }]]);
  assert.is(String(await repository.readBlob(blob)), 'two');
  assert.is((await repository.readObject(blob)).type, 'blob');
  assert.is(await codeOf(() => repository.readTree(blob)), 'REPOSITORY_DAMAGED');
});

test.run();
