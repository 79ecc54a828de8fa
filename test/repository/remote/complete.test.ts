import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../../src/model/failure.js';
import { openRepository } from '../../../src/repository/git.js';
import { assertComplete } from '../../../src/repository/remote/complete.js';
import { createRepository } from '../../support/git.js';

const test = suite('repository/remote/complete');

/** Each kind of object, by what git calls it. */
const MISSING = ['HEAD~1', 'HEAD^{tree}', 'HEAD:folder', 'HEAD:folder/b.txt', 'HEAD~1:a.txt'];

for (const name of MISSING) {
  test(`a commit of which ${name} did not come is not used`, async () => {
    const { dir, git, tip, fresh } = await twoCommits();
    const oid = await git('rev-parse', name);
    rmSync(join(dir, '.git', 'objects', oid.slice(0, 2), oid.slice(2)));
    fresh.delete(oid);
    const repository = await openRepository(dir);
    const failure = await assertComplete(repository, { tip, fresh, shallow: new Set() }).catch(
      (error: Failure) => error,
    );
    assert.is((failure as Failure).code, 'REPOSITORY_DAMAGED');
    assert.ok((failure as Failure).message.includes(oid));
  });
}

test('a whole one is used, and so is one whose history ends on purpose', async () => {
  const { dir, git, tip, fresh } = await twoCommits();
  const repository = await openRepository(dir);
  await assertComplete(repository, { tip, fresh, shallow: new Set() });
  const parent = await git('rev-parse', 'HEAD~1');
  rmSync(join(dir, '.git', 'objects', parent.slice(0, 2), parent.slice(2)));
  fresh.delete(parent);
  await assertComplete(repository, { tip, fresh, shallow: new Set([tip]) });
});

async function twoCommits() {
  const { dir, git, commit } = await createRepository({ 'a.txt': 'a', 'folder/b.txt': 'b' });
  const tip = await commit({ 'a.txt': 'c' });
  const objects = await git('rev-list', '--objects', '--no-object-names', 'HEAD');
  return { dir, git, tip, fresh: new Set(objects.split('\n')) };
}

test.run();
