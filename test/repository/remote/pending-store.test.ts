import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withCommit } from '../../../src/repository/remote/pending-file.js';
import { openPendingStore, type PendingStore } from '../../../src/repository/remote/pending-store.js';
import { temporaryFolder } from '../../support/git.js';
import { NOW, remove, writeOf } from '../writable.js';

const MAIN = { url: 'https://git.example.com/acme/flags.git', ref: 'refs/heads/main' };
const STAGING = { ...MAIN, ref: 'refs/heads/staging' };

test('what is pending for one branch is held while another is followed, and comes back with the first', async () => {
  const stateDir = temporaryFolder();
  const id = await pend(openStore(stateDir));
  const staging = openStore(stateDir, STAGING);
  assert.equal([staging.count, staging.records], [0, []]);
  const [held] = staging.lost;
  assert.equal([held?.id, held?.code], [id, 'REMOTE_CHANGED']);
  assert.match(held?.message ?? '', 'main of https://git.example.com/acme/flags.git, which is not followed');
  const main = openStore(stateDir);
  assert.equal([main.count, main.lost], [1, []]);
  assert.is(await staging.forget(id), true, 'somebody may give it up');
  assert.is(openStore(stateDir).count, 0);
});

test('who only opens it changes nothing of who writes there; who takes over sweeps up', async () => {
  const stateDir = temporaryFolder();
  const id = await pend(openStore(stateDir));
  const folder = join(stateDir, 'pending');
  writeFileSync(join(folder, 'half.new'), '{"id":"ha');
  writeFileSync(join(folder, `${id}.json.tmp`), '{"id":"ha');
  const store = openStore(stateDir);
  assert.equal(readdirSync(folder).sort(), [`${id}.json`, `${id}.json.tmp`, 'half.new', 'lost'].sort());
  store.reload();
  assert.equal(readdirSync(folder).sort(), [`${id}.json`, 'lost'].sort());
  assert.is(store.count, 1);
});

test('what others have written meanwhile counts once it is read again', async () => {
  const stateDir = temporaryFolder();
  const early = openStore(stateDir);
  const store = openStore(stateDir);
  const id = await pend(store);
  assert.is(early.count, 0);
  early.reload();
  assert.equal(
    early.pending.map((change) => change.id),
    [id],
  );
  await early.drop([id]);
  assert.is(openStore(stateDir).count, 0);
});

test('a change that cannot be made again is lost once it is pending no more', async () => {
  const stateDir = temporaryFolder();
  const store = openStore(stateDir);
  const id = await pend(store);
  const [change] = store.pending;
  if (change === undefined) throw new Error('one is pending');
  await store.lose([{ ...change, number: 1, lostAt: NOW, code: 'FLAG_NOT_FOUND', message: 'no flag' }]);
  assert.equal([store.count, store.lost], [1, []]);
  await store.drop([id]);
  assert.equal([store.count, store.lost.length], [0, 1]);
  assert.is(openStore(stateDir).lost[0]?.code, 'FLAG_NOT_FOUND');
});

test('of the commits that a change has been, those that the branch has are kept, however many come after', async () => {
  const store = openStore(temporaryFolder());
  await pend(store);
  let [record] = store.records;
  for (let number = 0; record !== undefined && number < 50; number += 1) {
    record = withCommit(record, `again-${number}`, (commit) => commit === 'first');
  }
  assert.is(record?.commits[0], 'first');
  assert.is(record?.commits.at(-1), 'again-49');
  assert.is(record?.commits.length, 20);
});

test.run();

function openStore(stateDir: string, remote = MAIN): PendingStore {
  return openPendingStore({ repository: { stateDir }, remote, now: () => NOW });
}

async function pend(store: PendingStore): Promise<string> {
  const request = writeOf(remove('dark-mode'));
  const write = { commit: 'first', subject: 'acme/web-app: delete dark-mode', request };
  const [id = ''] = await store.prepare([{ ...write, seconds: NOW / 1_000, tip: undefined }]);
  store.confirm([id]);
  return id;
}
