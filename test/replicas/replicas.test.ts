import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { proveReplicas } from '../../scripts/replicas.js';

test('writers on three replicas, a person, kill -9 and cut networks: each acknowledged change once in the remote, and all serve it (P1, P2, P3, P20)', async () => {
  const { record, faults, withHook, byPoll } = await proveReplicas({ seconds: 3, seed: 1 });
  assert.equal(faults, []);
  assert.ok(
    record.writes.some(({ outcome }) => outcome === 'acknowledged'),
    'writes were acknowledged',
  );
  assert.ok(record.people.length > 0, 'a person pushed');
  assert.ok(record.kills > 0 && record.cuts > 0, 'servers were killed and networks cut');
  assert.ok(withHook.length > 0 && byPoll.length > 0, 'pushes were seen to be served');
  assert.ok([...withHook, ...byPoll].every(Number.isFinite), 'each push was served everywhere');
});

test.run();
