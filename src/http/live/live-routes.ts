import type { IncomingMessage } from 'node:http';
import { badCredential } from '../auth.js';
import { readOne } from '../feature-flag-list.js';
import { networkOf } from '../identity/failed-credentials.js';
import type { Asked, Reply, Route } from '../route.js';
import type { Audience } from './audience.js';
import type { Dialect } from './frames.js';
import type { LiveStreams } from './live-streams.js';
import { STREAM_HEADERS } from './stream.js';
import type { Tickets } from './ticket.js';

/** What the routes work on. */
export interface LiveRouteOptions {
  readonly live: LiveStreams;
  readonly tickets: Tickets;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Clients whose streams end together must not come back together. */
const RETRY_LEAST_MS = 1_000;
const RETRY_SPREAD_MS = 4_000;

/** Streams of server-sent events. */
export function liveRoutes(options: LiveRouteOptions): readonly Route[] {
  return [
    {
      operation: 'GET /api/v1/flags/events',
      query: [],
      handle: (asked) => {
        const audience: Audience = { caller: asked.caller, scope: undefined };
        return replyWithStream(options, { asked, audience, dialect: 'flags' });
      },
    },
    {
      operation: 'GET /api/v1/flags/stream',
      query: ['ticket'],
      handle: (asked) => {
        const audience = audienceOf(options.tickets, asked);
        return replyWithStream(options, { asked, audience, dialect: 'ofrep' });
      },
    },
  ];
}

/** A ticket of the anonymous says what its bearer listens to, and not who that is. */
function audienceOf(tickets: Tickets, { query, caller }: Asked): Audience {
  const ticket = tickets.read(readOne(query, 'ticket') ?? '');
  if (ticket === undefined) throw badCredential();
  return { caller: ticket.holder ?? caller, scope: ticket.scope };
}

function replyWithStream(
  { live, random }: LiveRouteOptions,
  {
    asked: { request },
    audience,
    dialect,
  }: { readonly asked: Asked; readonly audience: Audience; readonly dialect: Dialect },
): Reply {
  const address = networkOf(request.socket.remoteAddress ?? '');
  live.demand({ audience, address });
  const retryMs = RETRY_LEAST_MS + Math.floor(random() * RETRY_SPREAD_MS);
  const start = { dialect, lastEventId: lastEventIdOf(request), retryMs };
  return {
    status: 200,
    headers: STREAM_HEADERS,
    stream: (response) => live.open(response, { ...start, audience, address }),
  };
}

function lastEventIdOf({ headers }: IncomingMessage): string | undefined {
  return headers['last-event-id']?.toString();
}
