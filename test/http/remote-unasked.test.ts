import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../cli/run.js';
import { type Files, repositoryAt } from '../support/git.js';
import { startGitServer, type TestGitServer } from '../support/git-server.js';
import { serveRepository, tokenOf } from '../support/http.js';
import { DARK_MODE_PATH, type FollowingServer, followHost, REMOTE_FILES } from '../support/remote.js';
import { until } from '../support/until.js';

const test = suite('remote: a clone that is written to while nobody follows');

const BANNER = 'flags/acme/web-app/flags/banner.yaml';
const OTHER: Files = { 'flags/acme/web-app/flags/other.yaml': 'environments: {}\n' };

let host: TestGitServer;
let server: FollowingServer;

test.before.each(async () => {
  host = await startGitServer({ files: REMOTE_FILES });
  server = await followHost(host);
  await server.follows();
  await server.close();
});
test.after.each(async () => {
  await server.close();
  await host.close();
});

/** Somebody else is first, and then the server comes back. */
async function followAgain(): Promise<void> {
  const person = await host.clone();
  await person.commit(OTHER, 'meanwhile');
  await person.git('push', '--quiet');
  server = await followHost(host, { dir: server.repository.dir });
  await until(async () => (await server.remote()).pending === 0);
}

const subjects = () => host.bare.git('log', '--first-parent', '--format=%s', 'main');

test('a kill by command reaches the remote once the server is back, on top of what others pushed', async () => {
  const { dir } = server.repository;
  await repositoryAt(dir).git('config', 'user.name', 'Marc');
  await repositoryAt(dir).git('config', 'user.email', 'marc@example.com');
  const killed = await run(['kill', 'banner', '--repo', dir, '--reason', 'it burns']);
  assert.is(killed.code, 0, killed.err);
  assert.match(killed.err, 'changes that wait for a server to push them: 1');
  await followAgain();
  const [kill, other] = (await subjects()).split('\n');
  assert.match(kill ?? '', 'kill banner');
  assert.is(other, 'meanwhile');
  assert.match(await host.bare.git('show', `main:${BANNER}`), 'killed: true');
  const written = await server.write(DARK_MODE_PATH, { description: 'Dark colours' });
  assert.is(written.status, 200, written.text);
});

test('a server that is started without the remote says so, and its writes are pending until it is named again', async () => {
  const alone = await serveRepository(server.repository);
  await alone.running.ready;
  assert.ok(
    alone.log.some((line) => line.includes(`this clone follows ${host.url}`)),
    alone.log.join(),
  );
  const token = await tokenOf();
  const written = await alone.ask(DARK_MODE_PATH, { method: 'PUT', token, body: { description: 'Dark' } });
  assert.equal([written.status, written.headers['flagstaff-pending']], [200, '1']);
  await alone.close();
  await followAgain();
  assert.equal((await subjects()).split('\n').length, 3);
  assert.match(await host.bare.git('show', 'main:flags/acme/web-app/flags/dark-mode.yaml'), 'Dark');
});

test.run();
