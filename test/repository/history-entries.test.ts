import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sentencesOf } from '../../src/changes/difference-files.js';
import type { EntryBounds } from '../../src/repository/commit-history.js';
import { openRepository } from '../../src/repository/git.js';
import { type History, openHistory } from '../../src/repository/history.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { blamedFlag } from './blamed-flag.js';

const test = suite('repository/history-entries');

const FLAGS = ['flags/'];
const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';
const LONE = 'environments: {}\n';

async function historyOf(made: TestRepository): Promise<History> {
  return openHistory(await openRepository(made.dir), { head: await made.head() });
}

test('who mends a broken file is told to have changed what is different since it could be read last', async () => {
  const made = await createRepository();
  const state = (words: string) => `description: one\nenvironments:\n  production: { ${words} }\n`;
  await made.commit({ [FLAG]: state('enabled: true') }, 'start');
  await made.commit({ [FLAG]: `${state('enabled: true')} : oops\n` }, 'break');
  await made.commit({ [FLAG]: `${state('enabled: true')} : oops oops\n` }, 'break more');
  await made.commit({ [FLAG]: state('enabled: true, killed: true') }, 'kill');
  const told = (await (await historyOf(made)).page({ under: FLAGS, offset: 0, limit: 9 })).entries.map(
    ({ differences }) => sentencesOf(differences),
  );
  assert.equal(told.slice(0, 3), [
    ['readable again', 'production: killed'],
    ['changed, and still not readable'],
    ['no longer readable'],
  ]);
});

test('of a large commit no more is told than is asked for, and that there is more', async () => {
  const made = await createRepository();
  const paths = [1, 2, 3, 4, 5].map((number) => `flags/acme/web-app/flags/f-${number}.yaml`);
  await made.commit(Object.fromEntries(paths.map((path) => [path, LONE])), 'five');
  const head = await made.commit(
    { [OVERRIDES]: `- { users: [${paths.map((_, number) => `u-${number}`)}], reason: tests }\n` },
    'names',
  );
  const history = await historyOf(made);
  const of = async (bounds: EntryBounds) => {
    const { entries } = await history.page({ under: FLAGS, offset: 0, limit: 9, ...bounds });
    return entries.map(({ files, differences, isCut }) => [files.length, differences.length, isCut]);
  };
  assert.equal(await of({}), [
    [1, 5, false],
    [5, 5, false],
  ]);
  assert.equal(await of({ mostFiles: 2 }), [
    [1, 5, false],
    [2, 2, true],
  ]);
  assert.equal(await of({ mostDifferences: 3 }), [
    [1, 3, true],
    [5, 3, true],
  ]);
  assert.equal(await of({ mostFiles: 5, mostDifferences: 5 }), [
    [1, 5, false],
    [5, 5, false],
  ]);
  const bare = await history.entryOf(head, FLAGS, { mostDifferences: 0 });
  assert.equal([bare?.files.length, bare?.differences.length], [1, 0]);
});

test('what was told of the commit with which a shallow clone begins is not told any more once it is deepened', async () => {
  const files = (description: string) =>
    Object.fromEntries(
      ['dark-mode', ...Array.from({ length: 24 }, (_, number) => `f-${number}`)].map((key) => [
        `flags/acme/web-app/flags/${key}.yaml`,
        `description: ${description}\nenvironments: { production: { enabled: true } }\n`,
      ]),
    );
  const made = await createRepository();
  await made.commit(files('one'), 'start');
  await made.commit(files('two'), 'many');
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth=1', `file://${made.dir}`, dir);
  const history = await historyOf(repositoryAt(dir));
  const head = await made.head();
  const told = async () => {
    const entry = await history.entryOf(head);
    const lines = await history.blame(blamedFlag('acme', 'web-app', 'dark-mode'));
    const subjects = new Set(lines.map(({ commit }) => commit.subject));
    return [[...new Set(entry?.differences.map(({ action }) => action))], [...subjects].sort()];
  };
  assert.equal(await told(), [['added'], ['many']]);
  await repositoryAt(dir).git('fetch', '--quiet', '--unshallow');
  await history.follow(head);
  assert.equal(await told(), [['changed'], ['many', 'start']]);
});

test.run();
