import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HistoryEntry } from '../../src/repository/commit-history.js';
import { openRepository } from '../../src/repository/git.js';
import { type History, openHistory } from '../../src/repository/history.js';
import { createRepository, type TestRepository } from '../support/git.js';
import { addRandomHistory, randomFrom } from './random-history.js';

const test = suite('repository/history-log');

const FLAGS = ['flags/'];
const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';
const OTHER = 'flags/globex/shop/flags/banner.yaml';
const LONE = 'environments: {}\n';

async function historyOf(made: TestRepository): Promise<History> {
  return openHistory(await openRepository(made.dir), { head: await made.head() });
}

function text(description: string): string {
  return `description: ${description}\nenvironments: {}\n`;
}

/** Every commit of the chain as the git program tells it, newest first. */
async function logOf(made: TestRepository): Promise<readonly string[]> {
  return (await made.git('rev-list', '--first-parent', 'HEAD')).split('\n');
}

/** What `git show` says of a commit, as an entry without differences. A change of the mode alone is none. */
async function shown(made: TestRepository, oid: string): Promise<unknown> {
  const format = '--format=%H%x00%an%x00%ae%x00%ct%x00%x00';
  const options = ['-m', '--first-parent', '--root', '--raw', '-z', '--no-renames', '--no-abbrev'];
  const output = await made.git('show', ...options, format, oid);
  const [commit = '', name, email, seconds, , , ...records] = output.replace('\n', '').split('\0');
  const files = [];
  for (let at = 0; at + 1 < records.length; at += 2) {
    const [was, is, before = '', after = ''] = (records[at] ?? '').trim().split(' ');
    const path = records[at + 1] ?? '';
    const isModeOnly = before === after && was?.startsWith(':100') && is?.startsWith('100');
    if (path.startsWith('flags/') && !isModeOnly)
      files.push({ path, before: idOf(before), after: idOf(after) });
  }
  if (files.length === 0) return undefined;
  return { oid: commit, name, email, seconds: Number(seconds), files: files.sort(byPath) };
}

function idOf(oid: string): string | undefined {
  return /^0+$/.test(oid) ? undefined : oid;
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}

function facts({ commit, files }: HistoryEntry): unknown {
  const { oid, author, seconds } = commit;
  return { oid, name: author.name, email: author.email, seconds, files };
}

async function everyEntry(history: History, under = FLAGS): Promise<readonly HistoryEntry[]> {
  return (await history.page({ under, offset: 0, limit: 10_000 })).entries;
}

for (const seed of [11, 12, 13]) {
  test(`P21: each row of the log is a commit as git shows it (random history ${seed})`, async () => {
    const made = await createRepository();
    await addRandomHistory(made, { random: randomFrom(seed), commits: 80 });
    const history = await historyOf(made);
    const rows = (await everyEntry(history)).map(facts);
    const expected = [];
    for (const oid of await logOf(made)) {
      const entry = await history.entryOf(oid);
      assert.is(entry?.commit.oid, oid, 'commits that touch nothing below flags/ are part of the history');
      const row = await shown(made, oid);
      if (row === undefined) assert.is(entry?.files.length, 0);
      else expected.push(row);
    }
    assert.equal(rows, expected);
  });
}

test('a page is newest first, counts all, and starts and ends where it is asked to', async () => {
  const made = await createRepository();
  const oids: string[] = [];
  for (let number = 0; number < 7; number += 1)
    oids.unshift(
      await made.commit({ [number % 2 === 0 ? FLAG : OTHER]: text(String(number)) }, `n ${number}`),
    );
  const history = await historyOf(made);
  const page = await history.page({ under: FLAGS, offset: 2, limit: 3 });
  assert.is(page.total, 7);
  assert.equal(
    page.entries.map(({ commit }) => commit.oid),
    oids.slice(2, 5),
  );
  assert.equal(await history.page({ under: FLAGS, offset: 9, limit: 3 }), { total: 7, entries: [] });
});

test('a page is of the files and folders asked for, and shows nothing of others', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: LONE, [OTHER]: LONE }, 'both');
  await made.commit({ [OTHER]: text('2') }, 'other');
  await made.commit({ [OVERRIDES]: '- { users: [u-1], reason: why }\n' }, 'overrides');
  const history = await historyOf(made);
  const subjectsUnder = async (...under: readonly string[]) =>
    (await everyEntry(history, [...under])).map(({ commit, files, differences }) => [
      commit.subject,
      files.map(({ path }) => path),
      [...new Set(differences.map(({ path }) => path))],
    ]);
  assert.equal(await subjectsUnder('flags/acme/'), [
    ['overrides', [OVERRIDES], [OVERRIDES]],
    ['both', [FLAG], [FLAG]],
  ]);
  assert.equal(await subjectsUnder(FLAG), [['both', [FLAG], [FLAG]]]);
  assert.equal(await subjectsUnder(FLAG, OVERRIDES), await subjectsUnder('flags/acme/'));
  assert.equal(await subjectsUnder('flags/globex/', FLAG), [
    ['other', [OTHER], [OTHER]],
    ['both', [FLAG, OTHER], [FLAG, OTHER]],
  ]);
  assert.equal(await subjectsUnder('flags/acm'), []);
  assert.equal(await subjectsUnder(), []);
});

test('a page of one author is told by the address, whatever its case', async () => {
  const made = await createRepository();
  const ann = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'Ann@example.com' };
  await made.commit({ [FLAG]: LONE }, 'by Ann', ann);
  await made.commit({ [FLAG]: text('2') }, 'by Marc');
  const history = await historyOf(made);
  const page = await history.page({ under: [FLAG], email: 'ann@example.com', offset: 0, limit: 5 });
  assert.equal(
    [page.total, page.entries.map(({ commit }) => commit.author)],
    [1, [{ name: 'Ann', email: 'Ann@example.com' }]],
  );
  assert.is((await history.page({ under: [FLAG], email: 'ann', offset: 0, limit: 5 })).total, 0);
});

test('an entry is one commit of the chain, as far as it is asked for', async () => {
  const made = await createRepository();
  const oid = await made.commit({ [FLAG]: LONE, [OTHER]: LONE }, 'both');
  const history = await historyOf(made);
  assert.equal(
    (await history.entryOf(oid))?.files.map(({ path }) => path),
    [FLAG, OTHER],
  );
  assert.equal(
    (await history.entryOf(oid, ['flags/globex/']))?.files.map(({ path }) => path),
    [OTHER],
  );
  assert.is(await history.entryOf(oid, ['flags/initech/']), undefined);
  assert.is(await history.entryOf(oid.slice(0, 10)), undefined);
});

test('an entry says what was changed in meaning, why, and by whom', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: 'environments: { production: { enabled: true } }\n' });
  const message =
    'acme/web-app: disable dark-mode\n\nIt broke.\n\nFlagstaff-Org: acme\nFlagstaff-Reason: incident 7\nFlagstaff-Force: now\nFlagstaff-User: idp|7';
  await made.commit({ [FLAG]: 'environments: { production: { enabled: false } }\n' }, message);
  const [entry] = await everyEntry(await historyOf(made), [FLAG]);
  assert.equal(
    entry?.differences.map(({ sentence }) => sentence),
    ['production: disabled'],
  );
  const { subject, body, reason, force, user } = entry?.commit ?? {};
  assert.equal(
    [subject, body, reason, force, user],
    ['acme/web-app: disable dark-mode', 'It broke.', 'incident 7', 'now', 'idp|7'],
  );
});

test('a commit that changes a mode only is not told', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: LONE, [OTHER]: LONE }, 'start');
  chmodSync(join(made.dir, FLAG), 0o755);
  await made.commit({}, 'mode');
  await made.commit({ [FLAG]: text('two') }, 'two');
  const told = (await everyEntry(await historyOf(made))).map(({ commit }) => commit.subject);
  assert.equal(told, ['two', 'start']);
});

test('after one commit, a reset, a force push, a merge and another branch the log is that of the head', async () => {
  const made = await createRepository();
  const start = await made.commit({ [FLAG]: LONE }, 'one');
  await made.commit({ [FLAG]: text('2'), [OTHER]: LONE }, 'two');
  const history = await historyOf(made);
  const check = async () => {
    await history.follow(await made.head());
    const fresh = await historyOf(made);
    assert.equal(await everyEntry(history), await everyEntry(fresh));
    assert.equal(
      (await everyEntry(history)).map(({ commit }) => commit.oid),
      await logOf(made),
    );
    assert.equal(history.timesOf(OTHER), fresh.timesOf(OTHER));
  };
  await made.commit({ [OTHER]: text('3') }, 'three');
  await check();
  await made.git('reset', '--quiet', '--hard', start);
  await check();
  await made.commit({ [FLAG]: text('4') }, 'four');
  await check();
  await made.git('checkout', '--quiet', '-b', 'side', start);
  await made.commit({ [OTHER]: text('5') }, 'five');
  await check();
  await made.git('checkout', '--quiet', 'main');
  await made.git('merge', '--quiet', '--no-ff', '--message', 'six', 'side');
  await check();
  await made.git('gc', '--quiet', '--prune=now');
  await made.commit({ [FLAG]: null }, 'seven');
  await check();
});

test('what came later is told of a file, and nothing after a commit that is none of the chain', async () => {
  const made = await createRepository();
  const one = await made.commit({ [FLAG]: LONE }, 'one');
  const two = await made.commit({ [FLAG]: text('2') }, 'two');
  await made.commit({ [OTHER]: LONE }, 'three');
  const four = await made.commit({ [FLAG]: null }, 'four');
  const history = await historyOf(made);
  assert.equal(
    history.laterThan(one, FLAG).map(({ oid }) => oid),
    [four, two],
  );
  assert.equal(history.laterThan(four, FLAG), []);
  assert.equal(history.laterThan('f'.repeat(40), FLAG), []);
  assert.is(history.lastChange(FLAG)?.subject, 'four');
  assert.is(history.authorsOf(FLAG), undefined);
  assert.is(history.authorsOf(OTHER)?.created.subject, 'three');
});

test('the commit of a moment is the one that git finds, where clocks went wrong too', async () => {
  const made = await createRepository();
  for (const minute of [10, 20, 15, 40, 30]) {
    const date = `2026-01-15T10:${minute}:00Z`;
    await made.commit({}, `at ${minute}`, {
      GIT_COMMITTER_DATE: date,
      GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
    });
  }
  const history = await historyOf(made);
  for (let minute = 5; minute < 50; minute += 5) {
    const moment = `2026-01-15T10:${String(minute).padStart(2, '0')}:00Z`;
    const seconds = Date.parse(moment) / 1000;
    const found = await made.git('rev-list', '-1', '--first-parent', `--before=${seconds}`, 'HEAD');
    assert.is(history.commitAt(seconds) ?? '', found, moment);
  }
});

test.run();
