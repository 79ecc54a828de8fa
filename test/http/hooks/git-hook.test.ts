import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gitHookRoutes } from '../../../src/http/hooks/git-hook.js';
import type { Answered } from '../../support/http.js';
import { type HookServer, serveHooks } from './hook-server.js';

const test = suite('POST /hooks/git');
const SECRET = 'a secret of the hooks';
const PUSH = JSON.stringify({ ref: 'refs/heads/main' });

let server: HookServer;

test.before(async () => {
  server = await serveHooks({ hookSecret: SECRET });
});
test.after(() => server.close());

function signature(body: string | Buffer, secret = SECRET): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function send(headers: Record<string, string>, body: string | Buffer = PUSH): Promise<Answered> {
  return server.ask('/hooks/git', { body, headers });
}

function sendGitHub(event: string, body: string | Buffer = PUSH): Promise<Answered> {
  return send({ 'X-GitHub-Event': event, 'X-Hub-Signature-256': `sha256=${signature(body)}` }, body);
}

/** What was fetched by a request. */
async function fetchesOf(asking: Promise<Answered>): Promise<readonly [number, unknown, number]> {
  const before = server.fetches();
  const { status, body } = await asking;
  return [status, body, server.fetches() - before];
}

const FETCHING = [202, { outcome: 'fetching' }, 1] as const;

test('a push that the git host signs makes the server fetch', async () => {
  const digits = signature(PUSH);
  assert.equal(await fetchesOf(sendGitHub('push')), FETCHING, 'GitHub');
  const gitea = send({ 'X-Gitea-Event': 'push', 'X-Gitea-Signature': digits });
  assert.equal(await fetchesOf(gitea), FETCHING, 'Gitea');
  const forgejo = send({ 'X-Forgejo-Event': 'push', 'X-Forgejo-Signature': digits });
  assert.equal(await fetchesOf(forgejo), FETCHING, 'Forgejo');
  const bitbucket = send({ 'X-Event-Key': 'repo:refs_changed', 'X-Hub-Signature': `sha256=${digits}` });
  assert.equal(await fetchesOf(bitbucket), FETCHING, 'Bitbucket');
  const gitlab = send({ 'X-Gitlab-Event': 'Push Hook', 'X-Gitlab-Token': SECRET });
  assert.equal(await fetchesOf(gitlab), FETCHING, 'GitLab');
});

test("a signing token of GitLab is one of Standard Webhooks: its own package's signature is good", async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const signing = await serveHooks({ hookSecret: secret });
  const now = new Date();
  const headers = {
    'X-Gitlab-Event': 'Push Hook',
    'webhook-id': 'm-1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': `v1a,other ${new Webhook(secret).sign('m-1', now, PUSH)}`,
  };
  const good = await signing.ask('/hooks/git', { body: PUSH, headers });
  const other = await signing.ask('/hooks/git', { body: PUSH, headers: { ...headers, 'webhook-id': 'm-2' } });
  await signing.close();
  assert.equal([good.status, other.status], [202, 401]);
});

test('a secret of Standard Webhooks without a key proves nothing', async () => {
  const empty = await serveHooks({ hookSecret: 'whsec_' });
  const signatureOf = createHmac('sha256', '').update(`m-1.1.${PUSH}`).digest('base64');
  const headers = {
    'webhook-id': 'm-1',
    'webhook-timestamp': '1',
    'webhook-signature': `v1,${signatureOf}`,
  };
  const { status } = await empty.ask('/hooks/git', { body: PUSH, headers });
  await empty.close();
  assert.is(status, 401);
});

test('a missing or wrong signature is 401, and fetches nothing', async () => {
  const wrong: readonly Record<string, string>[] = [
    {},
    { 'X-Hub-Signature-256': `sha256=${signature(PUSH, 'another')}` },
    { 'X-Hub-Signature-256': `sha256=${signature('{}')}` },
    { 'X-Hub-Signature-256': 'sha256=' },
    { 'X-Hub-Signature-256': signature(PUSH) },
    { 'X-Hub-Signature': `sha1=${createHmac('sha1', SECRET).update(PUSH).digest('hex')}` },
    { 'X-Gitea-Signature': signature(PUSH).slice(1) },
    { 'X-Gitlab-Token': `${SECRET}x` },
    { 'X-Gitlab-Token': '' },
    { 'webhook-id': 'm', 'webhook-timestamp': '1', 'webhook-signature': 'v1,' },
  ];
  for (const headers of wrong) {
    const [status, , fetches] = await fetchesOf(send({ 'X-GitHub-Event': 'push', ...headers }));
    assert.equal([status, fetches], [401, 0], JSON.stringify(headers));
  }
});

test('many bad signatures are 429, and good ones are taken all the same', async () => {
  const guessed = await serveHooks({ hookSecret: SECRET });
  const statuses = new Set<number>();
  for (let count = 0; count < 40; count += 1) {
    statuses.add((await guessed.ask('/hooks/git', { body: PUSH, headers: {} })).status);
  }
  const headers = { 'X-Gitlab-Event': 'Push Hook', 'X-Gitlab-Token': SECRET };
  const { status } = await guessed.ask('/hooks/git', { body: PUSH, headers });
  await guessed.close();
  assert.equal([[...statuses], status], [[401, 429], 202]);
});

test('from where many bad signatures came a long body is refused unread, and one of usual length is checked', async () => {
  const guessed = await serveHooks({ hookSecret: SECRET });
  for (let count = 0; count < 30; count += 1) await guessed.ask('/hooks/git', { body: PUSH, headers: {} });
  const long = Buffer.alloc(1024 * 1024 + 1, ' ');
  const ask = (body: string | Buffer): Promise<Answered> =>
    guessed.ask('/hooks/git', { body, headers: { 'X-Gitea-Signature': signature(body) } });
  const refused = await ask(long);
  const taken = await ask(PUSH);
  await guessed.close();
  assert.equal([refused.status, taken.status], [429, 202]);
});

test('a ping is 200', async () => {
  assert.equal(await fetchesOf(sendGitHub('ping', '{}')), [200, { outcome: 'pong' }, 0]);
});

test('other branches, tags and other events are 202 and fetch nothing', async () => {
  for (const ref of ['refs/heads/other', 'refs/tags/main', 'refs/heads/feature/main']) {
    const answered = await fetchesOf(sendGitHub('push', JSON.stringify({ ref })));
    assert.equal(answered, [202, { outcome: 'ignored', reason: 'the push is not about main' }, 0]);
  }
  const issue = await fetchesOf(sendGitHub('issues'));
  assert.equal(issue, [202, { outcome: 'ignored', reason: 'the event is no push' }, 0]);
});

test('a push to the refs of the servers themselves fetches: revoked tokens are there', async () => {
  const body = JSON.stringify({ ref: 'refs/flagstaff/revoked' });
  assert.equal(await fetchesOf(sendGitHub('push', body)), FETCHING);
});

test('a push of up to 25 MiB is checked as a whole and kept no longer than 1 MiB; more is 413', async () => {
  const long = Buffer.alloc(2 * 1024 * 1024, 'x');
  assert.equal(await fetchesOf(sendGitHub('push', long)), FETCHING);
  const other = JSON.stringify({ ref: 'refs/heads/other' });
  const [kept, one] = [other.padEnd(1024 * 1024), other.padEnd(1024 * 1024 + 1)];
  assert.is((await fetchesOf(sendGitHub('push', kept)))[2], 0, 'read, and about another branch');
  assert.equal(await fetchesOf(sendGitHub('push', one)), FETCHING, 'not read, so it may be about any');
  const headers = { 'X-GitHub-Event': 'push', 'X-Hub-Signature-256': `sha256=${signature(PUSH)}` };
  assert.is((await send(headers, long)).status, 401);
  const tooLong = Buffer.alloc(25 * 1024 * 1024 + 1);
  assert.is((await sendGitHub('push', tooLong)).status, 413);
  const chunked = { ...headers, 'Transfer-Encoding': 'chunked' };
  assert.is((await send(chunked, tooLong)).status, 413);
});

test('what cannot be read is said so', async () => {
  assert.is((await sendGitHub('push', '{')).status, 400);
  const packed = { 'X-Gitlab-Token': SECRET, 'Content-Encoding': 'gzip' };
  assert.is((await send(packed)).status, 415);
});

test('without a secret hooks are off, whatever is sent', async () => {
  const closed = await serveHooks({});
  const headers = { 'X-GitHub-Event': 'ping', 'X-Hub-Signature-256': `sha256=${signature(PUSH, '')}` };
  const { status, text } = await closed.ask('/hooks/git', { body: PUSH, headers });
  await closed.close();
  assert.is(status, 404);
  assert.match(text, 'FLAGSTAFF_HOOK_SECRET');
});

test('where no remote is followed a signed hook is 409, and no other learns that', async () => {
  const alone = await serveHooks({ hookSecret: SECRET, isFollowing: false });
  const headers = { 'X-GitHub-Event': 'push', 'X-Hub-Signature-256': `sha256=${signature(PUSH)}` };
  const signed = await alone.ask('/hooks/git', { body: PUSH, headers });
  const unsigned = await alone.ask('/hooks/git', { body: PUSH, headers: {} });
  await alone.close();
  assert.equal([signed.status, unsigned.status], [409, 401]);
  assert.match(signed.text, 'NO_REMOTE');
});

test('a remote that does not answer fails no hook: the next poll tries again', async () => {
  server.failNext();
  assert.is((await sendGitHub('push')).status, 202);
  assert.equal(await fetchesOf(sendGitHub('push')), FETCHING);
});

test('there is one operation', () => {
  assert.equal(
    gitHookRoutes({}).map(({ operation }) => operation),
    ['POST /hooks/git'],
  );
});

test.run();
