import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DeliveryQueue, SCHEDULE } from '../../../src/http/webhooks/delivery-queue.js';
import { DeliveryStore } from '../../../src/http/webhooks/delivery-store.js';
import { Teller } from '../../../src/http/webhooks/teller.js';
import { WebhookNote } from '../../../src/http/webhooks/webhook-note.js';
import { openCache } from '../../../src/repository/cache.js';
import { openRepository } from '../../../src/repository/git.js';
import { createRepository } from '../../support/git.js';
import { until } from '../../support/until.js';
import { FLAG, filesFor, OFF, ON } from './webhook-server.js';

const test = suite('telling webhooks');

test('who ends while commits are told tells no more of them: the next start does', async () => {
  const clone = await createRepository(filesFor(["url: 'https://hooks.example.com/'"]));
  const repository = await openRepository(clone.dir);
  const first = new WebhookNote(repository);
  await first.change({ told: [await clone.head()] });
  const commits = [
    await clone.commit({ [FLAG]: ON }),
    await clone.commit({ [FLAG]: OFF }),
    await clone.commit({ [FLAG]: ON }),
  ];
  const cache = await openCache({ repository });
  await cache.ready;
  const folder = join(repository.stateDir, 'webhooks', 'queue');
  const kept = () => (existsSync(folder) ? readdirSync(folder).length : 0);
  const open = (onMessage: (teller: Teller) => void) => {
    const queue = new DeliveryQueue({
      store: new DeliveryStore(repository),
      send: async () => ({ kind: 'failed', reason: 'no' }),
      isWanted: () => true,
      onGone: () => undefined,
      schedule: SCHEDULE,
      log: () => undefined,
      now: () => {
        onMessage(teller);
        return 0;
      },
    });
    const note = new WebhookNote(repository);
    const teller = new Teller({ cache, remote: undefined, note, queue, log: () => undefined });
    return { queue, note, teller };
  };
  let closing: Promise<void> | undefined;
  const ended = open((teller) => {
    closing ??= teller.close();
  });
  await until(() => closing !== undefined);
  await closing;
  await ended.queue.close();
  assert.equal([kept(), ended.note.now.told?.[0]], [1, commits[0]]);
  const next = open(() => undefined);
  await until(() => next.note.now.told?.[0] === commits[2]);
  await next.teller.close();
  await next.queue.close();
  assert.is(kept(), 3);
  await cache.close();
});

test.run();
