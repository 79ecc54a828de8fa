import { chmodSync, mkdirSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RefWatch } from '../../src/repository/ref-watch.js';
import { createRepository, type TestRepository, temporaryFolder } from '../support/git.js';

test('a branch, HEAD and the packed refs are heard; locks, the index and objects, which change with every commit, are not (P10)', async () => {
  const clone = await createRepository({ 'README.md': 'one\n' });
  const on = watchedAt(clone);
  const quiet = ['index.lock', 'index', 'HEAD.lock', 'COMMIT_EDITMSG', 'refs/heads/main.lock', 'objects/ab'];
  for (const path of quiet) await assertHeard(on, path, false);
  for (const path of ['HEAD', 'packed-refs', 'refs/heads/main']) await assertHeard(on, path, true);
  on.close();
});

test('a branch is heard in folders that come, go and come again, as with its last loose ref (P10)', async () => {
  const clone = await createRepository({ 'README.md': 'one\n' });
  const on = watchedAt(clone);
  for (let round = 0; round < 2; round += 1) {
    await on.after(() => mkdirSync(join(clone.dir, '.git/refs/heads/team/flags'), { recursive: true }));
    await assertHeard(on, 'refs/heads/team/flags/next', true);
    await on.after(() => rmSync(join(clone.dir, '.git/refs/heads/team'), { recursive: true }));
  }
  on.close();
});

test('a folder of branches that changes itself is not heard twice from then on', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  const folder = join(on.clone.dir, '.git/refs/heads/team');
  await on.after(() => mkdirSync(folder));
  await on.after(() => chmodSync(folder, 0o700));
  assert.is(await on.after(() => replace(join(folder, 'flags'))), 1);
  on.close();
});

test('a closed watch hears nothing more', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  on.watching.close();
  await assertHeard(on, 'refs/heads/main', false);
  on.close();
});

test.run();

interface Watched {
  readonly clone: TestRepository;
  readonly watching: RefWatch;
  /** How often it was heard, once the system has told of everything. */
  after(work: () => void): Promise<number>;
  close(): void;
}

/** The system tells in order: once a name of our own is heard, all that came before it has been. */
function watchedAt(clone: TestRepository): Watched {
  const gitDir = join(clone.dir, '.git');
  let calls = 0;
  const watching = new RefWatch({ gitDir, commonDir: gitDir }, () => {
    calls += 1;
  });
  let heard = (): void => undefined;
  const own = watch(gitDir, (_, name) => {
    if (name === 'marker') heard();
  });
  const after = async (work: () => void): Promise<number> => {
    const before = calls;
    work();
    const told = new Promise<void>((fulfil) => {
      heard = fulfil;
    });
    replace(join(gitDir, 'marker'));
    await told;
    return calls - before;
  };
  const close = (): void => {
    watching.close();
    own.close();
  };
  return { clone, watching, after, close };
}

async function assertHeard(on: Watched, path: string, isHeard: boolean): Promise<void> {
  const count = await on.after(() => replace(join(on.clone.dir, '.git', path)));
  assert.is(count > 0, isHeard, path);
}

/** As git does: the new one is made elsewhere. */
function replace(path: string): void {
  const fresh = join(temporaryFolder(), 'fresh');
  writeFileSync(fresh, 'fresh');
  renameSync(fresh, path);
}
