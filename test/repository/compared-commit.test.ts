import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openCompared } from '../../src/repository/compared-commit.js';
import { loadDirectory } from '../../src/repository/worktree.js';
import { createRepository } from '../support/git.js';

test('of the next commit only the organizations that are other are loaded again', async () => {
  const files = { 'flags/acme/org.yaml': 'name: Acme\n', 'flags/beta/org.yaml': 'name: Acme\n' };
  const repository = await createRepository(files);
  const compared = await openCompared(repository.dir, undefined);
  const load = async () => {
    const loaded = await loadDirectory(repository.dir, 0);
    return (await compared.load({ loaded, now: 0, signal: new AbortController().signal }))?.orgs ?? [];
  };
  const before = await load();
  await repository.commit({ 'flags/beta/org.yaml': 'name: Beta\n' }, 'another name');
  const after = await load();
  assert.equal(
    after.map(({ key, file }) => [key, file.name]),
    [
      ['acme', 'Acme'],
      ['beta', 'Beta'],
    ],
  );
  assert.is(after[0], before[0]);
});

test.run();
