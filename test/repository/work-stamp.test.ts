import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/repository/git.js';
import { workTreeSource } from '../../src/repository/source.js';
import { RestingTree, restingTree } from '../../src/repository/work-stamp.js';
import { writeFiles } from '../cli/run.js';
import { createRepository, temporaryFolder } from '../support/git.js';
import { until } from '../support/until.js';

const FILE = 'flags/acme/org.yaml';
/** So many that walking over them takes milliseconds. */
const MANY = Object.fromEntries(
  Array.from({ length: 400 }, (_, number) => [`flags/acme/web-app/flags/f-${number}.yaml`, '{}\n']),
);

function manyFiles(): string {
  const dir = temporaryFolder();
  writeFiles(dir, { ...MANY, [FILE]: 'name: Acme\n' });
  return dir;
}

/** One that nobody tells of changes. */
function deafTree(dir: string): RestingTree {
  const refuse = (): never => {
    throw new Error('too many watches');
  };
  const tree = new RestingTree(dir, { watch: refuse });
  tree.follow(() => assert.unreachable('nothing is heard'));
  return tree;
}

test('who polls is told the last stamp until walking again is a small part of the time since', async () => {
  const dir = manyFiles();
  const tree = new RestingTree(dir);
  const first = await tree.glance();
  writeFiles(dir, { [FILE]: 'name: Globex\n' });
  assert.is(await tree.glance(), first);
  await until(async () => (await tree.glance()) !== first);
});

test('who has heard of a change, or cannot hear, sees it sooner', async () => {
  const dir = manyFiles();
  const [heard, unheard] = [new RestingTree(dir), deafTree(dir)];
  const first = await unheard.look();
  assert.is(await heard.look(), first);
  writeFiles(dir, { [FILE]: 'name: Globex\n' });
  await until(async () => (await unheard.glance()) !== first);
  assert.is(await heard.glance(), first);
  assert.is.not(await heard.look(), first);
});

test('however long a walk took, what nobody told of is not put off for longer than the most that is allowed', async () => {
  const dir = manyFiles();
  const tree = new RestingTree(dir, { mostPauseMs: 1 });
  const first = await tree.look();
  writeFiles(dir, { [FILE]: 'name: Globex\n' });
  await wait(5);
  assert.is.not(await tree.glance(), first);
});

test('while one walks over the files, who glances does not', async () => {
  const dir = temporaryFolder();
  const tree = new RestingTree(dir);
  let last = await tree.look();
  for (const name of ['Acme', 'Globex', 'Initech']) {
    // By then the next walk is due, for there is next to nothing to walk over.
    await wait(100);
    writeFiles(dir, { [FILE]: `name: ${name}\n` });
    const looking = tree.look();
    assert.is(await tree.glance(), last);
    last = await looking;
  }
});

test('all who follow a folder share what one of them has seen', async () => {
  const dir = manyFiles();
  assert.is(restingTree(dir), restingTree(dir));
  assert.is.not(restingTree(dir), restingTree(temporaryFolder()));
});

test('what serves a work tree glances at it, and looks where it was told of a change', async () => {
  const { dir, git } = await createRepository({ ...MANY, [FILE]: 'name: Acme\n' });
  const source = workTreeSource(await openRepository(dir), dir);
  const first = await source.look();
  writeFiles(dir, { [FILE]: 'name: Globex\n' });
  assert.equal(await source.glance(), first);
  const second = await source.look();
  assert.is.not(second.stamp, first.stamp);
  await git('commit', '--quiet', '--allow-empty', '--message', 'next');
  assert.is((await source.glance()).head, await git('rev-parse', 'HEAD'));
});

test.run();
