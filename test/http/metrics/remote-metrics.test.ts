import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startGitServer } from '../../support/git-server.js';
import { DARK_MODE_PATH, type FollowingServer, followHost, REMOTE_FILES } from '../../support/remote.js';
import { until } from '../../support/until.js';

/** By name, what is told of the remote now. */
async function remoteValues(server: FollowingServer): Promise<ReadonlyMap<string, number>> {
  const { text } = await server.ask('/metrics');
  const lines = text.matchAll(/^flagstaff_((?:remote|pending|lost)_\w+) (\S+)$/gm);
  return new Map([...lines].map(([, name = '', value]) => [name, Number(value)]));
}

test('how things stand with the remote is told: while it answers, and while it does not', async () => {
  const host = await startGitServer({ files: REMOTE_FILES });
  const server = await followHost(host, { remote: { mode: 'async' } });
  await server.running.ready;
  await server.follows();
  const well = await remoteValues(server);
  const [fetches = 0, fetchedAt = 0] = ['remote_fetches_total', 'remote_last_fetch_timestamp_seconds'].map(
    (name) => well.get(name),
  );
  assert.ok(fetches >= 1);
  assert.ok(Math.abs(fetchedAt - Date.now() / 1_000) < 60);
  for (const name of ['remote_failures_in_a_row', 'remote_stale', 'pending_changes', 'lost_changes']) {
    assert.is(well.get(name), 0, name);
  }
  host.setFault({ kind: 'status', status: 500 });
  assert.is((await server.write(DARK_MODE_PATH, { description: 'Dark colours' })).status, 200);
  assert.is((await remoteValues(server)).get('pending_changes'), 1);
  await until(async () => (await remoteValues(server)).get('remote_stale') === 1);
  const ill = await remoteValues(server);
  const [inARow = 0, failures = 0] = ['remote_failures_in_a_row', 'remote_fetch_failures_total'].map((name) =>
    ill.get(name),
  );
  assert.ok(inARow >= 1 && failures >= inARow);
  host.setFault(undefined);
  await until(async () => (await remoteValues(server)).get('pending_changes') === 0);
  await server.close();
  await host.close();
});

test.run();
