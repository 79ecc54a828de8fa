import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FoundFile, findFiles } from '../../src/repository/found-files.js';
import { openRepository } from '../../src/repository/git.js';
import { IndexedFiles } from '../../src/repository/indexed-files.js';
import { readVersions } from '../../src/repository/since/tree-versions.js';
import { flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, type TestRepository } from '../support/git.js';

const ONE = flagPath('acme', 'one');
const TWO = flagPath('acme', 'two');
const ACCENT = 'flags/acme/café.md';
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/** Two organizations whose files are older than the index, as after a checkout. */
async function checkedOut(): Promise<TestRepository> {
  const files = { ...flagFiles({ acme: { one: 1, two: 1 }, beta: { one: 1 } }), [ACCENT]: 'Hello\n' };
  const made = await createRepository();
  made.write(files);
  for (const path of Object.keys(files)) utimesSync(join(made.dir, path), LONG_AGO, LONG_AGO);
  await made.commit({}, 'start');
  return made;
}

interface Looked {
  readonly index: IndexedFiles;
  readonly acme: readonly FoundFile[];
  readonly blobOf: (path: string) => string | undefined;
}

async function lookAt({ dir }: TestRepository): Promise<Looked> {
  const index = new IndexedFiles({ gitDir: join(dir, '.git') });
  const { orgs } = await findFiles(dir);
  const found = new Map([...orgs.values()].flat().map((file) => [file.path, file]));
  const blobOf = (path: string): string | undefined => {
    const file = found.get(path);
    return file && index.blobOf(file);
  };
  const [acme = []] = orgs.values();
  return { index, acme, blobOf };
}

test("the index knows the files that nobody touched by git's own ids, and folders of them by their trees", async () => {
  const made = await checkedOut();
  const { index, acme, blobOf } = await lookAt(made);
  for (const path of [ONE, TWO, ACCENT]) assert.is(blobOf(path), await made.git('rev-parse', `HEAD:${path}`));
  assert.is(index.treeOf('flags/acme', acme), await made.git('rev-parse', 'HEAD:flags/acme'));
});

test('files that git writes with other line ends are as they were committed', async () => {
  const made = await checkedOut();
  await made.git('config', 'core.autocrlf', 'true');
  await made.commit({ '.flagstaff.yaml': 'defaultOrg: acme\n' });
  await made.git('rm', '--quiet', '-r', '--cached', '.');
  await made.git('reset', '--quiet', '--hard');
  assert.match(readFileSync(join(made.dir, '.flagstaff.yaml'), 'utf8'), '\r\n');
  // Checked out this moment, they would have to be looked at.
  await made.git('update-index', '--refresh', '-q');
  await made.git('read-tree', 'HEAD');
  await made.git('update-index', '--refresh', '-q');
  const repository = await openRepository(made.dir);
  const { changed } = await readVersions(repository, { commit: await made.head(), workDir: made.dir });
  assert.equal([...changed], []);
});

test('a file of the same size with its old times back is not known, nor is its folder', async () => {
  const made = await checkedOut();
  writeFileSync(join(made.dir, ONE), flagText(2));
  utimesSync(join(made.dir, ONE), LONG_AGO, LONG_AGO);
  assert.is(statSync(join(made.dir, ONE)).size, flagText(1).length);
  const { index, acme, blobOf } = await lookAt(made);
  assert.is(blobOf(ONE), undefined);
  assert.is(blobOf(TWO), await made.git('rev-parse', `HEAD:${TWO}`));
  assert.is(index.treeOf('flags/acme', acme), undefined);
});

test('a folder where a file came or went is not known as a tree, whatever of it is staged', async () => {
  for (const isStaged of [false, true]) {
    for (const path of [ONE, flagPath('acme', 'three')]) {
      const made = await checkedOut();
      if (path === ONE) rmSync(join(made.dir, ONE));
      else made.write({ [path]: flagText(1) });
      if (isStaged) await made.git('add', '--all');
      const { index, acme } = await lookAt(made);
      assert.is(index.treeOf('flags/acme', acme), undefined, `${path} ${isStaged}`);
    }
  }
});

test('a file as young as the index may have changed since, so it is not known', async () => {
  const made = await checkedOut();
  utimesSync(join(made.dir, '.git/index'), LONG_AGO, LONG_AGO);
  const { index, acme, blobOf } = await lookAt(made);
  assert.is(blobOf(ONE), undefined);
  assert.is(index.treeOf('flags/acme', acme), undefined);
});

test('a side of a conflict is not known', async () => {
  const made = await checkedOut();
  const blob = await made.git('rev-parse', `HEAD:${ONE}`);
  const entries = [1, 2, 3].map((stage) => `100644 ${blob} ${stage}\t${ONE}\n`).join('');
  writeFileSync(join(made.dir, 'entries'), `0 ${'0'.repeat(40)}\t${ONE}\n${entries}`);
  await made.git('-c', 'alias.conflict=!git update-index --index-info < entries', 'conflict');
  assert.is((await lookAt(made)).blobOf(ONE), undefined);
});

test('of no index, a broken one, a folder and one of version 4 nothing is known, and nothing fails', async () => {
  const made = await checkedOut();
  const index = join(made.dir, '.git/index');
  await made.git('update-index', '--index-version', '4');
  assert.is((await lookAt(made)).blobOf(ONE), undefined);
  truncateSync(index, 40);
  assert.is((await lookAt(made)).blobOf(ONE), undefined);
  rmSync(index);
  assert.is((await lookAt(made)).blobOf(ONE), undefined);
  mkdirSync(index);
  assert.is((await lookAt(made)).blobOf(ONE), undefined);
});

test.run();
