import type { Registry } from 'prom-client';
import type { DeliveryCounts } from '../webhooks/delivery-queue.js';
import type { Webhooks } from '../webhooks/webhooks.js';
import { watchCounter, watchGauge } from './watched.js';

/** How the messages of webhooks fare. */
export function registerWebhooks(webhooks: Pick<Webhooks, 'counts'>, registry: Registry): void {
  const queue = 'flagstaff_webhook_queue';
  const help = 'Messages whose receivers do not have them yet.';
  watchGauge({ name: queue, help, read: () => webhooks.counts.queued }, registry);
  const counter = (name: string, help: string, read: (counts: DeliveryCounts) => number): void =>
    watchCounter({ name, help, read: () => read(webhooks.counts) }, registry);
  counter('flagstaff_webhook_deliveries_total', 'Messages that were taken.', ({ delivered }) => delivered);
  counter('flagstaff_webhook_failures_total', 'Attempts that went wrong.', ({ failed }) => failed);
  counter('flagstaff_webhook_given_up_total', 'Messages that were given up.', ({ dead }) => dead);
}
