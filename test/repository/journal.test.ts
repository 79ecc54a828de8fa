import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { machineDisk } from '../../src/repository/disk.js';
import { Journal, type JournalEntry } from '../../src/repository/journal.js';
import { temporaryFolder } from '../support/git.js';

const SHORT = entryOf(1);
const LONG = entryOf(40);

const journals = suite<{ path: string; journal: Journal }>('journal');
journals.before.each((context) => {
  const folder = temporaryFolder();
  context.path = join(folder, 'journal');
  context.journal = new Journal(machineDisk, folder);
});

journals('has the last entry, whatever stood there before, until it is cleared', async ({ journal }) => {
  assert.is(journal.read(), undefined);
  for (const entry of [SHORT, LONG, SHORT]) {
    await journal.write(entry);
    assert.equal(journal.read(), entry);
  }
  journal.clear();
  assert.is(journal.read(), undefined);
  await journal.write(SHORT);
  assert.equal(journal.read(), SHORT);
});

journals('has none where a crash left one that is torn, at any byte (P3)', async ({ path, journal }) => {
  await journal.write(SHORT);
  const whole = readFileSync(path);
  await journal.write(LONG);
  const older = readFileSync(path);
  for (let bytes = 1; bytes < whole.length; bytes += 1) {
    writeFileSync(path, Buffer.concat([whole.subarray(0, bytes), older.subarray(bytes)]));
    assert.is(journal.read(), undefined, `${bytes} bytes over an older one`);
    truncateSync(path, bytes);
    assert.is(journal.read(), undefined, `${bytes} bytes alone`);
  }
});

journals('is one file that stays, unless a large write has made it long', async ({ path, journal }) => {
  await journal.write(SHORT);
  const { ino } = statSync(path);
  journal.clear();
  await journal.write(LONG);
  assert.is(statSync(path).ino, ino);
  journal.clear();
  await journal.write(entryOf(2_000));
  journal.clear();
  assert.not(existsSync(path));
});

journals.run();

function entryOf(files: number): JournalEntry {
  const paths = Array.from({ length: files }, (_, number) => `flags/acme/web-app/flags/flag-${number}.yaml`);
  const [oldCommit, newCommit] = ['1'.repeat(40), '2'.repeat(40)];
  return {
    branch: 'main',
    oldCommit,
    newCommit,
    files: paths.map((path) => ({ path, before: null, after: null })),
  };
}
