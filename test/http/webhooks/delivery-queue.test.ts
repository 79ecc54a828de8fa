import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DeliveryQueue, SCHEDULE } from '../../../src/http/webhooks/delivery-queue.js';
import { type Delivery, DeliveryStore } from '../../../src/http/webhooks/delivery-store.js';
import type { Sent } from '../../../src/http/webhooks/send.js';
import type { OrgKey, ProjectKey } from '../../../src/model/keys.js';
import { temporaryFolder } from '../../support/git.js';
import { until } from '../../support/until.js';

const test = suite('messages that wait');
const HOUR = 3_600_000;
const TAKEN: Sent = { kind: 'delivered', status: 204 };

type Message = Omit<Delivery, 'attempts' | 'dueAt'>;

function message(id: string, url = 'https://hooks.example.com/'): Message {
  return { id, url, org: 'acme' as OrgKey, project: 'web-app' as ProjectKey, commit: 'c0ffee', body: '{}' };
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
  await queue.add([message('m1')]);
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
  await queue.add([message('a1'), message('a2'), message('b1', b), message('b2', b)]);
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
  await first.queue.add([message('m1'), message('m2')]);
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
  await queue.add([message('m1')]);
  await queue.add([message('m1'), message('m2')]);
  assert.is(queue.counts.queued, 2);
  await queue.close();
});

test('of more than 1,000 messages the oldest give way, and the log says so', async () => {
  const stateDir = temporaryFolder();
  const { queue, log } = openQueue(stateDir, async () => TAKEN);
  await queue.add(Array.from({ length: 1_002 }, (_, index) => message(`m${index}`)));
  assert.equal(queue.counts, { queued: 1_000, delivered: 0, failed: 0, dead: 2 });
  assert.is(filesIn(stateDir).length, 1_000);
  assert.not.ok(filesIn(stateDir).includes('m0.json'));
  assert.match(log[0] ?? '', 'because more than 1000 messages wait');
  await queue.close();
});

test('whatever sending throws, the message is tried again', async () => {
  const { queue, log } = openQueue(temporaryFolder(), async () => {
    throw new Error('the secret cannot be read');
  });
  await queue.add([message('m1')]);
  queue.go();
  await until(() => queue.counts.failed === 1);
  assert.is(queue.counts.queued, 1);
  assert.match(log[0] ?? '', 'the secret cannot be read');
  await queue.close();
});

test.run();
