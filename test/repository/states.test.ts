import { existsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { CHECKOUT, DARK_MODE, enable, FILES, openOn, PROJECT, type Writable, writeOf } from './writable.js';

/** A state that a clone may be in, and what a write is answered there. */
interface State {
  readonly name: string;
  readonly enter: (clone: TestRepository) => Promise<unknown>;
  /** The code of the refusal; `written` where there is none. */
  readonly answer: string;
  /** Ends the state; after that a write is made. */
  readonly leave?: (clone: TestRepository) => Promise<unknown>;
  /** What is opened and served, where it is not the clone itself. */
  readonly served?: (clone: TestRepository) => Promise<TestRepository>;
  readonly branch?: string;
}

const STATES: readonly State[] = [
  { name: 'clean', enter: async () => undefined, answer: 'written' },
  {
    name: 'the file has uncommitted edits',
    enter: async (clone) => clone.write({ [CHECKOUT]: 'environments: {}\n' }),
    answer: 'WORKTREE_DIRTY',
    leave: (clone) => clone.git('checkout', '--quiet', '--', CHECKOUT),
  },
  {
    name: 'another file has uncommitted edits',
    enter: async (clone) => clone.write({ [DARK_MODE]: 'environments: {}\n' }),
    answer: 'written',
  },
  {
    name: 'the file is staged',
    enter: async (clone) => {
      clone.write({ [CHECKOUT]: 'environments: {}\n' });
      await clone.git('add', CHECKOUT);
    },
    answer: 'WORKTREE_DIRTY',
    leave: (clone) => clone.git('checkout', '--quiet', 'HEAD', '--', CHECKOUT),
  },
  {
    name: 'another branch than the served one is checked out',
    branch: 'main',
    enter: (clone) => clone.git('checkout', '--quiet', '-b', 'feature'),
    answer: 'WRONG_BRANCH',
    leave: (clone) => clone.git('checkout', '--quiet', 'main'),
  },
  {
    name: 'HEAD is detached',
    enter: (clone) => clone.git('checkout', '--quiet', '--detach'),
    answer: 'WRONG_BRANCH',
    leave: (clone) => clone.git('checkout', '--quiet', 'main'),
  },
  inMiddleOf('a merge', ['merge', 'other'], ['merge', '--abort']),
  inMiddleOf('a rebase', ['rebase', 'other'], ['rebase', '--abort']),
  inMiddleOf('a rebase by patches', ['rebase', '--apply', 'other'], ['rebase', '--abort']),
  inMiddleOf('a cherry-pick', ['cherry-pick', 'other'], ['cherry-pick', '--abort']),
  inMiddleOf('a series of cherry-picks', ['cherry-pick', 'other~1', 'other'], ['cherry-pick', '--abort']),
  inMiddleOf('a revert', ['revert', '--no-edit', 'HEAD~1'], ['revert', '--abort']),
  {
    name: 'a bisect goes on',
    enter: (clone) => clone.git('bisect', 'start'),
    answer: 'OPERATION_IN_PROGRESS',
    leave: (clone) => clone.git('bisect', 'reset'),
  },
  {
    name: 'bare',
    enter: async () => undefined,
    served: (clone) => cloned(clone, '--bare'),
    answer: 'REPOSITORY_UNSUPPORTED',
  },
  {
    name: 'a linked work tree',
    enter: async () => undefined,
    served: async (clone) => {
      const dir = join(temporaryFolder(), 'linked');
      await clone.git('worktree', 'add', '--quiet', '-b', 'linked', dir);
      return repositoryAt(dir);
    },
    answer: 'REPOSITORY_UNSUPPORTED',
  },
  {
    name: 'shallow',
    enter: async () => undefined,
    served: (clone) => cloned(clone, '--depth', '1'),
    answer: 'written',
  },
  {
    name: 'refs and objects are packed',
    enter: async (clone) => {
      await clone.git('gc', '--quiet', '--prune=now');
      await clone.git('pack-refs', '--all', '--prune');
    },
    answer: 'written',
  },
  heldLock('index', 'GIT_LOCKED'),
  heldLock('refs/heads/main', 'GIT_LOCKED'),
  heldLock('packed-refs', 'written'),
];

for (const state of STATES) {
  const what = state.answer === 'written' ? 'a write is made' : `a write is refused with ${state.answer}`;
  test(`repository state ${state.name}: ${what}, and reads go on (P6)`, async () => {
    const source = await createRepository(FILES);
    await source.commit({ 'README.md': 'ours\n' });
    await diverge(source);
    const clone = (await state.served?.(source)) ?? source;
    const on = await openOn(clone, state.branch === undefined ? {} : { branch: state.branch });
    await state.enter(clone);
    const before = await contentOf(clone);
    await assertReads(on, state.branch);
    assert.is(await answerOf(on), state.answer);
    if (state.answer !== 'written') assert.equal(await contentOf(clone), before, 'nothing is touched');
    await assertReads(on, state.branch);
    await state.leave?.(clone);
    if (state.leave !== undefined) assert.is(await answerOf(on), 'written');
    await on.close();
  });
}

test('repository state gc is running: writes are made, and reads go on (P6)', async () => {
  const on = await openOn(await createRepository(FILES));
  let isRunning = true;
  const tidying = (async () => {
    for (let round = 0; round < 3; round += 1) await on.clone.git('gc', '--quiet');
    isRunning = false;
  })();
  let writes = 0;
  for (; isRunning || writes < 10; writes += 1) {
    await on.writer.write(writeOf(enable('new-checkout', writes % 2 === 0)));
    await assertReads(on, undefined);
  }
  await tidying;
  await on.close();
  assert.is(await on.clone.git('rev-list', '--count', 'HEAD'), String(1 + writes));
  assert.is(await on.clone.git('fsck', '--full', '--strict', '--no-dangling'), '');
  assert.is(await on.clone.git('status', '--porcelain'), '');
});

test('repository state unborn: a write is refused with NO_COMMIT, and the first commit is served and written on (P6)', async () => {
  const clone = await createRepository();
  const on = await openOn(clone);
  assert.is(await answerOf(on), 'NO_COMMIT');
  await clone.commit(FILES);
  await on.cache.ready;
  await assertReads(on, undefined);
  assert.is(await answerOf(on), 'written');
  await on.close();
});

test.run();

/** Git stops at a conflict in README.md. */
function inMiddleOf(what: string, begin: readonly string[], end: readonly string[]): State {
  return {
    name: `${what} is in progress`,
    enter: async (clone) => {
      const isOver = await clone.git(...begin).then(
        () => true,
        () => false,
      );
      assert.not(isOver, 'git found no conflict');
    },
    answer: 'OPERATION_IN_PROGRESS',
    leave: (clone) => clone.git(...end),
  };
}

/** Somebody else holds it: it is never taken away. */
function heldLock(name: string, answer: string): State {
  const lockOf = ({ dir }: TestRepository): string => join(dir, '.git', `${name}.lock`);
  return {
    name: `somebody holds ${name}.lock`,
    enter: async (clone) => writeFileSync(lockOf(clone), ''),
    answer,
    leave: async (clone) => {
      assert.ok(existsSync(lockOf(clone)));
      unlinkSync(lockOf(clone));
      await clone.git('checkout', '--quiet', 'HEAD', '--', CHECKOUT);
      await clone.commit({ [CHECKOUT]: 'environments:\n  production: { enabled: false }\n' });
    },
  };
}

/** `other` and `main` changed the same line, each twice. */
async function diverge(clone: TestRepository): Promise<void> {
  await clone.git('checkout', '--quiet', '-b', 'other', 'HEAD~1');
  await clone.commit({ 'README.md': 'theirs\n' });
  await clone.commit({ 'README.md': 'theirs again\n' });
  await clone.git('checkout', '--quiet', 'main');
  await clone.commit({ 'README.md': 'ours again\n' });
}

async function cloned(source: TestRepository, ...words: readonly string[]): Promise<TestRepository> {
  const dir = join(temporaryFolder(), 'clone');
  await source.git('clone', '--quiet', ...words, `file://${source.dir}`, dir);
  return repositoryAt(dir);
}

/** What is served is the commit of now, whole. */
async function assertReads({ cache, clone }: Writable, branch: string | undefined): Promise<void> {
  await cache.refresh();
  assert.is(cache.revision, await clone.git('rev-parse', branch ?? 'HEAD'));
  const flags = cache.orgs.get('acme')?.snapshot.projects.get(PROJECT)?.flags;
  assert.equal([...(flags?.keys() ?? [])].sort(), ['dark-mode', 'new-checkout']);
}

async function answerOf({ writer }: Writable): Promise<string> {
  return writer.write(writeOf(enable('new-checkout'))).then(
    ({ changed }) => (changed ? 'written' : 'unchanged'),
    (failure) => failure.code,
  );
}

/** The commit and what is not committed; a bare repository has only the one. */
async function contentOf(clone: TestRepository): Promise<readonly string[]> {
  const status = clone.git('status', '--porcelain').catch(() => 'bare');
  return [await clone.head(), await status, await clone.git('diff', 'HEAD').catch(() => 'bare')];
}
