import { createHash } from 'node:crypto';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FoundFile, findFiles } from '../../src/repository/found-files.js';
import { openRepository } from '../../src/repository/git.js';
import { OID_AT, PATH_AT } from '../../src/repository/index-entry.js';
import { IndexedFiles } from '../../src/repository/indexed-files.js';
import { blobId } from '../../src/repository/loose-object.js';
import { readVersions } from '../../src/repository/since/tree-versions.js';
import { WorkBlobs } from '../../src/repository/work-blobs.js';
import { flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';

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

/** What differs from the last commit. */
async function changedIn({ dir, head }: TestRepository): Promise<readonly string[]> {
  const versions = await readVersions(await openRepository(dir), { commit: await head(), workDir: dir });
  return [...versions.changed];
}

test('a file of which git keeps other bytes is read, whatever its index says', async () => {
  for (const attribute of ['filter=x', 'working-tree-encoding=UTF-16LE']) {
    const made = await checkedOut();
    const places = [
      '.gitattributes',
      'flags/.gitattributes',
      'flags/acme/.gitattributes',
      '.git/info/attributes',
    ];
    await made.commit(Object.fromEntries(places.slice(0, 3).map((place) => [place, '\n'])), 'attributes');
    await made.git('config', 'filter.x.clean', 'sed s/version-2/version-1/');
    for (const place of places) {
      made.write({ [place]: `*.yaml ${attribute}\n` });
      const isEncoded = attribute.startsWith('working');
      writeFileSync(join(made.dir, ONE), isEncoded ? Buffer.from(flagText(1), 'utf16le') : flagText(2));
      utimesSync(join(made.dir, ONE), LONG_AGO, LONG_AGO);
      await made.git('add', '--all');
      // A file with its old size and time is not looked at by the line above.
      await made.git('add', '--renormalize', '--all');
      assert.ok((await changedIn(made)).includes(ONE), `${attribute} in ${place}`);
      made.write({ [place]: '\n' });
    }
  }
});

test('so is one into which git writes its id', async () => {
  const made = await checkedOut();
  await made.commit({ '.gitattributes': '*.yaml ident\n', [ONE]: `# $Id$\n${flagText(1)}` }, 'attributes');
  rmSync(join(made.dir, ONE));
  await made.git('checkout', '--', ONE);
  assert.match(readFileSync(join(made.dir, ONE), 'utf8'), '$Id: ');
  await made.git('update-index', '--refresh', '-q');
  assert.equal(await changedIn(made), [ONE]);
});

test('other line ends that git does not ask for are a change', async () => {
  const made = await checkedOut();
  writeFileSync(join(made.dir, ONE), flagText(1).replaceAll('\n', '\r\n'));
  assert.equal(await changedIn(made), [ONE]);
});

test('files that git writes with other line ends are as they were committed, in a copy too', async () => {
  const made = await checkedOut();
  await made.git('config', 'core.autocrlf', 'true');
  await made.commit({ '.flagstaff.yaml': 'defaultOrg: acme\n' });
  await made.git('rm', '--quiet', '-r', '--cached', '.');
  await made.git('reset', '--quiet', '--hard');
  assert.match(readFileSync(join(made.dir, '.flagstaff.yaml'), 'utf8'), '\r\n');
  assert.equal(await changedIn(made), []);
  const copy = join(temporaryFolder(), 'copy');
  cpSync(made.dir, copy, { recursive: true });
  assert.equal(await changedIn(repositoryAt(copy)), []);
  writeFileSync(join(copy, ONE), flagText(2).replaceAll('\n', '\r\n'));
  assert.equal(await changedIn(repositoryAt(copy)), [ONE]);
});

test('what reads the bytes alone, and what takes the ids that git gives, do not mix up in one process', async () => {
  const made = await checkedOut();
  await made.git('config', 'core.autocrlf', 'true');
  rmSync(join(made.dir, ONE));
  await made.git('checkout', '--', ONE);
  const bytes = readFileSync(join(made.dir, ONE));
  assert.ok(bytes.includes('\r\n'));
  const file = { path: ONE, stat: lstatSync(join(made.dir, ONE)) };
  // Long at rest, so that it is kept; and not as the index has it, so that it is read.
  file.stat.ctimeMs = LONG_AGO.getTime();
  const idOf = (index?: IndexedFiles): string | undefined => {
    const blobs = new WorkBlobs(made.dir, index);
    const id = blobs.blobOf(file);
    blobs.keep();
    return id;
  };
  const given = await made.git('rev-parse', `HEAD:${ONE}`);
  for (let round = 0; round < 2; round += 1) {
    assert.is(idOf(), blobId(bytes));
    assert.is(idOf(new IndexedFiles({ gitDir: join(made.dir, '.git') })), given);
  }
});

test("an entry with size 0 is git's mark of one that is not to be trusted", async () => {
  const made = await checkedOut();
  writeFileSync(join(made.dir, ONE), '');
  utimesSync(join(made.dir, ONE), LONG_AGO, LONG_AGO);
  const blob = await made.git('rev-parse', `HEAD:${ONE}`);
  await made.git('add', '--all');
  const index = join(made.dir, '.git/index');
  const bytes = readFileSync(index);
  const at = bytes.indexOf(ONE) - PATH_AT;
  bytes.write(blob, at + OID_AT, 'hex');
  createHash('sha1')
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.length - 20);
  writeFileSync(index, bytes);
  assert.is((await lookAt(made)).blobOf(ONE), undefined);
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
