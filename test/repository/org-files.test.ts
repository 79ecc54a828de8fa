import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourceFile } from '../../src/files/loaded.js';
import { BROKEN_FLAG, flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, type TestRepository } from '../support/git.js';
import { cacheOf, closeCaches } from '../support/served.js';

const test = suite('repository/org-files');
test.after.each(closeCaches);

const one = flagPath('acme', 'one');
const two = flagPath('acme', 'two');

/** What people do to an organization between two looks, each from what the one before left. */
const STEPS: readonly (readonly [string, (made: TestRepository) => void])[] = [
  ['an edit', (made) => made.write({ [one]: flagText(2) })],
  ['a new file', (made) => made.write({ [flagPath('acme', 'a-new')]: flagText(1) })],
  ['a broken file', (made) => made.write({ [two]: BROKEN_FLAG })],
  ['a renamed file', (made) => renameSync(join(made.dir, one), join(made.dir, flagPath('acme', 'moved')))],
  ['a link in the place of a file', (made) => replaceByLink(made, two)],
  ['another file beside a link', (made) => made.write({ [flagPath('acme', 'a-new')]: flagText(3) })],
  ['a file in the place of a link', (made) => replaceByFiles(made, two)],
  ['a folder in the place of a file', (made) => replaceByFiles(made, two, '/below.yaml')],
  ['a file in the place of a folder', (made) => replaceByFiles(made, two)],
  [
    'a renamed project',
    (made) => renameSync(join(made.dir, 'flags/acme/web-app'), join(made.dir, 'flags/acme/api')),
  ],
  [
    'a file of an unknown kind, and one that goes',
    (made) => made.write({ 'flags/acme/notes.txt': 'x', 'flags/acme/api/flags/moved.yaml': null }),
  ],
];

function replaceByLink(made: TestRepository, path: string): void {
  rmSync(join(made.dir, path));
  symlinkSync('moved.yaml', join(made.dir, path));
}

/** Whatever stands there now. */
function replaceByFiles(made: TestRepository, path: string, below = ''): void {
  rmSync(join(made.dir, path), { recursive: true });
  made.write({ [`${path}${below}`]: flagText(4) });
}

test('a cache that followed every commit has read what one that starts there reads (P10)', async () => {
  const made = await createRepository(flagFiles({ acme: { one: 1, two: 1, three: 1 } }));
  const cache = await cacheOf(made.dir);
  await cache.ready;
  for (const [what, step] of STEPS) {
    step(made);
    await made.git('add', '--all');
    await made.git('commit', '--quiet', '--message', what);
    await cache.refresh();
    const fresh = await cacheOf(made.dir);
    await fresh.ready;
    assert.equal(sorted(cache.orgs.get('acme')?.files), sorted(fresh.orgs.get('acme')?.files), what);
    await fresh.close();
  }
});

/** As text, one for each: what comes from the disk has no fields that are undefined. */
function sorted(files: readonly SourceFile[] = []): readonly string[] {
  return files.map((file) => JSON.stringify(file)).sort();
}

test.run();
