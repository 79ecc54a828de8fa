import { createHmac } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fault, startGitServer } from '../../support/git-server.js';
import { DARK_MODE, DARK_MODE_ON, DARK_MODE_PATH, followHost, REMOTE_FILES } from '../../support/remote.js';
import { until } from '../../support/until.js';
import { startReceiver } from '../webhooks/receiver.js';

const test = suite('hooks of a git host that is followed');
const SECRET = 'a secret of the hooks';
/** Longer than any test: what is served then is served because of the hook. */
const NEVER_MS = 600_000;

test('a push is served because of its hook, long before the next poll', async () => {
  const host = await startGitServer({ files: REMOTE_FILES });
  const server = await followHost(host, { hookSecret: SECRET, remote: { pollMs: NEVER_MS } });
  await server.running.ready;
  const person = await host.clone();
  const commit = await person.commit({ [DARK_MODE]: DARK_MODE_ON }, 'on');
  await person.git('push', '--quiet', 'origin', 'main');
  const body = JSON.stringify({ ref: 'refs/heads/main', after: commit });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = { 'X-GitHub-Event': 'push', 'X-Hub-Signature-256': `sha256=${signature}` };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => server.ask('/hooks/git', { body, headers })),
  );
  await server.serves(commit);
  const fetches = host.requests.filter(({ path }) => path.includes('info/refs')).length;
  await server.close();
  await host.close();
  assert.equal(new Set(answers.map(({ status }) => status)), new Set([202]));
  assert.ok(fetches < 10, `20 hooks at once share their fetches: ${fetches}`);
});

const DOWN: Fault = { kind: 'status', status: 503 };

test('webhooks are told of a change once the remote has it, by the commit that it became there', async () => {
  const receiver = await startReceiver();
  const host = await startGitServer({
    files: {
      ...REMOTE_FILES,
      'flags/acme/web-app/project.yaml': `environments: [production]\nwebhooks: [{ url: '${receiver.url}' }]\n`,
    },
  });
  const webhooks = { isOn: true, allow: [receiver.host] };
  const server = await followHost(host, { webhooks, remote: { mode: 'async' } });
  await server.running.ready;
  const person = await host.clone();
  await person.commit({ 'flags/acme/web-app/flags/other.yaml': DARK_MODE_ON }, 'another flag');
  host.setFault(DOWN);
  const written = await server.write(DARK_MODE_PATH, { is_enabled: true });
  assert.is(written.status, 200, written.text);
  await until(async () => (await server.remote()).pending === 1);
  // Somebody else's push comes first, so ours is made again on top of it.
  await person.git('push', '--quiet', 'origin', 'main');
  host.setFault(undefined);
  await receiver.has(2);
  await until(async () => (await server.remote()).pending === 0);
  const history = (await host.bare.git('log', '--format=%H', '-2', 'main')).split('\n').reverse();
  await server.close();
  await host.close();
  await receiver.close();
  assert.equal(
    receiver.received.map(({ message }) => message.data.commit),
    history,
  );
});

test.run();
