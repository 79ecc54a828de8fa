import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../../src/model/failure.js';
import { temporaryFolder } from '../../support/git.js';
import { startGitServer } from '../../support/git-server.js';
import { until } from '../../support/until.js';
import { openClone } from './remote-clone.js';

const test = suite('repository/remote/transport (ssh)');
const before = { ...process.env };
/** Longer than anybody waits. */
const LEFT_SECONDS = 120;
/** Notes its words and what it was told of secrets, then does here what it should have done there. */
const STAND_IN = `#!/bin/sh
echo "$@" >> "$0.words"
env | grep -E '^(FLAGSTAFF_|GIT_DIR=|SSH_ASKPASS=)' >> "$0.words"
for word; do [ "$word" = -G ] && exit 0; done
eval "exec $word"
`;

test.before.each(() => {
  process.env.FLAGSTAFF_JWT_SECRET = 'planted';
  process.env.GIT_DIR = '/nowhere';
  process.env.SSH_ASKPASS = '/bin/false';
});

test.after.each(() => {
  for (const name of [
    'FLAGSTAFF_JWT_SECRET',
    'GIT_DIR',
    'SSH_ASKPASS',
    'GIT_SSH_COMMAND',
    'GIT_SSH',
    'PATH',
  ]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

test('ssh goes by the program that GIT_SSH_COMMAND names, which is told no secret of ours', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const program = standIn('other-ssh', STAND_IN);
  process.env.GIT_SSH_COMMAND = program;
  const clone = await openClone(server, 'git', `ssh://git@git.example.com${server.dir}`);
  const base = await clone.follow();
  assert.is(base, await server.bare.git('rev-parse', 'main'));
  const tip = await clone.test.commit({ 'a.txt': 'b' });
  assert.equal(await clone.pushMain(tip), { kind: 'pushed' });
  const words = readFileSync(`${program}.words`, 'utf8');
  assert.match(words, `git@git.example.com git-upload-pack '${server.dir}'`);
  assert.not.match(words, /planted|nowhere|SSH_ASKPASS/);
  await server.close();
});

test('ssh asks nobody for a password, and what it says is told', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const program = standIn(
    'ssh',
    '#!/bin/sh\necho "$@" >> "$0.words"\necho "git@git.example.com: Permission denied (publickey)." >&2\nexit 255\n',
  );
  process.env.PATH = `${join(program, '..')}:${process.env.PATH}`;
  const clone = await openClone(server, 'git', 'git@git.example.com:acme/flags.git');
  const failure = await clone.fetchMain().catch((error: Failure) => error);
  assert.is((failure as Failure).code, 'REMOTE_DENIED');
  assert.match((failure as Failure).message, 'git@git.example.com:acme/flags.git');
  assert.match((failure as Failure).message, 'Permission denied (publickey)');
  assert.match(readFileSync(`${program}.words`, 'utf8'), '-oBatchMode=yes');
  assert.is((await openClone(server, 'git')).transport.name, 'git');
  await server.close();
});

/** What ssh and the program at its other end say before the first word of git's. */
const SAID = [
  ['ssh: connect to host git.example.com port 22: Connection refused', 'REMOTE_UNREACHABLE'],
  ['ssh: connect to host git.example.com port 22: Permission denied', 'REMOTE_UNREACHABLE'],
  ['ssh: Could not resolve hostname git.example.com: Name or service not known', 'REMOTE_UNREACHABLE'],
  ['kex_exchange_identification: Connection closed by remote host', 'REMOTE_UNREACHABLE'],
  ['git@git.example.com: Permission denied (publickey,password).', 'REMOTE_DENIED'],
  ['Host key verification failed.', 'REMOTE_DENIED'],
  ['ERROR: Repository not found.', 'REMOTE_DENIED'],
] as const;

for (const [said, code] of SAID) {
  test(`over ssh, "${said}" is ${code}: for a fetch and for a push`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    process.env.GIT_SSH_COMMAND = standIn('other-ssh', `#!/bin/sh\necho '${said}' >&2\nexit 255\n`);
    const clone = await openClone(server, 'git', 'git@git.example.com:acme/flags.git');
    const commit = await clone.test.commit({ 'a.txt': 'a' });
    for (const ask of [() => clone.fetchMain(), () => clone.pushMain(commit)]) {
      const failure = await ask().catch((error: Failure) => error);
      assert.is((failure as Failure).code, code);
      assert.match((failure as Failure).message, said);
    }
    await server.close();
  });
}

test('a remote that belongs to another user there is told without the advice that would not help', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  process.env.GIT_SSH_COMMAND = standIn(
    'other-ssh',
    '#!/bin/sh\nprintf "fatal: detected dubious ownership in repository at \'/x\'\\nTo add an exception for this directory, call:\\n\\n\\tgit config --global --add safe.directory /x\\n" >&2\nexit 128\n',
  );
  const clone = await openClone(server, 'git', 'git@git.example.com:acme/flags.git');
  const failure = (await clone.fetchMain().catch((error: Failure) => error)) as Failure;
  assert.is(failure.code, 'REMOTE_DENIED');
  assert.match(failure.message, 'belongs to another user');
  assert.not.match(failure.message, 'safe.directory');
  await server.close();
});

test('GIT_SSH names the program, too', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  process.env.GIT_SSH = standIn('other-ssh', STAND_IN);
  const clone = await openClone(server, 'git', `ssh://git@git.example.com${server.dir}`);
  assert.is(await clone.follow(), await server.bare.git('rev-parse', 'main'));
  await server.close();
});

test('what ssh leaves behind holds nobody up, and a signal ends all that runs for a question', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const sleep = `sleep ${LEFT_SECONDS}`;
  process.env.GIT_SSH_COMMAND = standIn(
    'other-ssh',
    STAND_IN.replace('for word', `setsid ${sleep} </dev/null >/dev/null &\necho $! >> "$0.pid"\nfor word`),
  );
  const clone = await openClone(server, 'git', `ssh://git@git.example.com${server.dir}`);
  assert.is(await clone.follow(), await server.bare.git('rev-parse', 'main'));
  const left = readFileSync(`${process.env.GIT_SSH_COMMAND}.pid`, 'utf8').trim().split('\n').map(Number);
  assert.ok(left.length > 0 && left.every(isRunning), 'they are still there');
  for (const pid of left) process.kill(pid, 'SIGKILL');
  // It heeds no gentle word, and is not git's own child.
  const stubborn = standIn(
    'other-ssh',
    `#!/bin/sh\ntrap '' TERM\n(echo $! ; ${sleep}) &\necho $! > "$0.pid"\nwait\n${sleep}\n`,
  );
  process.env.GIT_SSH_COMMAND = stubborn;
  const giveUp = new AbortController();
  const asked = clone.transport.tipOf('refs/heads/main', giveUp.signal).catch((error: Failure) => error);
  await until(() => existsSync(`${stubborn}.pid`) && readFileSync(`${stubborn}.pid`, 'utf8') !== '');
  const child = Number(readFileSync(`${stubborn}.pid`, 'utf8'));
  assert.ok(isRunning(child));
  giveUp.abort();
  assert.is(((await asked) as Failure).code, 'REMOTE_UNREACHABLE');
  assert.ok(isRunning(child), 'it is not waited for');
  await until(() => !isRunning(child));
  await server.close();
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function standIn(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

test.run();
