import type { IncomingMessage } from 'node:http';
import { isForwarded } from '../loopback.js';
import type { Audience } from './audience.js';
import type { Tickets } from './ticket.js';

/** The `eventStreams` of a bulk answer, as JSON: where its caller hears that flags changed. */
export type EventStreams = (request: IncomingMessage, audience: Audience) => string;

const PATH = '/api/v1/flags/stream?ticket=';
/** Seconds that a page may be hidden before its client closes the stream. */
const INACTIVITY_DELAY_SEC = 120;
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Names streams by whole URLs. Where a proxy stands between, only the client knows under which address it came here, and
 * it is given the path alone. The entity tag does not count this in: it is of the flags.
 */
export function createEventStreams(tickets: Tickets): EventStreams {
  return (request, audience) => {
    const target = PATH + tickets.issue(audience);
    const { host = '' } = request.headers;
    const isKnown = HOST.test(host) && !isForwarded(request.headers);
    const place = isKnown ? `"url":"http://${host}${target}"` : `"endpoint":{"requestUri":"${target}"}`;
    return `[{"type":"sse",${place},"inactivityDelaySec":${INACTIVITY_DELAY_SEC}}]`;
  };
}
