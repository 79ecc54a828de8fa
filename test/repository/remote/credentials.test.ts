import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../../src/repository/git.js';
import { parseRemote } from '../../../src/repository/remote/address.js';
import { cloneInto } from '../../../src/repository/remote/clone-into.js';
import { openTransport } from '../../../src/repository/remote/open-transport.js';
import { temporaryFolder } from '../../support/git.js';
import { startGitServer } from '../../support/git-server.js';
import { until } from '../../support/until.js';
import { MAIN, TRACKED, WAYS } from './remote-clone.js';

const test = suite('repository/remote/credentials');
const ACCOUNT = { username: 'marc', password: 'planted/s3cret' };
const BASIC = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
const PLANTED = [ACCOUNT.password, encodeURIComponent(ACCOUNT.password), BASIC];

for (const way of WAYS) {
  test(`planted credentials are in no file of the clone and in no line or error (P18, ${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' }, account: ACCOUNT });
    const address = parseRemote(server.urlWithAccount);
    const dir = temporaryFolder();
    const told: string[] = [];
    const signal = AbortSignal.timeout(60_000);
    await cloneInto({ dir, address, signal, way, log: (line) => told.push(line) });
    const transport = await openTransport({ repository: await openRepository(dir), address, way });
    const refs = new Map([[MAIN, TRACKED]]);
    const commit = await server.bare.git('rev-parse', 'main');
    for (const fault of [
      { kind: 'refuse' },
      { kind: 'status', status: 401 },
      { kind: 'cut', afterBytes: 9 },
    ] as const) {
      server.setFault(fault);
      await transport.fetch({ refs }, signal).catch((error: Error) => told.push(wholeOf(error)));
      await transport
        .push({ ref: 'refs/heads/new', commit, expected: undefined }, signal)
        .catch((error: Error) => told.push(wholeOf(error)));
    }
    server.setFault(undefined);
    server.refusePushes(`no: ${ACCOUNT.password} ${BASIC}`);
    told.push(
      JSON.stringify(await transport.push({ ref: 'refs/heads/other', commit, expected: undefined }, signal)),
    );
    assert.is(told.length, 8);
    assert.equal(told.filter(hasPlanted), []);
    assert.equal(
      filesIn(dir).filter((path) => hasPlanted(readFileSync(path, 'latin1'))),
      [],
    );
    await server.close();
  });
}

test('no program that git starts has them among its words (P18)', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' }, account: ACCOUNT });
  const address = parseRemote(server.urlWithAccount);
  const dir = temporaryFolder();
  const giveUp = new AbortController();
  server.setFault({ kind: 'hang' });
  const cloning = cloneInto({ dir, address, signal: giveUp.signal, way: 'git', log: () => undefined });
  const failed = cloning.catch((error: Error) => error);
  await until(() => server.requests.length > 0);
  const lines = commandsNow();
  assert.ok(
    lines.some((line) => line.includes(server.url)),
    'the programs are seen at all',
  );
  assert.equal(lines.filter(hasPlanted), []);
  giveUp.abort();
  assert.instance(await failed, Error);
  await until(() => !commandsNow().some((line) => line.includes(server.url)));
  await server.close();
});

function hasPlanted(text: string): boolean {
  return PLANTED.some((secret) => text.includes(secret));
}

/** With its causes, as a log of a bug would show it. */
function wholeOf(error: Error): string {
  const cause = error.cause instanceof Error ? wholeOf(error.cause) : '';
  return `${error.stack}${JSON.stringify(error)}${cause}`;
}

function filesIn(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function commandsNow(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(join('/proc', pid, 'cmdline'), 'utf8');
  } catch {
    return '';
  }
}

test.run();
