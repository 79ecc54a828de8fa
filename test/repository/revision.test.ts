import { createHash } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/repository/git.js';
import { resolveRevision } from '../../src/repository/revision.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { FIRST, outcome, sample, sentenceOf, TIMELINE } from './revision-sample.js';

const test = suite('repository/revision');

const NAMES = [
  'HEAD',
  'main',
  'feature/one',
  'heads/main',
  'refs/heads/feature/one',
  'light',
  'annotated',
  'nested',
  'refs/tags/nested',
  'tags/annotated',
  'origin/main',
  'origin',
  'remotes/origin/main',
  'pull/12/head',
  'refs/pull/12/head',
  'merge-requests/3/head',
  'HEAD~',
  'main~2',
  'main^',
  'main^^',
  'main^0',
  'nested~1',
  'pull/12/head~1^',
];

for (const packing of ['loose', 'packed'] as const) {
  test(`a ${packing} ref, tag or parent is the commit that git names (gitrevisions)`, async () => {
    const { made, repository } = await sample();
    if (packing === 'packed') {
      await made.git('pack-refs', '--all');
      await made.git('repack', '-a', '-d', '--quiet');
    }
    for (const name of NAMES) {
      const wanted = await made.git('rev-parse', '--verify', `${name}^{commit}`);
      assert.is(await outcome(repository, name), wanted, name);
    }
    const head = await made.git('rev-parse', 'feature/one');
    assert.is(await outcome(repository, 'pull/12'), head);
    assert.is(await outcome(repository, 'merge-requests/3'), head);
  });

  test(`whole ids and their first digits are found in ${packing} objects, whatever the case`, async () => {
    const { made, commits, repository } = await sample();
    if (packing === 'packed') await made.git('gc', '--quiet', '--prune=now');
    const tag = await made.git('rev-parse', 'nested');
    for (const oid of commits) {
      assert.is(await outcome(repository, oid), oid);
      assert.is(await outcome(repository, oid.toUpperCase()), oid);
      assert.is(await outcome(repository, oid.slice(0, 12)), oid);
      assert.is(await outcome(repository, oid.slice(0, 7).toUpperCase()), oid);
      assert.is(await outcome(repository, `${oid.slice(0, 39)}~0`), oid);
      assert.is(await outcome(repository, oid.slice(0, 6)), 'REVISION_NOT_FOUND');
    }
    assert.is(await outcome(repository, tag), commits[1]);
    assert.is(await outcome(repository, tag.slice(0, 9)), commits[1]);
    assert.is(await outcome(repository, '0'.repeat(40)), 'REVISION_NOT_FOUND');
    assert.is(await outcome(repository, '0000000'), 'REVISION_NOT_FOUND');
  });
}

test('a loose ref beats a packed one, and a tag beats a branch of its name, as in git', async () => {
  const { made, repository } = await sample();
  await made.git('pack-refs', '--all');
  await made.git('update-ref', 'refs/heads/feature/one', 'main');
  await made.git('tag', 'main', 'main~2');
  assert.is(await outcome(repository, 'feature/one'), await made.git('rev-parse', 'refs/heads/main'));
  assert.is(await outcome(repository, 'main'), await made.git('rev-parse', 'refs/tags/main'));
  assert.is(await outcome(repository, 'heads/main'), await made.git('rev-parse', 'refs/heads/main'));
});

test('trees and blobs are no commits, neither by id nor by tag', async () => {
  const { made, repository } = await sample();
  for (const name of ['HEAD^{tree}', 'HEAD:a.yaml']) {
    const oid = await made.git('rev-parse', name);
    await made.git('tag', '--force', 'thing', oid);
    for (const text of [oid, oid.slice(0, 10), 'thing'])
      assert.is(await outcome(repository, text), 'REVISION_NOT_FOUND', text);
  }
});

test('an object that cannot be read stops first digits that could mean it, and no whole id', async () => {
  const { made, repository } = await sample();
  const head = await made.head();
  const folder = join(made.dir, '.git/objects', head.slice(0, 2));
  writeFileSync(join(folder, head.slice(2, 20) + (head.endsWith('0') ? '1' : '0').repeat(20)), 'no object');
  assert.is(await outcome(repository, head.slice(0, 12)), 'REPOSITORY_DAMAGED');
  assert.is(await outcome(repository, head), head);
});

test('of two commits that share their first digits none is chosen, and both are named', async () => {
  const made = await createRepository({ 'a.yaml': '1' });
  const [one, other] = await makeTwins(made, 'commit', 'commit');
  const repository = await openRepository(made.dir);
  assert.is(await outcome(repository, one.slice(0, 7)), 'REVISION_NOT_FOUND');
  const sentence = await sentenceOf(repository, one.slice(0, 7));
  assert.match(sentence, 'ambiguous');
  for (const oid of [one, other]) assert.match(sentence, oid);
});

test('a blob that shares its first digits with a commit does not count', async () => {
  const made = await createRepository({ 'a.yaml': '1' });
  const [commit] = await makeTwins(made, 'commit', 'blob');
  assert.is(await outcome(await openRepository(made.dir), commit.slice(0, 7)), commit);
});

test('a moment is a commit of the timeline and the time of the question; a day is its last moment (UTC)', async () => {
  const { made, repository } = await sample();
  const ask = (text: string) => resolveRevision(repository, TIMELINE, text);
  assert.equal(await ask('1970-01-01T01:00:10+01:00'), { commit: FIRST, now: 10_000 });
  assert.equal(await ask('1970-01-01'), { commit: FIRST, now: 86_399_999 });
  assert.is(await outcome(repository, '1970-01-01T00:00:09.999Z'), 'REVISION_NOT_FOUND');
  assert.match(await sentenceOf(repository, '1970-01-01T00:00:09Z'), 'before the first commit');
  await made.git('branch', '2026-01-31', 'main~1');
  assert.equal(await ask('2026-01-31'), { commit: await made.git('rev-parse', 'main~1'), now: undefined });
});

test('what is before the first commit, or behind the end of a shallow clone, is not found and said to be so', async () => {
  const { made, repository } = await sample();
  assert.match(await sentenceOf(repository, 'main~3'), /^revision main~3: commit \w{40} is the first/);
  assert.match(await sentenceOf(repository, 'main^2'), /^revision main\^2: commit \w{40} has no parent 2/);
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth', '2', `file://${made.dir}`, dir);
  const clone = await openRepository(dir);
  assert.is(await outcome(clone, 'main~1'), await made.git('rev-parse', 'main~1'));
  assert.is(await outcome(clone, 'main~2'), 'REVISION_NOT_FOUND');
  const cut = `this clone does not have commit ${await made.git('rev-parse', 'main~2')}; \`git fetch --unshallow\``;
  assert.match(await sentenceOf(clone, 'main~2'), `main~2: ${cut}`);
  assert.match(await sentenceOf(clone, '1970-01-01T00:00:09Z'), 'git fetch --unshallow');
  assert.not.match(await sentenceOf(repository, '1970-01-01T00:00:09Z'), 'unshallow');
});

test('an unborn branch, a bare clone and a linked work tree have the refs that they have', async () => {
  const { made } = await sample();
  const folder = temporaryFolder();
  await made.git('clone', '--quiet', '--bare', made.dir, join(folder, 'bare'));
  await made.git('worktree', 'add', '--quiet', '--detach', join(folder, 'linked'), 'main~1');
  const bare = await openRepository(join(folder, 'bare'));
  const linked = await openRepository(join(folder, 'linked'));
  assert.is(await outcome(bare, 'feature/one'), await made.git('rev-parse', 'feature/one'));
  assert.is(await outcome(linked, 'HEAD'), await made.git('rev-parse', 'main~1'));
  assert.is(await outcome(linked, 'nested'), await made.git('rev-parse', 'nested^{commit}'));
  const unborn = await openRepository((await createRepository()).dir);
  assert.is(await outcome(unborn, 'HEAD'), 'REVISION_NOT_FOUND');
  assert.is(await outcome(unborn, 'main'), 'REVISION_NOT_FOUND');
});

test('a ref that is damaged, or whose commit git has lost, is a failure and no guess', async () => {
  const { made, repository } = await sample();
  writeFileSync(join(made.dir, '.git/refs/heads/empty'), '');
  writeFileSync(join(made.dir, '.git/refs/heads/lost'), `${'2'.repeat(40)}\n`);
  assert.is(await outcome(repository, 'empty'), 'REPOSITORY_DAMAGED');
  assert.is(await outcome(repository, 'lost'), 'REPOSITORY_DAMAGED');
  const parent = await made.git('rev-parse', 'main~1');
  rmSync(join(made.dir, '.git/objects', parent.slice(0, 2), parent.slice(2)));
  assert.is(await outcome(repository, 'main~1'), 'REPOSITORY_DAMAGED');
});

test('ids are found in what a shared clone borrows, and after a repack', async () => {
  const { made, commits } = await sample();
  const dir = join(temporaryFolder(), 'shared');
  await made.git('clone', '--quiet', '--shared', made.dir, dir);
  const shared = repositoryAt(dir);
  const repository = await openRepository(dir);
  const [first = ''] = commits;
  assert.is(await outcome(repository, first.slice(0, 8)), first);
  const next = await shared.commit({ 'c.yaml': '5' });
  assert.is(await outcome(repository, next.slice(0, 8)), next);
  await shared.git('repack', '-a', '-d', '--quiet');
  assert.ok(readdirSync(join(dir, '.git/objects/pack')).some((name) => name.endsWith('.pack')));
  assert.is(await outcome(repository, next.slice(0, 8)), next);
});

type Kind = 'commit' | 'blob';

/** Writes two objects whose ids begin with the same seven digits, and gives the ids in the order of the kinds. */
async function makeTwins(
  made: TestRepository,
  first: Kind,
  second: Kind,
): Promise<readonly [string, string]> {
  const tree = await made.git('rev-parse', 'HEAD^{tree}');
  const seen = new Map<string, string>();
  for (let count = 0; ; count += 1) {
    const one = bodyOf(first, tree, count);
    seen.set(idOf(first, one).slice(0, 7), one);
    const other = bodyOf(second, tree, -1 - count);
    const twin = seen.get(idOf(second, other).slice(0, 7));
    if (twin !== undefined)
      return [await writeObject(made, first, twin), await writeObject(made, second, other)];
  }
}

function bodyOf(kind: Kind, tree: string, count: number): string {
  const who = 'Marc <marc@example.com> 0 +0000';
  return kind === 'blob' ? `${count}` : `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\n${count}\n`;
}

function idOf(kind: Kind, body: string): string {
  return createHash('sha1').update(`${kind} ${body.length}\0${body}`).digest('hex');
}

function writeObject(made: TestRepository, kind: Kind, body: string): Promise<string> {
  made.write({ body });
  return made.git('hash-object', '-t', kind, '-w', 'body');
}

test.run();
