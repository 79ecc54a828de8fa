import { spawnSync } from 'node:child_process';
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FlagCache } from '../../src/repository/served.js';
import { flagFiles, flagPath, flagText } from '../support/flags.js';
import {
  createRepository,
  gitEnvironment,
  repositoryAt,
  type TestRepository,
  temporaryFolder,
} from '../support/git.js';
import { cacheOf, closeCaches, until, versionOf } from '../support/served.js';

const test = suite('repository/following-refs');
test.after.each(closeCaches);

/** So that nobody but the watcher can see a change. */
const NO_POLL = { pollMs: 3_600_000 };

/** Commits by the git program where it is, and waits until that is served. */
async function assertFollowed(cache: FlagCache, made: TestRepository, version: number): Promise<void> {
  const commit = await made.commit({ [flagPath('acme', 'one')]: flagText(version) });
  await until(
    cache,
    () => cache.revision === commit && versionOf(cache, 'acme', 'one') === `version-${version}`,
  );
}

/** All of it in one turn of the event loop: what the watcher hears of first is gone by then. */
function gitAtOnce(dir: string, ...commands: readonly (readonly string[])[]): void {
  for (const command of commands) {
    const { status, stderr } = spawnSync('git', command, { cwd: dir, env: gitEnvironment() });
    assert.is(status, 0, String(stderr));
  }
}

test('the branch that is checked out may be renamed to the folder it was in, and back, again and again (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  await made.git('checkout', '--quiet', '-b', 'team/x');
  const cache = await cacheOf(made.dir, NO_POLL);
  await cache.ready;
  for (let round = 1; round <= 40; round += 1) {
    await made.git('branch', '-m', 'team/x', 'team');
    if (round % 8 === 0) await assertFollowed(cache, made, round);
    await made.git('branch', '-m', 'team', 'team/x');
    if (round % 8 === 4) await assertFollowed(cache, made, round);
  }
});

test('so may another branch, with all of it in one turn (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  const cache = await cacheOf(made.dir, NO_POLL);
  await cache.ready;
  await made.git('branch', 'team/x');
  for (let round = 1; round <= 5; round += 1) {
    gitAtOnce(made.dir, ['branch', '-D', 'team/x'], ['branch', 'team']);
    await assertFollowed(cache, made, round);
    gitAtOnce(made.dir, ['branch', '-D', 'team'], ['branch', 'team/x']);
  }
});

test('a branch that is named is followed where it goes, comes again, is packed and loses its folder (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  await made.git('branch', 'team/x');
  const cache = await cacheOf(made.dir, { ...NO_POLL, branch: 'team/x' });
  await cache.ready;
  for (let round = 1; round <= 3; round += 1) {
    gitAtOnce(made.dir, ['branch', '-D', 'team/x'], ['branch', 'team']);
    await until(cache, () => cache.trouble === 'there is no branch team/x');
    gitAtOnce(made.dir, ['branch', '-D', 'team'], ['checkout', '--quiet', '-b', 'team/x']);
    await until(cache, () => cache.trouble === undefined);
    await assertFollowed(cache, made, 2 * round);
    await made.git('pack-refs', '--all');
    await assertFollowed(cache, made, 2 * round + 1);
    await made.git('checkout', '--quiet', 'main');
    await made.git('reset', '--quiet', '--hard', 'team/x');
  }
});

test('the branch is followed while 2,000 others come, are packed and go (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  const cache = await cacheOf(made.dir, NO_POLL);
  await cache.ready;
  const names = Array.from({ length: 2_000 }, (_, number) => `main:refs/heads/user-${number}/next`);
  await made.git('-c', 'core.logAllRefUpdates=false', 'fetch', '--quiet', '.', ...names);
  await assertFollowed(cache, made, 1);
  await made.git('pack-refs', '--all');
  await assertFollowed(cache, made, 2);
});

test('a linked work tree has its own HEAD, which is followed where it leads (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  const linked = repositoryAt(join(temporaryFolder(), 'linked'));
  await made.git('worktree', 'add', '--quiet', '-b', 'linked', linked.dir);
  await made.git('branch', 'team/other');
  const cache = await cacheOf(linked.dir, NO_POLL);
  await cache.ready;
  await assertFollowed(cache, linked, 1);
  const [linkedHead, otherHead] = [await linked.head(), await made.head()];
  await linked.git('checkout', '--quiet', 'team/other');
  await until(cache, () => cache.revision === otherHead);
  await assertFollowed(cache, linked, 2);
  await linked.git('checkout', '--quiet', '--detach', linkedHead);
  await until(cache, () => cache.revision === linkedHead);
  await assertFollowed(cache, linked, 3);
});

test('a git folder that another one replaces is followed from the next poll on, and heard again from then on (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  const cache = await cacheOf(made.dir, { pollMs: 900 });
  await cache.ready;
  const [gitDir, copy] = [join(made.dir, '.git'), join(made.dir, 'copy')];
  cpSync(gitDir, copy, { recursive: true });
  renameSync(gitDir, join(temporaryFolder(), 'old'));
  renameSync(copy, gitDir);
  await assertFollowed(cache, made, 1);
});

test('a branch folder that another one replaces is heard at once (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 0 } }));
  const cache = await cacheOf(made.dir, NO_POLL);
  await cache.ready;
  const [heads, copy] = [join(made.dir, '.git/refs/heads'), join(made.dir, '.git/refs/copy')];
  for (let round = 1; round <= 3; round += 1) {
    cpSync(heads, copy, { recursive: true });
    renameSync(heads, join(temporaryFolder(), 'old'));
    renameSync(copy, heads);
    await assertFollowed(cache, made, round);
  }
});

test.run();
