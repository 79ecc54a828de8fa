import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HistoryEntry } from '../../src/repository/commit-history.js';
import { openRepository } from '../../src/repository/git.js';
import { type History, openHistory } from '../../src/repository/history.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { blamedFlag } from './blamed-flag.js';
import { importStream } from './random-history.js';

const test = suite('repository/history-merges');

const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const OTHER = 'flags/acme/web-app/flags/layout-v2.yaml';
const ALL = { under: ['flags/'], offset: 0, limit: 100 };

function text(share: number, description = 'Dark mode'): string {
  return `description: ${description}\nenvironments:\n  production:\n    enabled: true\n    serve: { on: ${share}, off: ${100 - share} }\n`;
}

async function historyOf(made: TestRepository): Promise<History> {
  return openHistory(await openRepository(made.dir), { head: await made.head() });
}

/** A commit at a moment of its own, so that what is newest is certain. */
function commit(made: TestRepository, files: Readonly<Record<string, string>>, subject: string) {
  return made.commit(files, subject, datedNow());
}

let seconds = 1_700_000_000;

function datedNow(): NodeJS.ProcessEnv {
  seconds += 60;
  return { GIT_COMMITTER_DATE: `${seconds} +0000`, GIT_AUTHOR_DATE: `${seconds} +0000` };
}

async function merge(made: TestRepository, ...parameters: readonly string[]): Promise<void> {
  await made.gitWith(datedNow(), 'merge', '--quiet', '--no-ff', ...parameters);
}

function subjects({ merged }: HistoryEntry): readonly string[] {
  return merged.map(({ subject }) => subject);
}

/** `main` with a merged branch of three commits, one of which is about another flag. */
async function mergedBranch(): Promise<TestRepository> {
  const made = await createRepository();
  await commit(made, { [FLAG]: text(0) }, 'start');
  await made.git('checkout', '--quiet', '-b', 'branch');
  await commit(made, { [FLAG]: text(10) }, 'ten');
  await commit(made, { [OTHER]: text(0) }, 'other');
  await commit(made, { [FLAG]: text(20) }, 'twenty');
  await made.git('checkout', '--quiet', 'main');
  await commit(made, { 'README.md': 'Hello\n' }, 'elsewhere');
  await merge(made, 'branch', '--message', 'merge branch');
  return made;
}

test('a merge is one entry, with the commits that came in by it, as git log lists them', async () => {
  const made = await mergedBranch();
  const { total, entries } = await (await historyOf(made)).page(ALL);
  assert.is(total, 2);
  assert.equal(entries.map(subjects), [['twenty', 'other', 'ten'], []]);
  const listed = await made.git('log', '--format=%H', 'HEAD^1..HEAD^2');
  assert.equal(entries[0]?.merged.map(({ oid }) => oid).join('\n'), listed);
});

test('only those which touched what was asked for are named, the newest first', async () => {
  const made = await mergedBranch();
  const history = await historyOf(made);
  const { entries } = await history.page({ ...ALL, under: [FLAG] });
  assert.equal(entries.map(subjects), [['twenty', 'ten'], []]);
  const cut = await history.page({ ...ALL, under: [FLAG], mostMerged: 1 });
  assert.equal(
    cut.entries.map((entry) => [subjects(entry), entry.isCut]),
    [
      [['twenty'], true],
      [[], false],
    ],
  );
});

test('a commit inside a merge is found by its id, with the merge by which it came', async () => {
  const made = await mergedBranch();
  const history = await historyOf(made);
  const ten = await made.git('rev-parse', 'branch~2');
  const entry = await history.entryOf(ten);
  assert.is(entry?.commit.subject, 'ten');
  assert.is(entry?.mergedBy?.oid, await made.head());
  assert.equal(
    entry?.differences.map(({ sentence }) => sentence),
    ['production: serves 10 % on, 90 % off (was 0 % on, 100 % off)'],
  );
  assert.is(await history.entryOf(ten, [OTHER]), undefined);
  assert.is((await history.entryOf(await made.head()))?.mergedBy, undefined);
});

test('a commit of a branch that was never merged is none of the history', async () => {
  const made = await mergedBranch();
  await made.git('checkout', '--quiet', '-b', 'open', 'branch');
  const open = await commit(made, { [FLAG]: text(30) }, 'thirty');
  await made.git('checkout', '--quiet', 'main');
  const history = await historyOf(made);
  assert.is(await history.entryOf(open), undefined);
  assert.is(await history.entryOf('1'.repeat(40)), undefined);
});

test('a branch that is merged twice tells each commit with the merge that brought it', async () => {
  const made = await mergedBranch();
  await made.git('checkout', '--quiet', 'branch');
  const thirty = await commit(made, { [FLAG]: text(30) }, 'thirty');
  await made.git('checkout', '--quiet', 'main');
  const first = await made.head();
  await merge(made, 'branch', '--message', 'merge it again');
  const history = await historyOf(made);
  const { entries } = await history.page({ ...ALL, under: [FLAG] });
  assert.equal(entries.map(subjects), [['thirty'], ['twenty', 'ten'], []]);
  assert.is((await history.entryOf(thirty))?.mergedBy?.oid, await made.head());
  assert.is((await history.entryOf(await made.git('rev-parse', 'branch~1')))?.mergedBy?.oid, first);
});

test('a merge of main into the branch says nothing of what main had already', async () => {
  const made = await createRepository();
  await commit(made, { [FLAG]: text(0), [OTHER]: text(0) }, 'start');
  await made.git('checkout', '--quiet', '-b', 'branch');
  await commit(made, { [FLAG]: text(10) }, 'ten');
  await made.git('checkout', '--quiet', 'main');
  await commit(made, { [OTHER]: text(5) }, 'five');
  await made.git('checkout', '--quiet', 'branch');
  await merge(made, 'main', '--message', 'back merge');
  await made.git('checkout', '--quiet', 'main');
  await merge(made, 'branch', '--message', 'merge branch');
  const { entries } = await (await historyOf(made)).page(ALL);
  assert.equal(entries.map(subjects), [['ten'], [], []]);
});

test('blame names the commit of the branch that last changed the part, and the merge that brought it', async () => {
  const made = await mergedBranch();
  await made.git('checkout', '--quiet', '-b', 'words');
  await commit(made, { [FLAG]: text(20, 'Darker') }, 'darker');
  await made.git('checkout', '--quiet', 'main');
  await commit(made, { [FLAG]: text(50) }, 'fifty');
  await merge(made, 'words', '--message', 'merge words');
  const lines = await (await historyOf(made)).blame(blamedFlag('acme', 'web-app', 'dark-mode'));
  const blamed = lines.map(({ part, commit: by, mergedBy }) => [
    part.kind === 'field' ? part.name : part.kind,
    by.subject,
    mergedBy?.subject,
  ]);
  assert.equal(blamed, [
    ['description', 'darker', 'merge words'],
    ['enabled', 'start', undefined],
    ['serve', 'fifty', undefined],
  ]);
});

test('what a merge has otherwise than its branch had it is blamed on the merge', async () => {
  const made = await createRepository();
  await commit(made, { [FLAG]: text(0) }, 'start');
  await made.git('checkout', '--quiet', '-b', 'branch');
  await commit(made, { [FLAG]: text(10, 'Darker') }, 'ten');
  await made.git('checkout', '--quiet', 'main');
  await made.git('merge', '--quiet', '--no-ff', '--no-commit', 'branch');
  await commit(made, { [FLAG]: text(99, 'Darker') }, 'merge branch');
  const lines = await (await historyOf(made)).blame(blamedFlag('acme', 'web-app', 'dark-mode'));
  assert.equal(
    lines.map(({ commit: by, mergedBy }) => [by.subject, mergedBy?.subject]),
    [
      ['ten', 'merge branch'],
      ['start', undefined],
      ['merge branch', undefined],
    ],
  );
});

test('a flag that was made in a branch is blamed on the commits of the branch', async () => {
  const made = await createRepository();
  await commit(made, { [OTHER]: text(0) }, 'start');
  await made.git('checkout', '--quiet', '-b', 'branch');
  await commit(made, { [FLAG]: text(10) }, 'made');
  await commit(made, { [FLAG]: text(20) }, 'twenty');
  await made.git('checkout', '--quiet', 'main');
  await merge(made, 'branch', '--message', 'merge branch');
  const lines = await (await historyOf(made)).blame(blamedFlag('acme', 'web-app', 'dark-mode'));
  assert.equal(
    lines.map(({ commit: by, mergedBy }) => [by.subject, mergedBy?.subject]),
    [
      ['made', 'merge branch'],
      ['made', 'merge branch'],
      ['twenty', 'merge branch'],
    ],
  );
});

test('in a shallow clone a merge names the commits of the branch that are there', async () => {
  const made = await mergedBranch();
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth=2', `file://${made.dir}`, dir);
  const { entries } = await (await historyOf(repositoryAt(dir))).page({ ...ALL, under: [FLAG] });
  const [first] = entries;
  assert.equal(first && [subjects(first), first.isCut], [[], true]);
});

test('hundreds of commits behind one merge are told up to a bound, the newest first', async () => {
  const made = await mergedBranch();
  const lines = Array.from({ length: 520 }, (_, number) => {
    const person = `Marc <marc@example.com> ${1_800_000_000 + number} +0000`;
    const file = text(number % 100, `number ${number}`);
    const from = number === 0 ? 'from refs/heads/branch^0\n' : '';
    return `commit refs/heads/long\nauthor ${person}\ncommitter ${person}\ndata 4\nlong\n${from}M 100644 inline ${FLAG}\ndata ${file.length}\n${file}\n`;
  });
  await importStream(made.dir, lines.join(''));
  await made.git('checkout', '--quiet', '--force', 'main');
  await merge(made, 'long', '--message', 'merge long');
  const { entries } = await (await historyOf(made)).page({ ...ALL, limit: 1 });
  assert.is(entries[0]?.merged.length, 500);
  assert.ok(entries[0]?.isCut);
});

test.run();
