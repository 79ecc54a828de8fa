import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../src/model/failure.js';
import { parseRevision } from '../../src/repository/revision-name.js';
import { temporaryFolder } from '../support/git.js';
import { outcome, sample } from './revision-sample.js';

const test = suite('repository/revision-name');

const TRAVERSALS = [
  '',
  '@',
  '..',
  '../HEAD',
  'refs/../HEAD',
  'refs/heads/../../HEAD',
  'heads/../../config',
  '/etc/passwd',
  'refs//heads/main',
  'refs/heads/',
  '/refs/heads/main',
  'refs/heads/.main',
  '.git/HEAD',
  'main..other',
  'main@{1}',
  'main@{yesterday}',
  '-main',
  '--all',
  'main.lock',
  'refs/heads/x.lock/y',
  'main.',
  'a b',
  'a\tb',
  'a\nb',
  'a\0b',
  '\u007f',
  'a\\b',
  '..\\..\\config',
  'C:\\config',
  'HEAD:a.yaml',
  ':/start',
  ':0:a.yaml',
  'main^{tree}',
  'main^{/x}',
  'main^-',
  'main~x',
  'a?',
  'a*',
  'a[b]',
  'x'.repeat(251),
  'ü'.repeat(126),
  'main~10001',
  'main~9999~9999',
  '2026-01-31T12:00:00',
  '2026-01-31T12:00',
  '2026-02-30T12:00:00Z',
  '2026-01-31 12:00:00Z',
];

test('what can be no revision is refused before any file is touched (P14, RELIABILITY 3)', () => {
  for (const text of TRAVERSALS) {
    let code = 'accepted';
    try {
      parseRevision(text);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      code = `${error.kind} ${error.code}`;
    }
    assert.is(code, 'invalid INVALID_REVISION', JSON.stringify(text));
  }
});

test('nothing outside refs/ is read: files of the git folder are no refs, and links that lead out are not followed (P14)', async () => {
  const { made, repository } = await sample();
  const head = await made.head();
  const git = join(made.dir, '.git');
  const secret = join(temporaryFolder(), 'secret');
  writeFileSync(secret, `${head}\n`);
  writeFileSync(join(git, 'FETCH_HEAD'), `${head}\n`);
  writeFileSync(join(git, 'outside'), `${head}\n`);
  mkdirSync(join(git, 'folder'));
  writeFileSync(join(git, 'folder/inside'), `${head}\n`);
  symlinkSync(secret, join(git, 'refs/heads/link'));
  symlinkSync('../../outside', join(git, 'refs/heads/near'));
  symlinkSync('../folder', join(git, 'refs/folder'));
  symlinkSync('main', join(git, 'refs/heads/alias'));
  symlinkSync('loop', join(git, 'refs/heads/loop'));
  for (const name of [
    'FETCH_HEAD',
    'outside',
    'folder/inside',
    'link',
    'near',
    'refs/folder/inside',
    'config',
    'index',
  ])
    assert.is(await outcome(repository, name), 'REVISION_NOT_FOUND', name);
  assert.is(await outcome(repository, 'alias'), head);
  assert.is(await outcome(repository, 'loop'), 'REPOSITORY_UNREADABLE');
});

test.run();
