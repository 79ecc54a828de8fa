import { mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository, repositoryAt, temporaryFolder } from '../support/git.js';
import { CHECKOUT, enable, FILES, failureOf, openOn, openWritable, refused, writeOf } from './writable.js';

const clones = suite('forms of clones (P6)');

clones('another branch than the served one is checked out', async () => {
  const on = await openWritable(FILES, { branch: 'main' });
  await on.clone.git('checkout', '--quiet', '-b', 'feature');
  await refused(on, 'WRONG_BRANCH');
  await on.close();
});

clones('a bare repository is served and not written to', async () => {
  const source = await createRepository(FILES);
  const dir = join(temporaryFolder(), 'bare.git');
  await source.git('clone', '--quiet', '--bare', '.', dir);
  const on = await openOn(repositoryAt(dir));
  await refused(on, 'REPOSITORY_UNSUPPORTED');
  await on.close();
});

clones('a linked work tree is served and not written to', async () => {
  const source = await createRepository(FILES);
  const dir = join(temporaryFolder(), 'linked');
  await source.git('worktree', 'add', '--quiet', '-b', 'linked', dir);
  const on = await openOn(repositoryAt(dir));
  await refused(on, 'REPOSITORY_UNSUPPORTED');
  await on.close();
});

clones('a shallow clone is written to', async () => {
  const source = await createRepository(FILES);
  await source.commit({ 'README.md': 'two\n' });
  const dir = join(temporaryFolder(), 'shallow');
  await source.git('clone', '--quiet', '--depth', '1', `file://${source.dir}`, dir);
  const on = await openOn(repositoryAt(dir));
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  assert.is(await on.clone.git('fsck', '--full', '--strict'), '');
  assert.is(await on.clone.git('status', '--porcelain'), '');
  await on.close();
});

clones('a clone whose git turns line ends into CRLF keeps them so', async () => {
  const source = await createRepository(FILES);
  const dir = join(temporaryFolder(), 'crlf');
  await source.git('-c', 'core.autocrlf=true', 'clone', '--quiet', '-c', 'core.autocrlf=true', '.', dir);
  const on = await openOn(repositoryAt(dir));
  await on.writer.write(writeOf(enable('new-checkout')));
  await on.writer.close();
  assert.match(readFileSync(join(dir, CHECKOUT), 'utf8'), /enabled: true \}\r\n$/);
  assert.is(await on.clone.git('status', '--porcelain'), '');
  assert.is(
    await on.clone.git('diff', '--shortstat', 'HEAD~1'),
    ' 1 file changed, 1 insertion(+), 1 deletion(-)',
  );
  await on.close();
});

clones('a branch without a commit is no place to write to', async () => {
  const on = await openOn(await createRepository());
  assert.is((await failureOf(on.writer.write(writeOf(enable('new-checkout'))))).code, 'NO_COMMIT');
  await on.close();
});

clones('a clone whose disk refuses is served, and each write says so until it does no more', async () => {
  const clone = await createRepository(FILES);
  const inTheWay = join(clone.dir, '.git/flagstaff/tmp');
  mkdirSync(dirname(inTheWay));
  writeFileSync(inTheWay, '');
  const on = await openOn(clone);
  const failure = await failureOf(on.writer.write(writeOf(enable('new-checkout'))));
  assert.is(failure.kind, 'busy');
  assert.is(failure.code, 'DISK_ERROR');
  assert.ok(on.cache.orgs.has('acme'), 'reads go on');
  unlinkSync(inTheWay);
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await on.close();
});

clones('a blob that git has lost stops no write to another file', async () => {
  const on = await openWritable();
  await on.cache.close();
  const lost = 'flags/acme/web-app/flags/lost.yaml';
  await on.clone.commit({ [lost]: 'environments: {}\n' });
  const oid = await on.clone.git('rev-parse', `HEAD:${lost}`);
  rmSync(join(on.clone.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
  unlinkSync(join(on.clone.dir, lost));
  assert.is((await on.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await on.close();
});

clones('of two writers of one clone the second only reads (one server for each clone)', async () => {
  const on = await openWritable();
  const second = await openOn(on.clone);
  assert.is((await failureOf(second.writer.write(writeOf(enable('new-checkout'))))).code, 'ANOTHER_WRITER');
  await on.close();
  assert.is((await second.writer.write(writeOf(enable('new-checkout')))).changed, true);
  await second.close();
});

clones('the lock of a process that is gone is taken over', async () => {
  const clone = await createRepository(FILES);
  const folder = join(clone.dir, '.git/flagstaff');
  mkdirSync(folder, { recursive: true });
  for (const left of [
    '',
    JSON.stringify({
      pid: 2 ** 22 + 1,
      host: (await import('node:os')).hostname(),
      startedAt: '1',
      token: 'x',
    }),
  ]) {
    writeFileSync(join(folder, 'writer.lock'), left);
    const on = await openOn(clone);
    assert.is((await on.writer.write(writeOf(enable('new-checkout', left === '')))).changed, true);
    await on.close();
  }
  rmSync(folder, { recursive: true });
});

clones.run();
