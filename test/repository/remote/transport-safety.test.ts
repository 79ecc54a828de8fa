import { existsSync, linkSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../../src/model/failure.js';
import { ownLockToken } from '../../../src/repository/git-lock.js';
import { repositoryAt, temporaryFolder } from '../../support/git.js';
import { startGitServer } from '../../support/git-server.js';
import { MAIN, openClone, type RemoteClone, TRACKED, WAYS } from './remote-clone.js';

const test = suite('repository/remote/transport (safety)');

for (const way of WAYS) {
  test(`a redirect is not followed, for the credentials would go along (P18, ${way})`, async () => {
    const account = { username: 'marc', password: 'planted' };
    const server = await startGitServer({ files: { 'a.txt': 'a' }, account });
    const asked: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    await new Promise<void>((fulfil) => other.listen(0, '127.0.0.1', fulfil));
    other.unref();
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/flags.git/info/refs?service=git-upload-pack`;
    server.setFault({ kind: 'status', status: 302, location });
    const clone = await openClone(server, way, server.urlWithAccount);
    assert.is((await failureOf(clone.fetchMain())).code, 'REMOTE_UNREACHABLE');
    assert.equal(asked, []);
    other.close();
    await server.close();
  });

  test(`no hook of the clone runs, whatever moves (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    const traces = join(temporaryFolder(), 'traces');
    for (const name of ['reference-transaction', 'post-checkout', 'pre-push', 'post-merge'])
      plantHook(clone, name, `#!/bin/sh\necho ${name} >> '${traces}'\n`);
    await clone.fetchMain();
    await clone.transport.push(
      { ref: 'refs/heads/other', commit: await clone.tracked(), expected: undefined },
      AbortSignal.timeout(30_000),
    );
    assert.is(existsSync(traces), false);
    await clone.test.git('update-ref', 'refs/heads/mine', TRACKED);
    assert.is(existsSync(traces), true, 'they would run for a person');
    await server.close();
  });

  test(`a lock that a crash of ours left on what is fetched is removed, one of somebody else is not (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    const lock = join(clone.repository.commonDir, `${TRACKED}.lock`);
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(lock, '');
    const failure = await failureOf(clone.fetchMain());
    assert.is(failure.code, 'GIT_LOCKED');
    assert.match(failure.message, 'refs/remotes/origin/main.lock');
    assert.ok(existsSync(lock));
    const after = await openClone(server, way);
    const left = join(after.repository.commonDir, `${TRACKED}.lock`);
    mkdirSync(dirname(left), { recursive: true });
    mkdirSync(after.repository.stateDir, { recursive: true });
    writeFileSync(ownLockToken(after.repository.stateDir), 'ours');
    linkSync(ownLockToken(after.repository.stateDir), left);
    assert.is((await after.fetchMain()).get(MAIN), await server.bare.git('rev-parse', 'main'));
    assert.is(existsSync(left), false);
    await server.close();
  });
}

test('what a fetch left unfinished long ago goes with the next, what is written now does not', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const clone = await openClone(server, 'git');
  const folder = join(clone.repository.commonDir, 'objects', 'pack');
  const [old, young] = [join(folder, 'tmp_pack_AAAAAA'), join(folder, 'tmp_pack_BBBBBB')];
  for (const path of [old, young]) writeFileSync(path, 'PACK');
  const past = Date.now() / 1_000 - 2 * 3_600;
  utimesSync(old, past, past);
  await clone.fetchMain();
  assert.equal([existsSync(old), existsSync(young)], [false, true]);
  await server.close();
});

test('a remote with names of another kind is told as that, not as one without the branch', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const dir = join(temporaryFolder(), 'other.git');
  await server.bare.git('init', '--quiet', '--object-format=sha256', '--initial-branch=main', dir);
  await repositoryAt(dir).commit({ 'a.txt': 'a' });
  const clone = await openClone(server, 'git', `file://${dir}`);
  const failure = await failureOf(clone.fetchMain());
  assert.is(failure.code, 'REMOTE_UNSUPPORTED');
  assert.match(failure.message, 'SHA-256');
  await server.close();
});

function plantHook({ repository }: RemoteClone, name: string, text: string): void {
  mkdirSync(join(repository.commonDir, 'hooks'), { recursive: true });
  writeFileSync(join(repository.commonDir, 'hooks', name), text, { mode: 0o755 });
}

function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => assert.unreachable() as never,
    (error: Failure) => error,
  );
}

test.run();
