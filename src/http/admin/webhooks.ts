import { timeOf } from '../../repository/commit-time.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf, projectOf } from '../scope.js';
import { type Subscriber, subscribersIn } from '../webhooks/subscriber.js';
import type { WebhookState, Webhooks } from '../webhooks/webhooks.js';

/** The webhooks of a project, with what their receivers check signatures with: for its admins alone. */
export function webhookRoutes({ webhooks }: { readonly webhooks: Webhooks }): readonly Route[] {
  return [
    {
      operation: 'GET /api/admin/projects/:projectId/webhooks',
      query: [],
      handle: (asked) => listWebhooks(webhooks, asked),
    },
  ];
}

/** Secrets are in the answer, which nothing between here and the caller may keep. */
const UNSTORED = { 'Cache-Control': 'no-store' };

async function listWebhooks(webhooks: Webhooks, asked: Asked): Promise<Reply> {
  const served = orgOf(asked);
  const subscribers = subscribersIn(served, projectOf(asked).key);
  const body = await Promise.all(
    subscribers.map(async (one) => shownWebhook(one, await webhooks.stateOf(one.destination))),
  );
  return { status: 200, headers: { ...UNSTORED, 'Flagstaff-Revision': served.revision }, body };
}

/** Null is all events, all environments, and what has not happened. */
function shownWebhook({ webhook }: Subscriber, state: WebhookState): object {
  const { secret, isOn, disabledAt, queued, lastAttempt } = state;
  return {
    url: webhook.url,
    description: webhook.description ?? '',
    events: webhook.events ?? null,
    environments: webhook.environments ?? null,
    secret,
    isOn: isOn && disabledAt === undefined,
    disabledAt: disabledAt === undefined ? null : momentOf(disabledAt),
    queued,
    lastAttempt:
      lastAttempt === undefined ? null : { at: momentOf(lastAttempt.at), outcome: lastAttempt.outcome },
  };
}

function momentOf(milliseconds: number): string {
  return timeOf(Math.floor(milliseconds / 1_000));
}
