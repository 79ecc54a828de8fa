import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startGitServer, type TestGitServer } from '../support/git-server.js';
import { tokenOf } from '../support/http.js';
import { DARK_MODE_PATH, type FollowingServer, followHost, REMOTE_FILES } from '../support/remote.js';
import { until } from '../support/until.js';

const test = suite('remote: secrets');
const ACCOUNT = { username: 'flagstaff', password: 'planted-password-7/%40' };
/** As it stands, as an address has it, and as HTTP sends it. */
const FORMS = [
  ACCOUNT.password,
  encodeURIComponent(ACCOUNT.password),
  Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64'),
];
let host: TestGitServer;
let server: FollowingServer;

test.before(async () => {
  host = await startGitServer({ files: REMOTE_FILES, account: ACCOUNT });
  server = await followHost(host);
  await server.running.ready;
});
test.after(async () => {
  await server.close();
  await host.close();
});

function refuseSecrets(text: string, where: string): void {
  for (const form of FORMS) assert.not(text.includes(form), `${where} has the password`);
}

function filesBelow(dir: string): readonly string[] {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name));
  return names.filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
}

test('P18: the password of the remote is in no file of the clone, no answer and no line of the log', async () => {
  const token = await tokenOf({ superAdmin: true });
  assert.is((await server.write(DARK_MODE_PATH, { description: 'Dark colours' })).status, 200);
  const answers: string[] = [];
  for (const fault of [
    { kind: 'status', status: 401 },
    { kind: 'status', status: 500 },
    { kind: 'refuse' },
  ] as const) {
    host.setFault(fault);
    await until(async () => (await server.remote()).failuresInARow > 0);
    answers.push((await server.write(DARK_MODE_PATH, { description: `Dark ${fault.kind}` })).text);
    for (const path of ['/health', '/api/v1/changes/pending']) {
      answers.push((await server.ask(path, { token })).text);
    }
    host.setFault(undefined);
    await until(async () => (await server.remote()).failuresInARow === 0);
  }
  refuseSecrets(answers.join('\n'), 'an answer');
  refuseSecrets(server.log.join('\n'), 'the log');
  for (const file of filesBelow(server.repository.dir)) refuseSecrets(readFileSync(file, 'latin1'), file);
  assert.ok(host.requests.some(({ authorization }) => authorization !== undefined));
});

test('P18: the password of the remote is in no command line while git runs', async () => {
  host.setFault({ kind: 'hang' });
  const { dir } = server.repository;
  let lines: readonly string[] = [];
  await until(() => {
    lines = commandLines();
    return lines.some((line) => line.includes(dir) && line.includes('fetch'));
  });
  refuseSecrets(lines.join('\n'), 'a command line');
  host.setFault(undefined);
});

/** Those of all processes of git that work in the clone. */
function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => commandLine(pid))
    .filter((line) => line.includes('git'));
}

function commandLine(pid: string): readonly string[] {
  try {
    return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
  } catch {
    return [];
  }
}

test.run();
