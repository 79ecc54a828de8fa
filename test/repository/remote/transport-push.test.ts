import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../../src/model/failure.js';
import { type Fault, startGitServer } from '../../support/git-server.js';
import { MAIN, openClone, WAYS } from './remote-clone.js';

const test = suite('repository/remote/transport (push)');

/** With which code each of them ends. */
const FAULTS: readonly (readonly [Fault, string])[] = [
  [{ kind: 'refuse' }, 'REMOTE_UNREACHABLE'],
  [{ kind: 'status', status: 500 }, 'REMOTE_UNREACHABLE'],
  [{ kind: 'status', status: 401 }, 'REMOTE_DENIED'],
  [{ kind: 'status', status: 403 }, 'REMOTE_DENIED'],
  // Nobody knows what stands behind that answer: the push was under way.
  [{ kind: 'status', status: 403, method: 'POST' }, 'REMOTE_UNREACHABLE'],
];

for (const way of WAYS) {
  test(`a chain of commits is pushed by its tip, and once (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a', 'folder/b.txt': 'b' } });
    const clone = await openClone(server, way);
    await clone.follow();
    await clone.test.commit({ 'folder/b.txt': 'c' });
    await clone.test.commit({ 'folder/deep/d.txt': 'd', 'a.txt': null });
    const tip = await clone.test.commit({ 'folder/b.txt': 'e' });
    assert.equal(await clone.pushMain(tip), { kind: 'pushed' });
    assert.equal(await clone.pushMain(tip), { kind: 'pushed' });
    assert.is(await server.bare.git('rev-parse', 'main'), tip);
    assert.is(await server.bare.git('rev-list', '--count', 'main'), '4');
    await server.bare.git('fsck', '--full', '--strict');
    await server.close();
  });

  test(`an empty remote gets its first branch (${way})`, async () => {
    const server = await startGitServer();
    const clone = await openClone(server, way);
    const tip = await clone.test.commit({ 'a.txt': 'a', 'folder/b.txt': 'b' });
    assert.equal(await clone.pushMain(tip), { kind: 'pushed' });
    await server.bare.git('fsck', '--full', '--strict');
    assert.is(await server.bare.git('ls-tree', '-r', '--name-only', 'main'), 'a.txt\nfolder/b.txt');
    await server.close();
  });

  test(`a person's merge on top is pushed whole (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    await clone.follow();
    await clone.test.git('checkout', '--quiet', '-b', 'side');
    await clone.test.commit({ 'side.txt': 's' });
    await clone.test.git('checkout', '--quiet', '-B', 'main', 'HEAD~1');
    await clone.test.commit({ 'a.txt': 'b' });
    await clone.test.git('merge', '--quiet', '--no-edit', 'side');
    assert.equal(await clone.pushMain(await clone.test.head()), { kind: 'pushed' });
    await server.bare.git('fsck', '--full', '--strict');
    await server.close();
  });

  test(`of concurrent pushers exactly one wins (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clones = await Promise.all([0, 1, 2, 3].map(() => openClone(server, way)));
    const tips: string[] = [];
    for (const [number, clone] of clones.entries()) {
      await clone.follow();
      tips.push(await clone.test.commit({ 'a.txt': `of ${number}` }));
    }
    const outcomes = await Promise.all(clones.map((clone, at) => clone.pushMain(tips[at] ?? '')));
    const kinds = outcomes.map(({ kind }) => kind).sort();
    assert.equal(kinds, ['moved', 'moved', 'moved', 'pushed']);
    const winner = outcomes.findIndex(({ kind }) => kind === 'pushed');
    assert.is(await server.bare.git('rev-parse', 'main'), tips[winner]);
    await server.close();
  });

  test(`what somebody took back on the remote is not brought to life again (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const person = await server.clone();
    await person.commit({ 'secret.txt': 'by mistake' });
    await person.git('push', '--quiet', 'origin', 'main');
    const clone = await openClone(server, way);
    await clone.follow();
    const tip = await clone.test.commit({ 'a.txt': 'b' });
    await person.git('push', '--quiet', '--force', 'origin', 'HEAD~1:main');
    assert.equal(await clone.pushMain(tip), { kind: 'moved' });
    assert.is(await server.bare.git('rev-list', '--count', 'main'), '1');
    await server.close();
  });

  test(`a push that would take something back is a bug of whoever asks for it (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    const expected = await clone.follow();
    await clone.test.git('checkout', '--quiet', '--orphan', 'other');
    const commit = await clone.test.commit({ 'a.txt': 'b' });
    const signal = AbortSignal.timeout(30_000);
    const error = await clone.transport.push({ ref: MAIN, commit, expected }, signal).catch(String);
    assert.is(error, `Error: the commit ${commit} does not stand on ${expected}`);
    assert.is(await server.bare.git('rev-parse', 'main'), expected);
    await server.close();
  });

  test(`a hook that refuses is heard, in a line (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    await clone.follow();
    server.refusePushes('flags are frozen until Monday');
    const tip = await clone.test.commit({ 'a.txt': 'b' });
    const reason = 'pre-receive hook declined: flags are frozen until Monday';
    assert.equal(await clone.pushMain(tip), { kind: 'refused', reason });
    server.refusePushes(undefined);
    assert.equal(await clone.pushMain(tip), { kind: 'pushed' });
    await server.close();
  });

  for (const [fault, code] of FAULTS) {
    test(`${JSON.stringify(fault)} is ${code}, and moves nothing (${way})`, async () => {
      const server = await startGitServer({ files: { 'a.txt': 'a' } });
      const clone = await openClone(server, way);
      const base = await clone.follow();
      const tip = await clone.test.commit({ 'a.txt': 'b' });
      server.setFault(fault);
      assert.is(await codeOf(clone.pushMain(tip)), code);
      assert.is(await server.bare.git('rev-parse', 'main'), base);
      server.setFault(undefined);
      assert.equal(await clone.pushMain(tip), { kind: 'pushed' });
      await server.close();
    });
  }

  test(`an answer that does not arrive says nothing, and the same push again says that it is there (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    await clone.follow();
    const tip = await clone.test.commit({ 'a.txt': 'b' });
    server.setFault({ kind: 'cut', afterBytes: 0, only: 'push' });
    assert.is(await codeOf(clone.pushMain(tip)), 'REMOTE_UNREACHABLE');
    server.setFault(undefined);
    assert.is(await server.bare.git('rev-parse', 'main'), tip);
    assert.equal(await clone.pushMain(tip), { kind: 'pushed' });
    await server.close();
  });

  test(`a push that arrived is never told as denied, whatever words of the host came before the end (P2, ${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    await clone.follow();
    const words = 'fatal: Authentication failed for nobody; page not found, Permission denied (publickey)';
    const hook = join(server.dir, 'hooks', 'pre-receive');
    writeFileSync(hook, `#!/bin/sh\necho '${words}' >&2\n`, { mode: 0o755 });
    const tip = await clone.test.commit({ 'a.txt': 'b' });
    // The words, and not the end.
    server.setFault({ kind: 'cut', afterBytes: 120, only: 'push' });
    const failure = (await clone.pushMain(tip).catch((error: Failure) => error)) as Failure;
    server.setFault(undefined);
    assert.is(await server.bare.git('rev-parse', 'main'), tip);
    assert.is(failure.code, 'REMOTE_UNREACHABLE');
    if (way === 'git') assert.match(failure.message, 'Authentication failed for nobody');
    await server.close();
  });

  test(`who does not wait any longer ends a push at once (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const clone = await openClone(server, way);
    const base = await clone.follow();
    const tip = await clone.test.commit({ 'a.txt': 'b' });
    server.setFault({ kind: 'hang' });
    assert.is(await codeOf(clone.pushMain(tip, 200)), 'REMOTE_UNREACHABLE');
    server.setFault(undefined);
    assert.is(await server.bare.git('rev-parse', 'main'), base);
    await server.close();
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it went well',
    (error: Failure) => error.code ?? String(error),
  );
}

test.run();
