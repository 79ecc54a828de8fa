import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Context,
  context,
  createTraceState,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { loggedPath } from '../logs/logged-path.js';
import { type Observed, observedOf } from '../observed.js';
import { placeOf } from '../permissions.js';
import { parseTraceParent } from './traceparent.js';

/** Makes spans of requests. */
export interface Tracing {
  /** Does the work within a span, which ends with the answer. */
  around(request: IncomingMessage, response: ServerResponse, work: () => void): void;
}

/**
 * Tracing by whatever OpenTelemetry SDK the process has; undefined where it has none. That is asked once, so that a server
 * without an SDK pays nothing: the SDK is to be there before the server starts.
 */
export function openTracing(version: string): Tracing | undefined {
  const tracer = installedTracer(version);
  if (tracer === undefined) return undefined;
  return {
    around: (request, response, work) => {
      const { span, inside } = startSpan(tracer, request);
      const observed = observedOf(request);
      observed.span = span;
      response.once('close', () => endSpan(span, observed, response));
      context.with(inside, work);
    },
  };
}

/** The package's own provider stands for one that may come; its tracers are there once it has. */
function installedTracer(version: string): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('flagstaff', version);
  return provider.getTracer('flagstaff', version);
}

/** Below a span that the process has already, such as that of an instrumentation of node:http, else below the caller's. */
function startSpan(
  tracer: Tracer,
  request: IncomingMessage,
): { readonly span: Span; readonly inside: Context } {
  const { method = '' } = request;
  const active = context.active();
  const isInner = trace.getSpan(active) !== undefined;
  const above = isInner ? active : callerContext(request);
  const attributes = {
    'http.request.method': method,
    'url.path': loggedPath(request.url ?? ''),
    'url.scheme': 'http',
  };
  const kind = isInner ? SpanKind.INTERNAL : SpanKind.SERVER;
  const span = tracer.startSpan(method, { kind, attributes }, above);
  return { span, inside: trace.setSpan(above, span) };
}

function callerContext({ headers }: IncomingMessage): Context {
  const parent = parseTraceParent(headers.traceparent);
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, flags: traceFlags } = parent;
  const { tracestate } = headers;
  const state = typeof tracestate === 'string' ? { traceState: createTraceState(tracestate) } : {};
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true, ...state });
}

/** Named by method and route, as the semantic conventions of HTTP have it. Only an error of the server is one of the span. */
function endSpan(span: Span, { operation }: Observed, response: ServerResponse): void {
  const { statusCode, headersSent } = response;
  if (operation !== undefined) {
    span.updateName(operation);
    span.setAttribute('http.route', placeOf(operation).path);
  }
  if (headersSent) span.setAttribute('http.response.status_code', statusCode);
  if (headersSent && statusCode >= 500) {
    span.setAttribute('error.type', String(statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
