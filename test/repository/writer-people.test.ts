import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import type { TestRepository } from '../support/git.js';
import { CHECKOUT, describeFlag, enable, FILES, openWritable, type Writable, writeOf } from './writable.js';

const WRITES = 60;
const COMMITS = 40;

test('requests and people who commit in the same clone lose nothing of each other (P1, P7)', async () => {
  const on = await openWritable();
  const commits = Promise.all([writeMany(on), commitMany(on.clone)]);
  const [written, committed] = await commits;
  await on.close();
  const history = new Set((await on.clone.git('rev-list', 'HEAD')).split('\n'));
  assert.equal(
    written.filter((commit) => !history.has(commit)),
    [],
  );
  assert.equal(
    committed.filter((commit) => !history.has(commit)),
    [],
  );
  assert.is(history.size, 1 + WRITES + COMMITS);
  assert.is(await on.clone.git('rev-list', '--merges', 'HEAD'), '');
  assert.is(await on.clone.git('status', '--porcelain'), '');
  assert.is(await on.clone.git('fsck', '--full', '--strict', '--no-dangling'), '');
  await assertOneFileEach(on.clone);
});

test('a commit by somebody else between two writes is kept, and the next write is on top of it', async () => {
  const on = await openWritable();
  await on.writer.write(writeOf(enable('new-checkout')));
  const theirs = await on.clone.commit({ 'README.md': 'theirs\n' });
  const { commit } = await on.writer.write(writeOf(enable('new-checkout', false)));
  await on.close();
  assert.is(await on.clone.git('rev-parse', `${commit}^`), theirs);
  assert.is(await on.clone.git('show', `${commit}:README.md`), 'theirs');
});

test('a reset to an older commit is followed by the next write', async () => {
  const on = await openWritable();
  await on.writer.write(writeOf(enable('new-checkout')));
  await on.clone.git('reset', '--quiet', '--hard', 'HEAD~1');
  const { changed } = await on.writer.write(writeOf(enable('new-checkout')));
  await on.close();
  assert.is(changed, true);
  assert.is(await on.clone.git('rev-list', '--count', 'HEAD'), '2');
  assert.is(await on.clone.git('status', '--porcelain'), '');
});

test('an index that git had read before our last write, and wrote after it, stops no write (P1)', async () => {
  const on = await openWritable();
  const old = await on.clone.git('rev-parse', `HEAD:${CHECKOUT}`);
  await on.writer.write(writeOf(enable('new-checkout')));
  await on.clone.git('update-index', '--cacheinfo', `100644,${old},${CHECKOUT}`);
  await on.writer.write(writeOf(describeFlag('new-checkout', 'Next')));
  assert.is(await on.clone.git('status', '--porcelain'), '');
  const other = await on.clone.git('hash-object', '-w', '--path', CHECKOUT, 'README.md');
  await on.clone.git('update-index', '--cacheinfo', `100644,${other},${CHECKOUT}`);
  const refused = await on.writer.write(writeOf(enable('new-checkout', false))).catch((error) => error);
  await on.close();
  assert.is(refused.code, 'WORKTREE_DIRTY');
});

test.run();

async function writeMany({ writer }: Writable): Promise<readonly string[]> {
  const commits: string[] = [];
  for (let number = 0; number < WRITES; number += 1) {
    const { commit } = await writer.write(writeOf(describeFlag('new-checkout', `text ${number}`)));
    commits.push(commit);
  }
  return commits;
}

/** Git does not wait for the index: somebody who finds it locked tries again. */
async function commitMany(clone: TestRepository): Promise<readonly string[]> {
  const commits: string[] = [];
  while (commits.length < COMMITS) {
    clone.write({ 'README.md': `mine ${commits.length}\n` });
    const message = `mine ${commits.length}`;
    const committed = await clone.git('commit', '--quiet', '--only', '--message', message, 'README.md').then(
      () => true,
      () => false,
    );
    if (committed)
      commits.push(await clone.git('log', '-1', '--format=%H', '--fixed-strings', '--grep', message));
  }
  return commits;
}

/** Each commit is about one file: nothing of anybody else was swept in. */
async function assertOneFileEach(clone: TestRepository): Promise<void> {
  const log = await clone.git('log', '--format=%x00', '--name-only', `-${WRITES + COMMITS}`);
  for (const names of log.split('\0').slice(1)) assert.is(names.trim().split('\n').length, 1);
  const text = await clone.git('show', 'HEAD:flags/acme/web-app/flags/new-checkout.yaml');
  assert.is(parse(text).description, `text ${WRITES - 1}`);
  assert.is(
    text.split('\n').length,
    String(FILES['flags/acme/web-app/flags/new-checkout.yaml']).trimEnd().split('\n').length,
  );
}
