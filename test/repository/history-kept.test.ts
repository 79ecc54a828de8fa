import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GitRepository, openRepository } from '../../src/repository/git.js';
import { History } from '../../src/repository/history.js';
import { readHistory, writeHistory } from '../../src/repository/history-file.js';
import { HistoryIndex } from '../../src/repository/history-index.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { blamedFlag } from './blamed-flag.js';
import { addRandomHistory, importStream, randomFrom } from './random-history.js';

const test = suite('repository/history-kept');

const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const ALL = { under: ['flags/'], offset: 0, limit: 1_000 };

function text(description: string): string {
  return `description: ${description}\nenvironments:\n  production: { enabled: true }\n`;
}

/** The repository, and how many objects were read of it since. */
async function counted(
  dir: string,
): Promise<{ readonly repository: GitRepository; readonly reads: () => number }> {
  let count = 0;
  const target = await openRepository(dir);
  const repository = new Proxy(target, {
    get: (_, name: keyof GitRepository) => {
      const member = target[name];
      if (typeof member !== 'function') return member;
      if (name.startsWith('read')) count += 1;
      return member.bind(target);
    },
  });
  return { repository, reads: () => count };
}

async function settledHistory(made: TestRepository): Promise<History> {
  const history = new History(await openRepository(made.dir));
  await history.follow(await made.head());
  await history.settled();
  return history;
}

async function threeVersions(): Promise<TestRepository> {
  const made = await createRepository();
  for (const version of ['one', 'two', 'three']) await made.commit({ [FLAG]: text(version) }, version);
  // The newest one only is in the work tree; all others have to be read from git.
  return made;
}

test('what was told once is told again without reading anything', async () => {
  const made = await threeVersions();
  const { repository, reads } = await counted(made.dir);
  const history = new History(repository, { isWarmed: false });
  await history.follow(await made.head());
  const flag = blamedFlag('acme', 'web-app', 'dark-mode');
  const first = [await history.page(ALL), await history.blame(flag)];
  const readsAtFirst = reads();
  assert.ok(readsAtFirst > 0);
  assert.equal([await history.page(ALL), await history.blame(flag)], first);
  assert.ok(history.timesOf(FLAG) && history.authorsOf(FLAG) && history.commitAt(Date.now()));
  assert.is(reads(), readsAtFirst);
  await history.close();
});

test('the newest commits are told in advance: the first to ask reads nothing', async () => {
  const made = await threeVersions();
  const { repository, reads } = await counted(made.dir);
  const history = new History(repository);
  await history.follow(await made.head());
  await history.settled();
  const before = reads();
  const { entries } = await history.page(ALL);
  assert.is(entries[0]?.differences[0]?.after, 'three');
  assert.is(reads(), before);
  await made.commit({ [FLAG]: text('four') }, 'four');
  await history.follow(await made.head());
  await history.settled();
  const afterwards = reads();
  assert.is((await history.page(ALL)).total, 4);
  assert.is(reads(), afterwards);
  await history.close();
});

test('what a commit of very many files did is told in advance too, after the others', async () => {
  const files = Array.from({ length: 110 }, (_, number) => FLAG.replace('dark-mode', `flag-${number}`));
  const made = await createRepository(Object.fromEntries(files.map((path) => [path, text(path)])));
  const [changed = '', unchanged = ''] = files;
  await made.commit({ [changed]: text('two') }, 'two');
  const { repository, reads } = await counted(made.dir);
  const history = new History(repository);
  await history.follow(await made.head());
  await history.settled();
  // Nothing is left to be read from the work tree either.
  rmSync(join(made.dir, 'flags'), { recursive: true });
  const before = reads();
  for (const path of [changed, unchanged]) {
    const { entries } = await history.page({ ...ALL, under: [path] });
    assert.is(entries.at(-1)?.differences[0]?.action, 'added');
  }
  assert.is(reads(), before);
  await history.close();
});

test('one more commit costs one commit and one comparison of trees', async () => {
  const made = await createRepository();
  await addRandomHistory(made, { random: randomFrom(3), commits: 60 });
  await made.git('checkout', '--quiet', '--force', 'main');
  const { repository, reads } = await counted(made.dir);
  const history = new History(repository, { isWarmed: false });
  await history.follow(await made.head());
  const before = reads();
  await made.git('commit', '--quiet', '--allow-empty', '--message', 'nothing');
  await history.follow(await made.head());
  assert.ok(reads() - before <= 4, `${reads() - before} objects were read`);
  await history.close();
});

test('a restart reads no blob again', async () => {
  const made = await threeVersions();
  const trailers = 'Flagstaff-Reason: incident 7\nFlagstaff-User: idp|7';
  await made.commit({ [FLAG]: text('four') }, `four\n\nIt broke.\n\n${trailers}`);
  const before = await settledHistory(made);
  const page = await before.page(ALL);
  const { reason, user } = page.entries[0]?.commit ?? {};
  assert.equal([reason, user], ['incident 7', 'idp|7']);
  await before.close();
  const { repository, reads } = await counted(made.dir);
  const history = new History(repository);
  await history.follow(await made.head());
  await history.settled();
  const readsAtStart = reads();
  assert.ok(readsAtStart <= 2, `${readsAtStart} objects were read`);
  assert.equal(await history.page(ALL), page);
  assert.is(reads(), readsAtStart);
  await history.close();
});

test('a torn, foreign or missing file of the cache is made again, and nothing else changes', async () => {
  const made = await threeVersions();
  const whole = await settledHistory(made);
  const page = await whole.page(ALL);
  await whole.close();
  const cache = join(made.dir, '.git/flagstaff/cache');
  const paths = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  assert.equal(paths.sort(), ['differences/0.json', 'history.json']);
  const damages: readonly ((path: string) => void)[] = [
    (path) => writeFileSync(path, readFileSync(path).subarray(0, -20)),
    (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('two', 'owt')),
    (path) => writeFileSync(path, '{}\n'),
    (path) => rmSync(path),
  ];
  for (const damage of damages) {
    for (const name of paths) damage(join(cache, name));
    const history = await settledHistory(made);
    assert.equal(await history.page(ALL), page);
    await history.close();
  }
});

test('the cache may be deleted while it is used', async () => {
  const made = await threeVersions();
  const history = await settledHistory(made);
  rmSync(join(made.dir, '.git/flagstaff'), { recursive: true, force: true });
  await made.commit({ [FLAG]: text('four') }, 'four');
  await history.follow(await made.head());
  assert.is((await history.page(ALL)).total, 4);
  await history.close();
  assert.is((await (await settledHistory(made)).page(ALL)).total, 4);
});

test('a clone that is deepened is told whole, with the first commit as it really was', async () => {
  const made = await threeVersions();
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth=1', `file://${made.dir}`, dir);
  const clone = repositoryAt(dir);
  const history = await settledHistory(clone);
  const head = await clone.head();
  assert.equal(
    (await history.entryOf(head))?.differences.map(({ action }) => action),
    ['added'],
  );
  await clone.git('fetch', '--quiet', '--unshallow');
  await history.follow(head);
  assert.equal(
    (await history.entryOf(head))?.differences.map(({ action }) => action),
    ['changed'],
  );
  assert.is((await history.page(ALL)).total, 3);
  await history.close();
});

test('a long history is the same with and without the git program', async () => {
  const made = await createRepository();
  const stream = Array.from({ length: 260 }, (_, number) => commitText(number)).join('');
  await importStream(made.dir, stream);
  const before = process.env.PATH;
  const pages = [];
  for (const path of [before, temporaryFolder()]) {
    const repository = await openRepository(made.dir);
    const head = (await repository.head()).oid ?? '';
    const history = new History(repository, { isWarmed: false });
    process.env.PATH = path;
    await history.follow(head);
    process.env.PATH = before;
    pages.push((await history.page(ALL)).entries);
    await history.close();
    rmSync(join(made.dir, '.git/flagstaff'), { recursive: true });
  }
  assert.is(pages[0]?.length, 260);
  assert.equal(pages[1], pages[0]);
});

test('commits of very many files are kept in lines that are read one by one', async () => {
  const made = await createRepository();
  const files = (version: string) =>
    Object.fromEntries(Array.from({ length: 900 }, (_, number) => [`flags/acme/f-${number}.yaml`, version]));
  for (const version of ['1', '2', '3', '4', '5']) await made.commit(files(version), version);
  const before = new History(await openRepository(made.dir), { isWarmed: false });
  await before.follow(await made.head());
  const places = await before.page({ ...ALL, mostDifferences: 0 });
  await before.close();
  const kept = readFileSync(join(made.dir, '.git/flagstaff/cache/history.json'), 'utf8').split('\n');
  const counts = kept
    .filter((line) => line.startsWith('{"commits"'))
    .map((line) => JSON.parse(line).commits.length);
  assert.equal(counts, [3, 2]);
  const next = new History(await openRepository(made.dir), { isWarmed: false });
  await next.follow(await made.head());
  assert.equal(await next.page({ ...ALL, mostDifferences: 0 }), places);
  await next.close();
});

test('a chain that is cut while it is written is not kept as a mixture', async () => {
  const made = await createRepository();
  const index = new HistoryIndex('');
  const oidOf = (number: number) => number.toString(16).padStart(40, '0');
  const commitOf = (number: number, subject: string) => ({
    commit: {
      oid: oidOf(number),
      author: { name: 'Marc', email: 'marc@example.com' },
      seconds: number,
      mergedParents: [],
      orgs: ['acme'],
      subject,
      body: '',
      reason: undefined,
      force: undefined,
      user: undefined,
    },
    changes: [{ path: FLAG, oid: oidOf(number + 5_000), isFile: true }],
  });
  for (let number = 0; number < 2_000; number += 1) index.append(commitOf(number, 'old'));
  const { stateDir } = await openRepository(made.dir);
  const writing = writeHistory({ stateDir }, index);
  // By now the first of several lines is made.
  index.cutAfter(oidOf(10));
  await writing;
  assert.is(await readHistory({ stateDir }, ''), undefined);
});

function commitText(number: number): string {
  const file = text(`version ${number}`);
  const person = `Marc <marc@example.com> ${1_700_000_000 + number} +0000`;
  return `commit refs/heads/main\nauthor ${person}\ncommitter ${person}\ndata 4\nnext\nM 100644 inline ${FLAG}\ndata ${file.length}\n${file}\n`;
}

test.run();
