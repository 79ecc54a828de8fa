import type { IncomingMessage, ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from './security-headers.js';

/** Lets pages read answers, or answers their preflight; true where that was all there was to answer. */
export type Cors = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What a page may ask. Credentials of the browser are never asked for: a page shows its own. */
const ALLOWED = {
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, If-Match, If-None-Match, X-API-Key, X-Request-Id, traceparent, tracestate, Last-Event-ID, Flagstaff-At, Flagstaff-Min-Revision',
  'Access-Control-Max-Age': '600',
};
/** What a page may read besides the body. */
const EXPOSED =
  'ETag, Location, Allow, Retry-After, X-Request-Id, Flagstaff-Revision, Flagstaff-Commit, Flagstaff-Changed, Flagstaff-Pending, Flagstaff-Warnings, Flagstaff-Skipped';

/** Cross-origin requests for pages of these origins, compared letter by letter. With none, no answer says anything of it. */
export function createCors(origins: ReadonlySet<string>): Cors {
  if (origins.size === 0) return () => false;
  return (request, response) => {
    // Caches must not give one origin what another got.
    response.setHeader('Vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !origins.has(origin)) return false;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    if (!isPreflight(request)) return false;
    response.writeHead(204, { ...SECURITY_HEADERS, ...ALLOWED });
    response.end();
    return true;
  };
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}
