import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../src/model/failure.js';
import { openRepository } from '../../src/repository/git.js';
import { installedGit, readGitVersion } from '../../src/repository/git-version.js';
import { parseRemote } from '../../src/repository/remote/address.js';
import { openTransport } from '../../src/repository/remote/open-transport.js';
import { createRepository, temporaryFolder } from '../support/git.js';

const test = suite('repository/git-version');
const before = process.env.PATH;

test.after.each(() => {
  process.env.PATH = before;
});

const VERSIONS = [
  ['git version 2.39.5', 'usable', '2.39.5'],
  ['git version 2.39.5 (Apple Git-154)', 'usable', '2.39.5'],
  ['git version 2.32.0.windows.1', 'usable', '2.32.0'],
  ['git version 3.0', 'usable', '3.0'],
  ['git version 2.31.8', 'too-old', '2.31.8'],
  ['git version 1.99', 'too-old', '1.99'],
  ['something else', 'too-old', '0'],
] as const;

for (const [printed, kind, version] of VERSIONS) {
  test(`${printed} is ${kind}`, () => assert.equal(readGitVersion(printed), { kind, version }));
}

test('a git program that is too old is not used for a remote: isomorphic-git is, and the log says so', async () => {
  const repository = await openRepository((await createRepository()).dir);
  usePath('#!/bin/sh\necho git version 2.31.8\n');
  const told: string[] = [];
  const http = parseRemote('https://git.example.com/acme/flags.git');
  const transport = await openTransport({ repository, address: http, log: (line) => told.push(line) });
  assert.is(transport.name, 'isomorphic-git');
  assert.is(told.length, 1);
  assert.match(told[0] ?? '', /^git 2\.31\.8 is not used: git 2\.32 or newer is wanted/);
  const ssh = parseRemote('git@git.example.com:acme/flags.git');
  const failure = (await openTransport({ repository, address: ssh }).catch((error) => error)) as Failure;
  assert.is(failure.code, 'GIT_PROGRAM_MISSING');
  assert.match(failure.message, '2.32 or newer; git 2.31.8 is there');
});

test('a machine without git says so, and that of the tests has one that will do', async () => {
  assert.is((await installedGit()).kind, 'usable');
  process.env.PATH = temporaryFolder();
  assert.equal(await installedGit(), { kind: 'missing' });
});

function usePath(git: string): void {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'git'), git, { mode: 0o755 });
  process.env.PATH = `${folder}:${before}`;
}

test.run();
