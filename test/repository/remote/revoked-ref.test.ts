import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../../src/repository/git.js';
import { parseRemote } from '../../../src/repository/remote/address.js';
import { openTransport } from '../../../src/repository/remote/open-transport.js';
import { REVOKED_REF, RevokedRef } from '../../../src/repository/remote/revoked-ref.js';
import type { Transport } from '../../../src/repository/remote/transport.js';
import { openRevokedTokens, type RevokedTokens } from '../../../src/repository/revoked-tokens.js';
import { createRepository } from '../../support/git.js';
import { startGitServer, type TestGitServer } from '../../support/git-server.js';
import { until } from '../../support/until.js';

const test = suite('repository/remote/revoked-ref');
const NOW = Date.UTC(2026, 10, 21, 12);
const DAY_MS = 86_400_000;
const idOf = (digit: string) => digit.repeat(64);

interface Replica {
  readonly tokens: RevokedTokens;
  readonly shared: RevokedRef;
  readonly told: string[];
  /** What a follower does at each poll. */
  poll(): Promise<void>;
  close(): Promise<void>;
}

async function openReplica(
  server: TestGitServer,
  { way = 'git', now = () => NOW }: { way?: Transport['name']; now?: () => number } = {},
): Promise<Replica> {
  const repository = await openRepository((await createRepository()).dir);
  const transport = await openTransport({ repository, address: parseRemote(server.url), way });
  const told: string[] = [];
  const log = (line: string) => told.push(line);
  const tokens = openRevokedTokens({ repository, now, log });
  const shared = new RevokedRef({ repository, transport, tokens, now, log });
  const poll = async () => {
    shared.onFetched(await transport.fetch({ refs: shared.refs }, AbortSignal.timeout(10_000)));
    await shared.settled();
  };
  const close = async () => {
    await shared.close();
    tokens.close();
  };
  return { tokens, shared, told, poll, close };
}

for (const way of ['git', 'isomorphic-git'] as const) {
  test(`a logout on one replica holds on the others after their next fetch (${way})`, async () => {
    const server = await startGitServer({ files: { 'a.txt': 'a' } });
    const [one, other] = [await openReplica(server, { way }), await openReplica(server, { way })];
    await one.tokens.revoke({ id: idOf('a'), expiresAt: NOW });
    await one.shared.settled();
    assert.is(other.tokens.has(idOf('a')), false);
    await other.poll();
    assert.is(other.tokens.has(idOf('a')), true);
    assert.equal([...one.told, ...other.told], []);
    for (const replica of [one, other]) await replica.close();
    await server.close();
  });
}

test('replicas that revoke at once all keep what each of them said', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const replicas = await Promise.all([0, 1, 2].map(() => openReplica(server)));
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map(idOf);
  await Promise.all(
    ids.map((id, number) => replicas[number % 3]?.tokens.revoke({ id, expiresAt: NOW + number * DAY_MS })),
  );
  for (const { shared } of replicas) await shared.settled();
  for (const replica of replicas) {
    await replica.poll();
    assert.equal(
      ids.filter((id) => replica.tokens.has(id)),
      ids,
    );
    assert.equal(replica.told, []);
    await replica.close();
  }
  assert.is(await server.bare.git('rev-list', '--merges', '--count', REVOKED_REF), '0');
  await server.bare.git('fsck', '--full', '--strict');
  await server.close();
});

test('a day that is over goes from the ref with the next commit', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  let time = NOW;
  const replica = await openReplica(server, { now: () => time });
  await replica.tokens.revoke({ id: idOf('a'), expiresAt: NOW });
  await replica.shared.settled();
  time = NOW + DAY_MS;
  await replica.tokens.revoke({ id: idOf('b'), expiresAt: time });
  await replica.shared.settled();
  assert.is(await server.bare.git('ls-tree', '--name-only', REVOKED_REF), '2026-11-22');
  assert.is(await server.bare.git('show', `${REVOKED_REF}:2026-11-22`), idOf('b'));
  await replica.close();
  await server.close();
});

test('what could not be pushed is pushed after the next fetch, and said once', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const [one, other] = [await openReplica(server), await openReplica(server)];
  server.setFault({ kind: 'status', status: 500 });
  await one.tokens.revoke({ id: idOf('a'), expiresAt: NOW });
  await one.shared.settled();
  await one.tokens.revoke({ id: idOf('b'), expiresAt: NOW });
  await one.shared.settled();
  assert.is(one.told.length, 1);
  server.setFault(undefined);
  await one.poll();
  await other.poll();
  assert.ok(other.tokens.has(idOf('a')) && other.tokens.has(idOf('b')));
  for (const replica of [one, other]) await replica.close();
  await server.close();
});

test('what is revoked while another push runs is shared after the next fetch, though its own push failed', async () => {
  let pushes = 0;
  const server = await startGitServer({
    files: { 'a.txt': 'a' },
    onPushed: () => {
      pushes += 1;
      server.setFault({ kind: 'status', status: 500, only: 'push' });
    },
  });
  const replica = await openReplica(server);
  await replica.tokens.revoke({ id: idOf('a'), expiresAt: NOW });
  // Between what is pushed was made and its push ends.
  await until(() => server.requests.some(({ service }) => service === 'push'));
  await replica.tokens.revoke({ id: idOf('b'), expiresAt: NOW });
  await replica.shared.settled();
  assert.is(pushes, 1);
  assert.is(replica.told.length, 1);
  server.setFault(undefined);
  await replica.poll();
  assert.is(await server.bare.git('show', `${REVOKED_REF}:2026-11-21`), `${idOf('a')}\n${idOf('b')}`);
  await replica.close();
  await server.close();
});

test('a remote that does not take the ref costs a line, and the logout holds here', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  server.refusePushes('only branches');
  const replica = await openReplica(server);
  await replica.tokens.revoke({ id: idOf('a'), expiresAt: NOW });
  await replica.poll();
  await replica.poll();
  assert.equal(replica.told, [
    `revoked tokens are not shared with other replicas: the remote does not take ${REVOKED_REF} (pre-receive hook declined: only branches)`,
  ]);
  assert.is(replica.tokens.has(idOf('a')), true);
  await replica.close();
  await server.close();
});

test('a ref that somebody deleted there is made again from what is known here', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const replica = await openReplica(server);
  await replica.tokens.revoke({ id: idOf('a'), expiresAt: NOW });
  await replica.shared.settled();
  await server.bare.git('update-ref', '-d', REVOKED_REF);
  await replica.poll();
  assert.is(await server.bare.git('show', `${REVOKED_REF}:2026-11-21`), idOf('a'));
  await replica.close();
  await server.close();
});

test('what is no day and no id in the ref is passed over', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const person = await server.clone();
  await person.git('checkout', '--quiet', '--orphan', 'ids');
  await person.git('rm', '-rfq', '.');
  await person.commit({
    'README.md': 'hello\n',
    '2026-11-21': `nonsense\n${idOf('a')}\n`,
    '2026-11-22/nested': `${idOf('b')}\n`,
  });
  await person.git('push', '--quiet', 'origin', `HEAD:${REVOKED_REF}`);
  const replica = await openReplica(server);
  await replica.poll();
  assert.equal([...replica.tokens.all()], [['2026-11-21', new Set([idOf('a')])]]);
  assert.equal(replica.told, []);
  await replica.close();
  await server.close();
});

test.run();
