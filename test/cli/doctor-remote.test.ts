import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { parseOrgKey } from '../../src/model/keys.js';
import { openRepository } from '../../src/repository/git.js';
import { openPendingStore } from '../../src/repository/remote/pending-store.js';
import type { TestRepository } from '../support/git.js';
import { startGitServer, type TestGitServer } from '../support/git-server.js';
import { committedRepository, PERSON, run } from './run.js';

interface Hosted {
  server: TestGitServer;
  clone: TestRepository;
}

const ACCOUNT = { username: 'flagstaff', password: 'planted-password' };
const FILES = { 'flags/acme/org.yaml': 'name: Acme\n' };
const test = suite<Hosted>('cli/doctor/remote');

test.before.each(async (hosted) => {
  hosted.server = await startGitServer({ files: FILES, account: ACCOUNT });
  hosted.clone = await hosted.server.clone();
});

test.after.each(({ server }) => server.close());

/** What it says of the remote, of what is pending and of what was lost, each as `level about: message`. */
async function told({ server, clone }: Hosted, ...words: readonly string[]): Promise<readonly string[]> {
  const env = { ...PERSON, FLAGSTAFF_REMOTE: server.urlWithAccount };
  const { out } = await run(['doctor', '--repo', clone.dir, '--json', ...words], { env, now: Date.now() });
  assert.not.match(out, ACCOUNT.password);
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
  const abouts = new Set(['remote', 'pending', 'lost']);
  return findings.flatMap(({ level, about, message }) =>
    abouts.has(about) ? `${level} ${about}: ${message.replaceAll(server.url, 'URL')}` : [],
  );
}

test('how far a clone is ahead and behind is told as the remote was last asked', async (hosted) => {
  const { clone, server } = hosted;
  assert.equal(await told(hosted), ['ok remote: main is what URL has']);
  const other = await server.clone();
  await other.commit({ 'a.txt': 'a' });
  await other.git('push', '--quiet');
  assert.equal(await told(hosted), ['ok remote: main is what URL has']);
  await clone.git('fetch', '--quiet');
  assert.equal(await told(hosted), [
    'note remote: main is 0 ahead of URL and 1 behind, as it was last asked',
  ]);
  await clone.commit({ 'b.txt': 'b' });
  await clone.commit({ 'c.txt': 'c' });
  assert.equal(await told(hosted), [
    'warning remote: main is 2 ahead of URL and 1 behind, as it was last asked',
  ]);
});

test('--remote asks the remote with its credentials, and brings nothing here', async (hosted) => {
  const { clone, server } = hosted;
  const [, same] = await told(hosted, '--remote');
  assert.is(same, `ok remote: it answers and has ${(await clone.head()).slice(0, 7)}`);
  const other = await server.clone();
  const tip = await other.commit({ 'a.txt': 'a' });
  await other.git('push', '--quiet');
  const before = stamps(clone.dir);
  const [, newer] = await told(hosted, '--remote');
  assert.is(newer, `note remote: it answers and has ${tip.slice(0, 7)}, which is not here yet`);
  assert.equal(stamps(clone.dir), before);
});

test('a remote that does not answer, or not to these credentials, is an error', async (hosted) => {
  const { server, clone } = hosted;
  server.setFault({ kind: 'refuse' });
  assert.match((await told(hosted, '--remote'))[1] ?? '', /^error remote: the remote URL does not answer: /);
  server.setFault(undefined);
  const wrong = { clone, server: { ...server, urlWithAccount: server.url } };
  assert.match(
    (await told(wrong, '--remote'))[1] ?? '',
    /^error remote: the remote URL is not there for these/,
  );
  await clone.git('checkout', '--quiet', '-b', 'live');
  assert.match((await told(hosted, '--remote'))[1] ?? '', /^error remote: URL has no branch live$/);
});

test('changes that are not pushed yet, and those that were lost, are told', async (hosted) => {
  const repository = await openRepository(hosted.clone.dir);
  const now = Date.now();
  const remote = { url: hosted.server.url, ref: 'refs/heads/main' };
  const store = openPendingStore({ repository, remote, now: () => now - 3 * 3_600_000 });
  const org = parseOrgKey('acme');
  if (org === undefined) throw new Error('this is a key');
  const author = { name: 'Marc', email: 'marc@example.com' };
  const request = { org, author, changes: [] };
  const commit = await hosted.clone.head();
  const write = { commit, request, seconds: Math.floor(now / 1_000), tip: undefined };
  const ids = await store.prepare([
    { ...write, subject: 'acme/web-app: kill dark-mode in production' },
    { ...write, subject: 'acme/web-app: enable theme in production' },
  ]);
  store.confirm(ids);
  const [, second] = store.records;
  if (second === undefined) throw new Error('two are pending');
  const [, change] = store.pending;
  if (change === undefined) throw new Error('two are pending');
  const loss = {
    lostAt: now,
    code: 'FLAG_NOT_FOUND',
    message: 'there is no flag theme',
    number: second.number,
  };
  await store.lose([{ ...change, ...loss }]);
  await store.drop([second.id]);
  assert.equal((await told(hosted)).slice(1), [
    'warning pending: 1 change not pushed yet, the oldest 3 hours old: acme/web-app: kill dark-mode in production',
    'error lost: acme/web-app: enable theme in production (Marc <marc@example.com>) could not be made again: there is no flag theme',
  ]);
});

test('a clone without a remote, or of one that no server could follow, follows none', async () => {
  const made = await committedRepository();
  const about = async () => {
    const { out } = await run(['doctor', '--repo', made.dir, '--remote'], { env: PERSON });
    return out.split('\n').filter((line) => / remote +/.test(line));
  };
  assert.equal((await about()).length, 1);
  await made.git('remote', 'add', 'origin', '../elsewhere');
  assert.match((await about()).join(), /^ok +remote +this clone follows none$/);
});

/** Every path of the git folder with its size and time. */
function stamps(folder: string): readonly string[] {
  return readdirSync(join(folder, '.git'), { recursive: true, encoding: 'utf8' }).map((name) => {
    const { size, mtimeMs } = statSync(join(folder, '.git', name));
    return `${name} ${size} ${mtimeMs}`;
  });
}

test.run();
