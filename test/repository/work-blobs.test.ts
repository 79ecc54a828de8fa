import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatProblem } from '../../src/model/problem.js';
import { blobId } from '../../src/repository/loose-object.js';
import { WorkBlobs } from '../../src/repository/work-blobs.js';
import { loadDirectory, reloadDirectory } from '../../src/repository/worktree.js';
import { flagsRepository, writeFiles } from '../cli/run.js';
import { flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, temporaryFolder } from '../support/git.js';
import { cacheOf, closeCaches, until, versionOf } from '../support/served.js';

const test = suite('repository/work-blobs');
test.after.each(closeCaches);

const FLAG = 'flags/acme/web-app/flags/other.yaml';
const LARGE_BYTES = 3 * 1024 ** 3;

async function problemsOf(dir: string): Promise<readonly string[]> {
  return (await loadDirectory(dir, 0)).problems.map(formatProblem);
}

test('a file of gigabytes is too large, by its size alone, whatever its place', async () => {
  const dir = flagsRepository({ [FLAG]: '', '.flagstaff.yaml': '', 'flags/acme/notes.md': '' });
  for (const path of [FLAG, '.flagstaff.yaml', 'flags/acme/notes.md'])
    truncateSync(join(dir, path), LARGE_BYTES);
  const told = 'error FILE_TOO_LARGE: the file has 3221225472 bytes; at most 65536 are read';
  assert.equal(await problemsOf(dir), [`.flagstaff.yaml:1:1: ${told}`, `${FLAG}:1:1: ${told}`]);
});

test('a file of gigabytes leaves the others of the work tree served', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1 } }));
  truncateSync(join(made.dir, flagPath('acme', 'two')), LARGE_BYTES);
  made.write({ [flagPath('acme', 'one')]: flagText(2) });
  const cache = await cacheOf(made.dir, { worktree: true });
  await until(cache, () => versionOf(cache, 'acme', 'one') === 'version-2');
  const codes = cache.orgs.get('acme')?.problems.map(({ path, code }) => `${path} ${code}`);
  assert.equal(codes, [`${flagPath('acme', 'two')} FILE_TOO_LARGE`]);
});

test('a pipe is told as what it is, and never opened', async () => {
  const dir = flagsRepository();
  execFileSync('mkfifo', [join(dir, FLAG)]);
  const [problem = ''] = await problemsOf(dir);
  assert.match(problem, `${FLAG}:1:1: error NOT_A_FILE: `);
  assert.match(problem, 'a pipe, a socket or a device');
});

test('spare files of editors say nothing, wherever they lie', async () => {
  const dir = flagsRepository();
  const before = await problemsOf(dir);
  for (const name of ['other.yaml~', '#other.yaml#', '.other.yaml.swp', 'old~/other.yaml'])
    writeFiles(dir, { [`flags/acme/web-app/flags/${name}`]: 'nonsense: 1\n' });
  symlinkSync('marc@example.com.4711', join(dir, 'flags/acme/web-app/flags/.#other.yaml'));
  assert.equal(await problemsOf(dir), before);
});

test('a file that becomes another while the folder is read goes by what was read of it', async () => {
  const dir = flagsRepository({ [FLAG]: 'owner: one\nenvironments: {}\n' });
  const owner = (loaded: Awaited<ReturnType<typeof loadDirectory>>): string | undefined => {
    const files = [...loaded.orgs.values()].flatMap((org) => org.files);
    const file = files.find(({ path }) => path === FLAG);
    const read = file?.parsed?.value as { readonly owner?: string } | undefined;
    assert.is(file?.blob, blobId(Buffer.from(`owner: ${read?.owner}\nenvironments: {}\n`)));
    return read?.owner;
  };
  const loading = loadDirectory(dir, 0);
  // It is listed by now, or will be with this text: what counts is that id and content agree.
  await new Promise(setImmediate);
  writeFiles(dir, { [FLAG]: 'owner: two\nenvironments: {}\n' });
  const first = await loading;
  owner(first);
  writeFiles(dir, { [FLAG]: 'owner: one\nenvironments: {}\n' });
  assert.is(owner(await reloadDirectory({ dir, previous: first, now: 0 })), 'one');
});

test('an id is that of the bytes, also right after a change of the same size with the old times', () => {
  const dir = temporaryFolder();
  mkdirSync(join(dir, 'flags'));
  const file = join(dir, 'flags/a.md');
  const idOf = (): string | undefined => {
    const blobs = new WorkBlobs(dir);
    const blob = blobs.blobOf({ path: 'flags/a.md', stat: lstatSync(file) });
    blobs.keep();
    return blob;
  };
  for (const text of ['one', 'two', 'six']) {
    writeFileSync(`${file}.new`, text);
    utimesSync(`${file}.new`, 1, 1);
    renameSync(`${file}.new`, file);
    assert.is(idOf(), blobId(Buffer.from(text)));
    writeFileSync(file, text.toUpperCase());
    assert.is(idOf(), blobId(Buffer.from(text.toUpperCase())));
  }
});

test.run();
