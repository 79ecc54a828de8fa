import { Counter, Gauge, type Registry } from 'prom-client';
import type { DeliveryCounts } from '../webhooks/delivery-queue.js';
import type { Webhooks } from '../webhooks/webhooks.js';

/** How the messages of webhooks fare. */
export function registerWebhooks(webhooks: Pick<Webhooks, 'counts'>, registry: Registry): void {
  const registers = [registry];
  const counter = (name: string, help: string, read: (counts: DeliveryCounts) => number): void => {
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(read(webhooks.counts));
      },
    });
  };
  new Gauge({
    ...{ name: 'flagstaff_webhook_queue', help: 'Messages whose receivers do not have them yet.', registers },
    collect() {
      this.set(webhooks.counts.queued);
    },
  });
  counter('flagstaff_webhook_deliveries_total', 'Messages that were taken.', ({ delivered }) => delivered);
  counter('flagstaff_webhook_failures_total', 'Attempts that went wrong.', ({ failed }) => failed);
  counter('flagstaff_webhook_given_up_total', 'Messages that were given up.', ({ dead }) => dead);
}
