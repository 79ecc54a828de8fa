import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../../src/model/failure.js';
import { temporaryFolder } from '../../support/git.js';
import { startGitServer } from '../../support/git-server.js';
import { openClone } from './remote-clone.js';

const test = suite('repository/remote/transport (ssh)');
const before = { ...process.env };
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
  for (const name of ['FLAGSTAFF_JWT_SECRET', 'GIT_DIR', 'SSH_ASKPASS', 'GIT_SSH_COMMAND', 'PATH']) {
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

function standIn(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

test.run();
