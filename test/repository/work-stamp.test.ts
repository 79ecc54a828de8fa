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
  Array.from({ length: 150 }, (_, number) => [`flags/acme/web-app/flags/f-${number}.yaml`, '{}\n']),
);

function manyFiles(): string {
  const dir = temporaryFolder();
  writeFiles(dir, { ...MANY, [FILE]: 'name: Acme\n' });
  return dir;
}

test('who polls is told the last stamp until walking again is a small part of the time since', async () => {
  const dir = manyFiles();
  const tree = new RestingTree(dir);
  const first = await tree.glance({ isHeard: true });
  writeFiles(dir, { [FILE]: 'name: Globex\n' });
  assert.is(await tree.glance({ isHeard: true }), first);
  await until(async () => (await tree.glance({ isHeard: true })) !== first);
});

test('who has heard of a change, or cannot hear, sees it sooner', async () => {
  const dir = manyFiles();
  const [heard, unheard] = [new RestingTree(dir), new RestingTree(dir)];
  const first = await heard.look();
  assert.is(await unheard.look(), first);
  writeFiles(dir, { [FILE]: 'name: Globex\n' });
  await until(async () => (await unheard.glance({ isHeard: false })) !== first);
  assert.is(await heard.glance({ isHeard: true }), first);
  assert.is.not(await heard.look(), first);
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
  assert.equal(await source.glance(true), first);
  const second = await source.look();
  assert.is.not(second.stamp, first.stamp);
  await git('commit', '--quiet', '--allow-empty', '--message', 'next');
  assert.is((await source.glance(true)).head, await git('rev-parse', 'HEAD'));
});

test.run();
