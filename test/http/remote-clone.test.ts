import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Failure } from '../../src/model/failure.js';
import { temporaryFolder } from '../support/git.js';
import { startGitServer, type TestGitServer } from '../support/git-server.js';
import { DARK_MODE, DARK_MODE_ON, followHost, REMOTE_FILES } from '../support/remote.js';

const test = suite('remote: the first clone');
let host: TestGitServer;

test.before.each(async () => {
  host = await startGitServer({ files: REMOTE_FILES });
});
test.after.each(() => host.close());

test('a folder that is missing or empty becomes a clone with its files, and is served', async () => {
  for (const dir of [temporaryFolder(), join(temporaryFolder(), 'not', 'there')]) {
    const server = await followHost(host, { dir });
    await server.running.ready;
    await server.serves(await host.bare.git('rev-parse', 'main'));
    assert.is(await server.repository.git('status', '--porcelain'), '');
    assert.is(await server.repository.git('branch', '--show-current'), 'main');
    await server.close();
  }
});

test('a shallow clone brings as much history as was asked for, and follows what comes', async () => {
  const person = await host.clone();
  await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'main');
  const server = await followHost(host, { remote: { depth: 1 } });
  await server.running.ready;
  assert.is(await server.repository.git('rev-list', '--count', 'HEAD'), '1');
  const next = await person.commit({ [DARK_MODE]: null }, 'gone');
  await person.git('push', '--quiet', 'origin', 'main');
  await server.serves(next);
  await server.close();
});

test('the branch that is named is cloned and followed, whatever the remote calls its own', async () => {
  const person = await host.clone();
  await person.git('checkout', '--quiet', '-b', 'next');
  const first = await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'next');
  const server = await followHost(host, { branch: 'next' });
  await server.running.ready;
  await server.serves(first);
  const second = await person.commit({ [DARK_MODE]: null }, 'gone');
  await person.git('push', '--quiet', 'origin', 'next');
  await server.serves(second);
  await server.close();
});

test('a clone that others made of it is taken as it is', async () => {
  const clone = await host.clone();
  const server = await followHost(host, { dir: clone.dir });
  await server.running.ready;
  const person = await host.clone();
  const commit = await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'main');
  await server.serves(commit);
  assert.is(await clone.git('status', '--porcelain'), '');
  await server.close();
});

test('without a clone and without the remote the start fails in a sentence, and the next one clones', async () => {
  const dir = temporaryFolder();
  host.setFault({ kind: 'refuse' });
  const failure = await followHost(host, { dir }).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.instance(failure, Failure);
  assert.is((failure as Failure).code, 'REMOTE_UNREACHABLE');
  host.setFault(undefined);
  const server = await followHost(host, { dir });
  await server.running.ready;
  await server.close();
});

test('a folder with something else in it, or a file, is not written to, and nobody is told to make a repository there', async () => {
  const other = await host.clone();
  rmSync(join(other.dir, '.git'), { recursive: true });
  for (const dir of [other.dir, join(other.dir, 'flags/acme/org.yaml')]) {
    const failure = await followHost(host, { dir }).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.instance(failure, Failure);
    assert.is((failure as Failure).code, 'FOLDER_NOT_EMPTY', dir);
  }
  assert.is(existsSync(join(other.dir, '.git')), false);
});

test('a clone that takes too long is given up when the server is to end', async () => {
  host.setFault({ kind: 'hang' });
  const ending = new AbortController();
  const starting = followHost(host, { signal: ending.signal }).then(
    () => undefined,
    (error: unknown) => error,
  );
  ending.abort();
  assert.is(((await starting) as Failure).code, 'REMOTE_UNREACHABLE');
});

test.run();
