import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DeliveryQueue, SCHEDULE } from '../../../src/http/webhooks/delivery-queue.js';
import { DeliveryStore, type NewDelivery } from '../../../src/http/webhooks/delivery-store.js';
import type { Sent } from '../../../src/http/webhooks/send.js';
import type { OrgKey, ProjectKey } from '../../../src/model/keys.js';
import { temporaryFolder } from '../../support/git.js';
import { until } from '../../support/until.js';

const test = suite('messages that wait');
const HOUR = 3_600_000;
const TAKEN: Sent = { kind: 'delivered', status: 204 };

function message(id: string, url = 'https://hooks.example.com/', org = 'acme'): NewDelivery {
  return { id, url, org: org as OrgKey, project: 'web-app' as ProjectKey, commit: 'c0ffee', body: '{}' };
}

const noted = async (): Promise<void> => undefined;

/** So many messages of an organization, each to an address of its own. */
function flood(count: number, org: string): readonly NewDelivery[] {
  return Array.from({ length: count }, (_, index) =>
    message(`${org}${index}`, `https://hooks.example.com/${index}`, org),
  );
}

/** A queue whose clock stands where `at` says. */
function openQueue(stateDir: string, send: (id: string) => Promise<Sent>) {
  const log: string[] = [];
  const clock = { at: 0 };
  const queue = new DeliveryQueue({
    store: new DeliveryStore({ stateDir }),
    send: ({ id }) => send(id),
    isWanted: () => true,
    onGone: () => undefined,
    schedule: SCHEDULE,
    log: (line) => log.push(line),
    now: () => clock.at,
  });
  return { queue, log, clock };
}

function filesIn(stateDir: string): readonly string[] {
  const folder = join(stateDir, 'webhooks', 'queue');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

test('the schedule is that of Standard Webhooks: at once, then 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours', () => {
  const hours = [2, 5, 10, 14, 20, 24].map((count) => count * HOUR);
  assert.equal(SCHEDULE, [0, 5_000, 300_000, 1_800_000, ...hours]);
});

test('each attempt waits as long as the schedule says, give or take a tenth', async () => {
  const stateDir = temporaryFolder();
  const { queue, clock } = openQueue(stateDir, async () => ({ kind: 'failed', reason: 'no' }));
  await queue.add([message('m1')], noted);
  for (const [count, delay] of SCHEDULE.entries()) {
    clock.at += 0.89 * delay;
    queue.go();
    assert.is(queue.counts.failed, count, 'not too early');
    clock.at += 0.22 * delay;
    queue.go();
    await until(() => queue.counts.failed === count + 1);
  }
  await until(() => queue.counts.queued === 0);
  assert.equal(queue.counts, { queued: 0, delivered: 0, failed: 10, dead: 1 });
  assert.equal(filesIn(stateDir), []);
  await queue.close();
});

test('one message at a time goes to an address, and one that hangs delays no other address', async () => {
  const begun: string[] = [];
  let free: (sent: Sent) => void = () => undefined;
  const { queue } = openQueue(temporaryFolder(), (id) => {
    begun.push(id);
    if (id !== 'a1') return Promise.resolve(TAKEN);
    return new Promise((resolve) => {
      free = resolve;
    });
  });
  const b = 'https://other.example.com/';
  await queue.add([message('a1'), message('a2'), message('b1', b), message('b2', b)], noted);
  queue.go();
  await until(() => queue.counts.delivered === 2);
  assert.equal(begun, ['a1', 'b1', 'b2']);
  free(TAKEN);
  await until(() => queue.counts.delivered === 4);
  assert.equal(begun, ['a1', 'b1', 'b2', 'a2']);
  await queue.close();
});

test('what waits survives the process, and what a crash left half written is gone', async () => {
  const stateDir = temporaryFolder();
  const first = openQueue(stateDir, async () => TAKEN);
  await first.queue.add([message('m1'), message('m2')], noted);
  await first.queue.close();
  writeFileSync(join(stateDir, 'webhooks', 'queue', 'm2.json'), '{"id":"m2","ur');
  writeFileSync(join(stateDir, 'webhooks', 'queue', 'm3.json.1.tmp'), '');
  const sent: string[] = [];
  const second = openQueue(stateDir, async (id) => {
    sent.push(id);
    return TAKEN;
  });
  second.queue.go();
  await until(() => second.queue.counts.delivered === 1);
  await second.queue.close();
  assert.equal([sent, filesIn(stateDir)], [['m1'], []]);
});

test('a message that waits already is not taken twice', async () => {
  const stateDir = temporaryFolder();
  const { queue } = openQueue(stateDir, async () => TAKEN);
  await queue.add([message('m1')], noted);
  await queue.add([message('m1'), message('m2')], noted);
  assert.is(queue.counts.queued, 2);
  await queue.close();
});

test('of more than 1,000 messages the oldest of the organization that has most give way, and the log says so', async () => {
  const stateDir = temporaryFolder();
  const { queue, log } = openQueue(stateDir, async () => TAKEN);
  await queue.add([message('other', undefined, 'globex')], noted);
  await queue.add(flood(1_001, 'acme'), noted);
  assert.equal(queue.counts, { queued: 1_000, delivered: 0, failed: 0, dead: 2 });
  const files = filesIn(stateDir);
  assert.is(files.length, 1_000);
  assert.equal(
    ['other.json', 'acme0.json', 'acme1.json', 'acme2.json'].map((name) => files.includes(name)),
    [true, false, false, true],
  );
  assert.match(log[0] ?? '', 'because more than 1000 messages wait');
  await queue.close();
});

test('what is under way does not give way, so that nothing that was given up comes back', async () => {
  const stateDir = temporaryFolder();
  let free: (sent: Sent) => void = () => undefined;
  const { queue } = openQueue(stateDir, (id) => {
    if (id !== 'first') return Promise.resolve(TAKEN);
    return new Promise((resolve) => {
      free = resolve;
    });
  });
  await queue.add([message('first')], noted);
  queue.go();
  await queue.add(flood(1_000, 'acme'), noted);
  free({ kind: 'failed', reason: 'no' });
  await until(() => queue.counts.delivered === 999);
  assert.equal(queue.counts, { queued: 1, delivered: 999, failed: 1, dead: 1 });
  assert.equal(filesIn(stateDir), ['first.json']);
  await queue.close();
});

test('receivers of one organization that hang delay those of no other', async () => {
  const begun: string[] = [];
  const { queue } = openQueue(temporaryFolder(), (id) => {
    begun.push(id);
    return id.startsWith('acme') ? new Promise(() => undefined) : Promise.resolve(TAKEN);
  });
  await queue.add([...flood(80, 'acme'), ...flood(2, 'globex')], noted);
  queue.go();
  await until(() => queue.counts.delivered === 2);
  assert.equal(begun, ['acme0', 'globex0', 'acme1', 'globex1', 'acme2', 'acme3']);
});

test('organizations come in turn, and of each first what is due longest', async () => {
  const begun: string[] = [];
  const { queue, clock } = openQueue(temporaryFolder(), async (id) => {
    begun.push(id);
    return TAKEN;
  });
  clock.at = 2;
  await queue.add([message('late')], noted);
  clock.at = 1;
  await queue.add([message('early'), message('other', undefined, 'globex')], noted);
  clock.at = 3;
  queue.go();
  await until(() => queue.counts.delivered === 3);
  assert.equal(begun, ['early', 'other', 'late']);
  await queue.close();
});

test('after a restart messages go in the order in which they came', async () => {
  const stateDir = temporaryFolder();
  const first = openQueue(stateDir, async () => TAKEN);
  await first.queue.add(
    ['z1', 'a2', 'm3'].map((id) => message(id)),
    noted,
  );
  await first.queue.close();
  const sent: string[] = [];
  const second = openQueue(stateDir, async (id) => {
    sent.push(id);
    return TAKEN;
  });
  await second.queue.add([message('0')], noted);
  second.queue.go();
  await until(() => second.queue.counts.delivered === 4);
  await second.queue.close();
  assert.equal(sent, ['z1', 'a2', 'm3', '0']);
});

test('nothing is sent before it is noted, whatever else makes the queue go', async () => {
  const stateDir = temporaryFolder();
  const { queue } = openQueue(stateDir, async () => TAKEN);
  const seen: unknown[] = [];
  await queue.add([message('m1')], async () => {
    queue.go();
    seen.push(queue.counts.queued, filesIn(stateDir));
  });
  queue.go();
  await until(() => queue.counts.delivered === 1);
  await queue.close();
  assert.equal(seen, [0, ['m1.json']]);
});

test('an address that nothing is sent to is given up at once', async () => {
  const reason = 'the address is not a public one';
  const { queue, log } = openQueue(temporaryFolder(), async () => ({ kind: 'forbidden', reason }));
  await queue.add([message('m1')], noted);
  queue.go();
  await until(() => queue.counts.dead === 1);
  await queue.close();
  assert.equal(queue.counts, { queued: 0, delivered: 0, failed: 1, dead: 1 });
  assert.match(log[0] ?? '', `not told any more, because ${reason}`);
});

test('of destinations that are no more the last attempt is forgotten', async () => {
  const { queue } = openQueue(temporaryFolder(), async () => TAKEN);
  const [one, other] = [message('m1', 'https://a.example.com/'), message('m2', 'https://b.example.com/')];
  await queue.add([one, other], noted);
  queue.go();
  await until(() => queue.counts.delivered === 2);
  queue.rememberOnly([other]);
  await queue.close();
  assert.equal([queue.lastAttempt(one), queue.lastAttempt(other)?.outcome], [undefined, 'answered 204']);
});

test('whatever sending throws, the message is tried again', async () => {
  const { queue, log } = openQueue(temporaryFolder(), async () => {
    throw new Error('the secret cannot be read');
  });
  await queue.add([message('m1')], noted);
  queue.go();
  await until(() => queue.counts.failed === 1);
  assert.is(queue.counts.queued, 1);
  assert.match(log[0] ?? '', 'the secret cannot be read');
  await queue.close();
});

test.run();
