import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GitRepository, openRepository } from '../../src/repository/git.js';
import { History } from '../../src/repository/history.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';

const test = suite('repository/history');

const FILE = 'flags/acme/web-app/flags/dark-mode.yaml';

function at(hour: number): NodeJS.ProcessEnv {
  return { GIT_COMMITTER_DATE: stamp(hour), GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z' };
}

function stamp(hour: number): string {
  return `2026-01-15T${String(hour).padStart(2, '0')}:00:00Z`;
}

async function historyOf(made: TestRepository, history?: History): Promise<History> {
  const followed = history ?? new History(await openRepository(made.dir));
  await followed.follow(await made.head());
  return followed;
}

test('created and updated are the committer times of the first and the last change', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' }, 'one', at(1));
  await made.commit({ 'flags/acme/org.yaml': '2' }, 'two', at(2));
  const history = await historyOf(made);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(1), updatedAt: stamp(1) });
  await made.commit({ [FILE]: '3' }, 'three', at(3));
  await historyOf(made, history);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(1), updatedAt: stamp(3) });
  assert.is(history.timesOf('flags/acme/nowhere.yaml'), undefined);
});

test('a file that was deleted has no times, and one that came back is new', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' }, 'one', at(1));
  await made.commit({ 'flags/acme': null }, 'two', at(2));
  const history = await historyOf(made);
  assert.is(history.timesOf(FILE), undefined);
  await made.commit({ [FILE]: '1' }, 'three', at(3));
  await historyOf(made, history);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(3), updatedAt: stamp(3) });
});

test('a renamed file is new', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' }, 'one', at(1));
  await made.commit({ [FILE]: null, 'flags/acme/other.yaml': '1' }, 'two', at(2));
  const history = await historyOf(made);
  assert.equal(history.timesOf('flags/acme/other.yaml'), { createdAt: stamp(2), updatedAt: stamp(2) });
});

test('a merge counts when it was merged: only first parents are walked', async () => {
  const made = await createRepository();
  await made.commit({ 'flags/acme/org.yaml': '1' }, 'one', at(1));
  await made.git('checkout', '--quiet', '-b', 'side');
  await made.commit({ [FILE]: '1' }, 'two', at(2));
  await made.git('checkout', '--quiet', 'main');
  await made.gitWith(at(3), 'merge', '--quiet', '--no-ff', '--message', 'three', 'side');
  const history = await historyOf(made);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(3), updatedAt: stamp(3) });
});

test('after a reset and a forced change the times are those of the new chain', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' }, 'one', at(1));
  const start = await made.head();
  await made.commit({ [FILE]: '2' }, 'two', at(2));
  await made.commit({ 'flags/acme': null }, 'three', at(3));
  const history = await historyOf(made);
  await made.git('reset', '--quiet', '--hard', start);
  await historyOf(made, history);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(1), updatedAt: stamp(1) });
  await made.commit({ [FILE]: '4' }, 'four', at(4));
  await historyOf(made, history);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(1), updatedAt: stamp(4) });
  await made.git('checkout', '--quiet', '--orphan', 'other');
  await made.commit({ [FILE]: '5' }, 'five', at(5));
  await historyOf(made, history);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(5), updatedAt: stamp(5) });
});

test('a shallow clone knows its own part, and all once it is deepened', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' }, 'one', at(1));
  await made.commit({ 'flags/acme/org.yaml': '1' }, 'two', at(2));
  await made.commit({ 'flags/acme/org.yaml': '2' }, 'three', at(3));
  const dir = join(temporaryFolder(), 'clone');
  await made.git('clone', '--quiet', '--depth=2', `file://${made.dir}`, dir);
  const clone = repositoryAt(dir);
  const history = await historyOf(clone);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(2), updatedAt: stamp(2) });
  await history.close();
  await clone.git('fetch', '--quiet', '--unshallow');
  const deepened = await historyOf(clone);
  assert.equal(deepened.timesOf(FILE), { createdAt: stamp(1), updatedAt: stamp(1) });
});

test('what was walked is kept: the next start needs none of the old commits', async () => {
  const made = await createRepository();
  const one = await made.commit({ [FILE]: '1' }, 'one', at(1));
  const two = await made.commit({ [FILE]: '2' }, 'two', at(2));
  await (await historyOf(made)).close();
  await made.commit({ 'flags/acme/org.yaml': '3' }, 'three', at(3));
  rmSync(join(made.dir, '.git/objects', one.slice(0, 2), one.slice(2)));
  const history = await historyOf(made);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(1), updatedAt: stamp(2) });
  assert.equal(history.timesOf('flags/acme/org.yaml'), { createdAt: stamp(3), updatedAt: stamp(3) });
  assert.ok(two);
});

test('closing ends a walk in the middle, and what it had not done is done by the next start', async () => {
  const made = await createRepository();
  for (let hour = 1; hour <= 20; hour += 1) await made.commit({ [FILE]: String(hour) }, 'one more', at(hour));
  const repository = await openRepository(made.dir);
  let closing: Promise<void> | undefined;
  let readsSince = 0;
  const watched = new Proxy(repository, {
    get: (target, name: keyof GitRepository) => {
      if (name !== 'readObject')
        return typeof target[name] === 'function' ? target[name].bind(target) : target[name];
      closing ??= history.close();
      readsSince += 1;
      return target.readObject.bind(target);
    },
  });
  const history: History = new History(watched);
  await history.follow(await made.head());
  await closing;
  assert.ok(readsSince < 10, `${readsSince} trees were read after the end`);
  assert.is(history.timesOf(FILE), undefined);
  assert.equal((await historyOf(made)).timesOf(FILE), { createdAt: stamp(1), updatedAt: stamp(20) });
});

test('a damaged history file is not there', async () => {
  const made = await createRepository();
  await made.commit({ [FILE]: '1' }, 'one', at(1));
  await (await historyOf(made)).close();
  writeFileSync(
    join(made.dir, '.git/flagstaff/cache/history.json'),
    '{"flagstaff":"file history 1 ","sha1":""}\n',
  );
  const history = await historyOf(made);
  assert.equal(history.timesOf(FILE), { createdAt: stamp(1), updatedAt: stamp(1) });
});

test.run();
