import { cpSync, mkdirSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RefWatch, type RefWatchOptions } from '../../src/repository/ref-watch.js';
import { watchRefs } from '../../src/repository/watch.js';
import { createRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { until } from '../support/until.js';

const test = suite('repository/ref-watch');
const open = new Set<Watched>();
test.after.each(() => {
  for (const on of open) on.close();
  open.clear();
});

test('the branch, HEAD and the packed refs are heard; locks, the index, objects and other branches are not (P10)', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  const quiet = ['index.lock', 'index', 'HEAD.lock', 'COMMIT_EDITMSG', 'refs/heads/main.lock', 'objects/ab'];
  for (const path of [...quiet, 'refs/heads/other', 'refs/tags/v1']) await assertHeard(on, path, false);
  for (const path of ['HEAD', 'packed-refs', 'refs/heads/main']) await assertHeard(on, path, true);
});

test('2,000 other branches, in as many folders, are neither heard nor watched', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  const before = on.watching.folders;
  const names = Array.from({ length: 2_000 }, (_, number) => `main:refs/heads/user-${number}/next`);
  const { git } = on.clone;
  assert.is(
    await on.after(() => git('-c', 'core.logAllRefUpdates=false', 'fetch', '--quiet', '.', ...names)),
    0,
  );
  assert.is(await on.after(() => git('branch', '-m', 'user-0/next', 'user-0')), 0);
  assert.equal(on.watching.folders, before);
  assert.is(before.length, 3);
});

test('a branch is heard in folders that come, go and come again, as with its last loose ref (P10)', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }), { branch: 'team/flags/next' });
  for (let round = 0; round < 3; round += 1) {
    await on.after(() => mkdirSync(on.path('refs/heads/team/flags'), { recursive: true }));
    await assertHeard(on, 'refs/heads/team/flags/next', true);
    await assertHeard(on, 'refs/heads/team/flags/other', false);
    assert.is(await on.after(() => rmSync(on.path('refs/heads/team'), { recursive: true })), 1);
  }
});

test('a folder that another one replaces in the same turn is watched as the new one', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }), { branch: 'team/next' });
  await on.after(() => mkdirSync(on.path('refs/heads/team')));
  for (let round = 0; round < 3; round += 1) {
    const replaceFolder = (): void => {
      rmSync(on.path('refs/heads/team'), { recursive: true });
      mkdirSync(on.path('refs/heads/team'));
    };
    assert.is(await on.after(replaceFolder), 1);
    await assertHeard(on, 'refs/heads/team/next', true);
  }
});

test('all that changes in one turn is one call', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  const all = (): void => {
    for (let round = 0; round < 50; round += 1) replace(on.path('refs/heads/main'));
    replace(on.path('HEAD'));
  };
  assert.is(await on.after(all), 1);
});

test('what HEAD leads to is heard, through symbolic refs and outside the branches, and what it led to no more', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  const { git } = on.clone;
  await git('update-ref', 'refs/x/main', 'main');
  await git('symbolic-ref', 'refs/heads/alias', 'refs/x/main');
  await on.after(() => git('symbolic-ref', 'HEAD', 'refs/heads/alias'));
  await assertHeard(on, 'refs/x/main', true);
  assert.is(on.watching.folders.length, 4);
  await assertHeard(on, 'refs/heads/alias', true);
  await assertHeard(on, 'refs/heads/main', false);
  assert.is(on.watching.folders.length, 3);
});

test('a folder that becomes a branch, and a branch that becomes a folder, in one turn each, end nothing', async () => {
  const clone = await createRepository({ 'README.md': 'one\n' });
  await clone.git('branch', 'team/next');
  for (const branch of ['main', 'team', 'team/next']) {
    const on = watchedAt(clone, { branch });
    for (let round = 0; round < 3; round += 1) {
      await on.after(() => {
        rmSync(on.path('refs/heads/team'), { recursive: true });
        replace(on.path('refs/heads/team'));
      });
      if (branch === 'team') await assertHeard(on, 'refs/heads/team', true);
      await on.after(() => {
        rmSync(on.path('refs/heads/team'));
        mkdirSync(on.path('refs/heads/team'));
        replace(on.path('refs/heads/team/next'));
      });
      if (branch === 'team/next') await assertHeard(on, 'refs/heads/team/next', true);
    }
    await assertHeard(on, 'refs/heads/main', branch === 'main');
  }
});

test('a git folder that another one replaces is heard of by its going, and watched from then on (P10)', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  cpSync(on.path('.'), join(on.clone.dir, 'copy'), { recursive: true });
  renameSync(on.path('.'), join(on.clone.dir, 'old'));
  renameSync(join(on.clone.dir, 'copy'), on.path('.'));
  on.watchMarker();
  for (const path of ['HEAD', 'packed-refs', 'refs/heads/main']) await assertHeard(on, path, true);
});

test('a clone that another one replaces, of which no watch tells, is watched from the next poll on (P10)', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  const { dir } = on.clone;
  cpSync(dir, `${dir}-copy`, { recursive: true });
  renameSync(dir, join(temporaryFolder(), 'old'));
  renameSync(`${dir}-copy`, dir);
  on.watching.renew();
  on.watchMarker();
  for (const path of ['HEAD', 'packed-refs', 'refs/heads/main']) await assertHeard(on, path, true);
});

test('a system that refuses to watch is told of in one line, and asked again (P10)', async () => {
  const lines: string[] = [];
  let isRefusing = true;
  const refusing: RefWatchOptions['watch'] = (...parameters) => {
    if (isRefusing) throw Object.assign(new Error('ENOSPC: no watches left'), { code: 'ENOSPC' });
    return watch(...parameters);
  };
  const clone = await createRepository({ 'README.md': 'one\n' });
  const on = watchedAt(clone, { log: (line) => lines.push(line), watch: refusing });
  on.watching.renew();
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', /cannot be watched.*ENOSPC/);
  await assertHeard(on, 'HEAD', false);
  isRefusing = false;
  on.watching.renew();
  await assertHeard(on, 'HEAD', true);
});

test('a watch that fails later is told of in one line, and begun again by the next poll', async () => {
  const lines: string[] = [];
  const fail: ((error: Error) => void)[] = [];
  const failing: RefWatchOptions['watch'] = (...parameters) => {
    const watcher = watch(...parameters);
    fail.push((error) => watcher.emit('error', error));
    return watcher;
  };
  const clone = await createRepository({ 'README.md': 'one\n' });
  const on = watchedAt(clone, { log: (line) => lines.push(line), watch: failing });
  for (const end of [...fail]) end(new Error('EPERM'));
  assert.is(lines.length, 1);
  await assertHeard(on, 'refs/heads/main', false);
  on.watching.renew();
  await assertHeard(on, 'refs/heads/main', true);
});

test('a closed watch hears nothing more', async () => {
  const on = watchedAt(await createRepository({ 'README.md': 'one\n' }));
  on.watching.close();
  await assertHeard(on, 'refs/heads/main', false);
  assert.equal(on.watching.folders, []);
});

test('everyone looks once more a moment after each change (DESIGN 5)', async () => {
  const { dir } = await createRepository({ 'README.md': 'one\n' });
  const gitDir = join(dir, '.git');
  let calls = 0;
  const onChange = (): void => {
    calls += 1;
  };
  const place = { gitDir, commonDir: gitDir, branch: undefined };
  const watching = watchRefs(place, { onChange, log: assert.unreachable });
  replace(join(gitDir, 'HEAD'));
  await until(() => calls === 2);
  await watching.close();
});

test.run();

interface Watched {
  readonly clone: TestRepository;
  readonly watching: RefWatch;
  path(name: string): string;
  /** How often it was heard, once the system has told of everything. */
  after(work: () => unknown): Promise<number>;
  /** Again, where the git folder is another one. */
  watchMarker(): void;
  close(): void;
}

/** The system tells in order: once a name of our own is heard, all that came before it has been. */
function watchedAt(
  clone: TestRepository,
  {
    branch,
    log = assert.unreachable,
    watch: by,
  }: Partial<RefWatchOptions & { branch: string | undefined }> = {},
): Watched {
  const gitDir = join(clone.dir, '.git');
  let calls = 0;
  const onChange = (): void => {
    calls += 1;
  };
  const options = { onChange, log, ...(by === undefined ? {} : { watch: by }) };
  const watching = new RefWatch({ gitDir, commonDir: gitDir, branch }, options);
  let heard = (): void => undefined;
  const watchOwn = () => watch(gitDir, (_, name) => (name === 'marker' ? heard() : undefined));
  let own = watchOwn();
  const after = async (work: () => unknown): Promise<number> => {
    const before = calls;
    await work();
    const told = new Promise<void>((fulfil) => {
      heard = fulfil;
    });
    replace(join(gitDir, 'marker'));
    await told;
    await setImmediate();
    return calls - before;
  };
  const watchMarker = (): void => {
    own.close();
    own = watchOwn();
  };
  const close = (): void => {
    watching.close();
    own.close();
  };
  const on = { clone, watching, path: (name: string) => join(gitDir, name), after, watchMarker, close };
  open.add(on);
  return on;
}

async function assertHeard(on: Watched, path: string, isHeard: boolean): Promise<void> {
  const count = await on.after(() => replace(on.path(path)));
  assert.is(count > 0, isHeard, path);
}

/** As git does: the new one is made elsewhere. What names a ref still names it. */
function replace(path: string): void {
  const fresh = join(temporaryFolder(), 'fresh');
  writeFileSync(fresh, path.endsWith('HEAD') ? 'ref: refs/heads/main' : 'fresh');
  renameSync(fresh, path);
}
