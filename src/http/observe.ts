import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { loggedPath } from './logs/logged-path.js';
import type { Logs, ToldRequest } from './logs/logs.js';
import type { Metrics } from './metrics/metrics.js';
import { type Observed, observedOf, whoIs } from './observed.js';
import { parseTraceParent } from './tracing/traceparent.js';
import type { Tracing } from './tracing/tracing.js';

/** Who is told of requests. */
export interface RequestListeners {
  readonly metrics: Pick<Metrics, 'requests'>;
  /** Undefined where requests are not logged. */
  readonly logs: Pick<Logs, 'request'> | undefined;
  /** Undefined where the process has none. */
  readonly tracing: Tracing | undefined;
}

/** What is neither OFREP nor a row of the table of permissions: a path or a method that is not there. */
const NO_OPERATION = 'none';

/** Measures each request, and tells the log and the traces of it, once it is answered or its caller has gone. */
export function observing(
  answer: RequestListener,
  { tracing, ...listeners }: RequestListeners,
): RequestListener {
  const measured: RequestListener = (request, response) => {
    // The clock starts here, and not when somebody first asks what is known.
    observedOf(request);
    response.on('close', () => tellEnd(request, response, listeners));
    answer(request, response);
  };
  if (tracing === undefined) return measured;
  return (request, response) => tracing.around(request, response, () => measured(request, response));
}

function tellEnd(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics, logs }: Omit<RequestListeners, 'tracing'>,
): void {
  const known = observedOf(request);
  const ms = performance.now() - known.startedAt;
  const status = response.headersSent ? response.statusCode : undefined;
  if (status !== undefined && !known.isStream) {
    metrics.requests.add(known.operation ?? NO_OPERATION, { status, seconds: ms / 1_000 });
  }
  logs?.request(toldRequest(request, known, { status, ms }));
}

function toldRequest(
  { method = '', url = '', headers }: IncomingMessage,
  { id, operation, caller, span }: Observed,
  { status, ms }: { readonly status: number | undefined; readonly ms: number },
): ToldRequest {
  return {
    requestId: id,
    method,
    path: loggedPath(url),
    operation,
    status,
    ms: Math.round(ms * 100) / 100,
    who: whoIs(caller),
    traceId: span?.spanContext().traceId ?? parseTraceParent(headers.traceparent)?.traceId,
  };
}
