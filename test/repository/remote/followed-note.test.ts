import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFollowedNote, writeFollowedNote } from '../../../src/repository/remote/followed-note.js';
import { temporaryFolder } from '../../support/git.js';

const test = suite('followed note');
const NOTE = {
  url: 'https://git.example.com/acme/flags.git',
  branch: 'main',
  head: '5f2c1e0d9b8a7c6d5e4f3a2b1c0d9e8f7a6b5c4d',
  followedAt: 1_767_000_000_000,
};

test('what is noted is read after a restart', async () => {
  const repository = { stateDir: join(temporaryFolder(), 'flagstaff') };
  assert.is(readFollowedNote(repository, NOTE), undefined);
  await writeFollowedNote(repository, NOTE);
  assert.equal(readFollowedNote(repository, NOTE), NOTE);
});

test('a note says nothing about another remote or branch', async () => {
  const repository = { stateDir: temporaryFolder() };
  await writeFollowedNote(repository, NOTE);
  assert.is(readFollowedNote(repository, { ...NOTE, branch: 'next' }), undefined);
  assert.is(readFollowedNote(repository, { ...NOTE, url: 'https://git.example.com/other.git' }), undefined);
});

test('a note that is torn or of another shape is none', async () => {
  const repository = { stateDir: temporaryFolder() };
  await writeFollowedNote(repository, NOTE);
  for (const text of ['', '{"url"', 'null', '[]', JSON.stringify({ ...NOTE, followedAt: 'now' })]) {
    writeFileSync(join(repository.stateDir, 'followed.json'), text);
    assert.is(readFollowedNote(repository, NOTE), undefined, text);
  }
});

test.run();
