import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../../src/model/failure.js';
import { parseRemote } from '../../../src/repository/remote/address.js';
import { openTransport } from '../../../src/repository/remote/open-transport.js';
import { type Fault, startGitServer } from '../../support/git-server.js';
import { MAIN, openClone, TRACKED, WAYS } from './remote-clone.js';

const test = suite('repository/remote/transport (fetch)');

/** With which code each of them ends. */
const FAULTS: readonly (readonly [Fault, string])[] = [
  [{ kind: 'refuse' }, 'REMOTE_UNREACHABLE'],
  [{ kind: 'status', status: 500 }, 'REMOTE_UNREACHABLE'],
  [{ kind: 'status', status: 401 }, 'REMOTE_DENIED'],
  [{ kind: 'status', status: 403 }, 'REMOTE_DENIED'],
  [{ kind: 'status', status: 404 }, 'REMOTE_DENIED'],
  [{ kind: 'status', status: 302 }, 'REMOTE_UNREACHABLE'],
  [{ kind: 'cut', afterBytes: 0 }, 'REMOTE_UNREACHABLE'],
  [{ kind: 'cut', afterBytes: 30 }, 'REMOTE_UNREACHABLE'],
];

for (const way of WAYS) {
  test(`what the remote has comes whole, also over several commits and a rewritten history (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'first', 'folder/b.txt': 'b' } });
    const person = await server.clone();
    const clone = await openClone(server, way);
    assert.equal(await clone.fetchMain(), new Map([[MAIN, await person.head()]]));
    for (const text of ['second', 'third']) await person.commit({ 'a.txt': text, 'folder/new/c.txt': text });
    await person.git('push', '--quiet', 'origin', 'main');
    assert.equal(await clone.fetchMain(), new Map([[MAIN, await person.head()]]));
    await person.git('reset', '--quiet', '--hard', 'HEAD~1');
    await person.commit({ 'a.txt': 'rewritten' });
    await person.git('push', '--quiet', '--force', 'origin', 'main');
    assert.equal(await clone.fetchMain(), new Map([[MAIN, await person.head()]]));
    assert.is(await clone.tracked(), await person.head());
    await clone.test.git('fsck', '--full', '--strict');
    await server.close();
  });

  test(`a ref that is not there is undefined, and an empty remote has none (${way})`, async () => {
    const server = await startGitServer();
    const clone = await openClone(server, way);
    assert.equal(await clone.fetchMain(), new Map([[MAIN, undefined]]));
    assert.is(await clone.transport.defaultBranch(AbortSignal.timeout(30_000)), undefined);
    await server.close();
  });

  test(`the branch that HEAD names there is told (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    await server.bare.git('branch', '-m', 'main', 'trunk');
    const clone = await openClone(server, way);
    assert.is(await clone.transport.defaultBranch(AbortSignal.timeout(30_000)), 'trunk');
    await server.close();
  });

  test(`a shallow history stays shallow and is followed (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': '0' } });
    const person = await server.clone();
    for (const text of ['1', '2', '3']) await person.commit({ 'a.txt': text });
    await person.git('push', '--quiet', 'origin', 'main');
    const clone = await openClone(server, way);
    await clone.transport.fetch({ refs: new Map([[MAIN, TRACKED]]), depth: 2 }, AbortSignal.timeout(30_000));
    assert.is(await clone.test.git('rev-list', '--count', TRACKED), '2');
    await person.commit({ 'a.txt': '4' });
    await person.git('push', '--quiet', 'origin', 'main');
    await clone.fetchMain();
    assert.is(await clone.test.git('rev-list', '--count', TRACKED), '3');
    await clone.test.git('fsck', '--full', '--strict');
    await server.close();
  });

  for (const [fault, code] of FAULTS) {
    test(`${JSON.stringify(fault)} is ${code}, and moves nothing (${way})`, async () => {
      const server = await startGitServer({ files: { 'a.txt': 'a' } });
      const clone = await openClone(server, way);
      const before = await clone.follow();
      const person = await server.clone();
      await person.commit({ 'a.txt': 'b'.repeat(50_000) });
      await person.git('push', '--quiet', 'origin', 'main');
      server.setFault(fault);
      assert.is(await codeOf(clone.fetchMain()), code);
      assert.is(await clone.tracked(), before);
      server.setFault(undefined);
      assert.is(await clone.follow(), await person.head());
      await server.close();
    });
  }

  test(`a pack that breaks off moves nothing and leaves nothing behind (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': randomText() } });
    const clone = await openClone(server, way);
    // More than a list of refs has, and less than the pack.
    server.setFault({ kind: 'cut', afterBytes: 6_000 });
    assert.is(await codeOf(clone.fetchMain()), 'REMOTE_UNREACHABLE');
    assert.is(await clone.tracked(), '');
    assert.equal(leftIn(clone.repository.commonDir), []);
    server.setFault(undefined);
    await clone.follow();
    await clone.test.git('fsck', '--full', '--strict');
    await server.close();
  });

  test(`who does not wait any longer ends it at once, with all that was started (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    server.setFault({ kind: 'hang' });
    assert.is(await codeOf(clone.fetchMain(200)), 'REMOTE_UNREACHABLE');
    server.setFault({ kind: 'delay', ms: 100 });
    assert.is((await clone.fetchMain()).size, 1);
    await server.close();
  });

  test(`a wrong password and a missing repository are REMOTE_DENIED (${way})`, async () => {
    const account = { username: 'marc', password: 'right' };
    const server = await startGitServer({ files: { 'a.txt': 'a' }, account });
    const right = await openClone(server, way, server.urlWithAccount);
    assert.is((await right.fetchMain()).size, 1);
    const wrong = await openClone(server, way, server.urlWithAccount.replace('right', 'wrong'));
    assert.is(await codeOf(wrong.fetchMain()), 'REMOTE_DENIED');
    const none = await openClone(server, way);
    assert.is(await codeOf(none.fetchMain()), 'REMOTE_DENIED');
    const missing = server.urlWithAccount.replace('flags.git', 'other.git');
    assert.is(await codeOf((await openClone(server, way, missing)).fetchMain()), 'REMOTE_DENIED');
    await server.close();
  });
}

test('a commit of which a part is missing here, too, is not used', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a', 'b.txt': 'b' } });
  const clone = await openClone(server, 'git');
  const before = await clone.follow();
  const person = await server.clone();
  await person.commit({ 'a.txt': 'c' });
  await person.git('push', '--quiet', 'origin', 'main');
  const lost = await clone.test.git('rev-parse', 'HEAD:b.txt');
  rmSync(join(clone.repository.commonDir, 'objects', lost.slice(0, 2), lost.slice(2)));
  const { repository } = clone;
  const address = parseRemote(server.url);
  const transport = await openTransport({ repository, address, way: 'isomorphic-git' });
  const fetched = transport.fetch({ refs: new Map([[MAIN, TRACKED]]) }, AbortSignal.timeout(30_000));
  assert.is(await codeOf(fetched), 'REPOSITORY_DAMAGED');
  assert.is(await clone.tracked(), before);
  await server.close();
});

test('a file and ssh need the git program, and a file is followed by it', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const clone = await openClone(server, 'git', `file://${server.dir}`);
  assert.is((await clone.fetchMain()).get(MAIN), await server.bare.git('rev-parse', 'main'));
  for (const url of [`file://${server.dir}`, 'git@git.example.com:acme/flags.git'])
    assert.is(await codeOf(openClone(server, 'isomorphic-git', url)), 'GIT_PROGRAM_MISSING');
  await server.close();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it went well',
    (error: Failure) => error.code ?? String(error),
  );
}

/** Text that cannot be packed small. */
function randomText(): string {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state.toString(36);
  };
  return Array.from({ length: 20_000 }, next).join('\n');
}

/** Packs and temporary files of ours or of git. */
function leftIn(commonDir: string): readonly string[] {
  return ['objects/pack', 'flagstaff/tmp']
    .flatMap((folder) => readNames(join(commonDir, folder)))
    .filter((name) => !name.startsWith('tmp_pack_'));
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

test.run();
