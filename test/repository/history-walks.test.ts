import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/repository/git.js';
import { walkByGit } from '../../src/repository/history-git.js';
import { readChain, type Walk, type Walked, walkChain } from '../../src/repository/history-walk.js';
import { TreeDiff } from '../../src/repository/tree-diff.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { addRandomHistory, randomFrom } from './random-history.js';

const test = suite('repository/history-walks');

const FILE = 'flags/acme/web-app/flags/dark-mode.yaml';

async function walkOf(made: TestRepository, known: readonly string[] = []): Promise<Walk> {
  const repository = await openRepository(made.dir);
  const path = join(repository.commonDir, 'shallow');
  const ends = new Set(await lines(path));
  const { signal } = new AbortController();
  const trees = new TreeDiff(repository);
  return { repository, trees, head: await made.head(), ends, signal, isKnown: (oid) => known.includes(oid) };
}

async function lines(path: string): Promise<readonly string[]> {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

async function walkOurselves(walk: Walk): Promise<Walked> {
  return walkChain(walk, await readChain(walk));
}

/** Both walks order the paths of a commit as they like; the index sorts them. */
function sorted(walked: Walked | undefined): unknown {
  return (
    walked && {
      ...walked,
      commits: walked.commits.map(({ commit, changes }) => ({
        commit,
        changes: [...changes].sort((one, other) => (one.path < other.path ? -1 : 1)),
      })),
    }
  );
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`the git program and our own walk find the same in random history ${seed}`, async () => {
    const made = await createRepository();
    await addRandomHistory(made, { random: randomFrom(seed), commits: 120 });
    const walk = await walkOf(made);
    const ours = await walkOurselves(walk);
    assert.ok(ours.commits.length > 3);
    assert.equal(sorted(await walkByGit(walk)), sorted(ours));
    const known = ours.commits[ours.commits.length >> 1]?.commit.oid ?? '';
    const news = await walkOf(made, [known]);
    const oursSince = await walkOurselves(news);
    assert.is(oursSince.base, known);
    assert.equal(sorted(await walkByGit(news)), sorted(oursSince));
  });
}

test('the settings of the repository, replacements and grafts change nothing', async () => {
  const made = await createRepository();
  await addRandomHistory(made, { random: randomFrom(7), commits: 60 });
  const before = sorted(await walkOurselves(await walkOf(made)));
  const settings = [
    ['diff.renames', 'copies'],
    ['diff.relative', 'true'],
    ['diff.orderFile', '/nowhere'],
    ['diff.external', 'false'],
    ['diff.ignoreSubmodules', 'all'],
    ['core.pager', 'false'],
    ['core.quotePath', 'false'],
    ['core.abbrev', '7'],
    ['i18n.logOutputEncoding', 'ISO-8859-1'],
    ['log.showSignature', 'true'],
    ['log.showRoot', 'false'],
  ] as const;
  for (const [name, value] of settings) await made.git('config', name, value);
  const head = await made.head();
  await made.git('replace', '--graft', head);
  mkdirSync(join(made.dir, '.git/info'), { recursive: true });
  writeFileSync(join(made.dir, '.git/info/grafts'), `${head}\n`);
  assert.equal(sorted(await walkByGit(await walkOf(made))), before);
});

test('a shallow clone begins at its boundary in both', async () => {
  const made = await createRepository();
  for (let number = 1; number <= 6; number += 1) await made.commit({ [FILE]: String(number) }, 'one more');
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth=3', `file://${made.dir}`, dir);
  const walk = await walkOf(repositoryAt(dir));
  const ours = await walkOurselves(walk);
  assert.is(ours.commits.length, 3);
  assert.equal(sorted(await walkByGit(walk)), sorted(ours));
});

async function withProgram<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    return await work();
  } finally {
    process.env.PATH = before;
  }
}

test('where there is no git program, or it fails or says something else, its walk gives nothing', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' });
  const walk = await walkOf(made);
  assert.is(await withProgram(temporaryFolder(), () => walkByGit(walk)), undefined);
  const odd = [
    'exit 1',
    'exit 0',
    'echo hello',
    `printf '%s' ${walk.head}`,
    `echo ${walk.head}`,
    'kill -9 $$',
  ];
  for (const script of odd) {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'git'), 0o755);
    assert.is(await withProgram(folder, () => walkByGit(walk)), undefined, script);
  }
});

test('a chain that leaves a commit out is not believed', async () => {
  const made = await createRepository();
  const first = await made.commit({ [FILE]: '1' });
  await made.commit({ [FILE]: '2' });
  const walk = await walkOf({ ...made, head: async () => made.commit({ [FILE]: '3' }) });
  const folder = temporaryFolder();
  const skipping = `case "$*" in *rev-list*) echo ${walk.head}; echo ${first};; *) PATH='${process.env.PATH}' exec git "$@";; esac`;
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${skipping}\n`);
  chmodSync(join(folder, 'git'), 0o755);
  assert.is(await withProgram(`${folder}:${process.env.PATH}`, () => walkByGit(walk)), undefined);
  assert.is((await walkByGit(walk))?.commits.length, 3);
});

test('what the environment tells git changes nothing', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' });
  const walk = await walkOf(made);
  process.env.GIT_OBJECT_DIRECTORY = temporaryFolder();
  try {
    assert.equal(sorted(await walkByGit(walk)), sorted(await walkOurselves(walk)));
  } finally {
    delete process.env.GIT_OBJECT_DIRECTORY;
  }
});

test('a git program that never answers is ended with the walk', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' });
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'git'), '#!/bin/sh\nexec sleep 600\n');
  chmodSync(join(folder, 'git'), 0o755);
  const end = new AbortController();
  const walk = { ...(await walkOf(made)), signal: end.signal };
  const walking = withProgram(`${folder}:${process.env.PATH}`, () => walkByGit(walk));
  setImmediate(() => end.abort());
  assert.is(await walking, undefined);
});

test('a partial clone is not given to the git program, which would fetch', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' });
  await made.git('config', 'uploadpack.allowFilter', 'true');
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--bare', '--filter=tree:0', `file://${made.dir}`, dir);
  assert.is(await walkByGit(await walkOf(repositoryAt(dir))), undefined);
});

test('one that has all it needs is not given to it either: what comes next may be missing', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' });
  await made.git('repack', '-a', '-d', '--quiet');
  const walk = await walkOf(made);
  assert.is((await walkByGit(walk))?.commits.length, 1);
  const packs = join(walk.repository.commonDir, 'objects', 'pack');
  const pack = readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '';
  writeFileSync(join(packs, pack.replace('.pack', '.promisor')), '');
  assert.is(await walkByGit(walk), undefined);
});

test.run();
