import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository } from '../../support/git.js';
import { type Ask, serveFiles, serveRepository, type TestServer } from '../../support/http.js';
import { until } from '../../support/until.js';
import { FILES } from '../sample.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const TRACED = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'vendor=1' };

const test = suite('tracing');
const exporter = new InMemorySpanExporter();
let untraced: TestServer;

test.before(async () => {
  untraced = await serveFiles(FILES);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
});
test.before.each(() => exporter.reset());
test.after(async () => {
  await untraced.close();
  trace.disable();
  context.disable();
});

/** The one span of a request to a server with an SDK in its process. */
async function spanOf(
  path: string,
  ask: Ask = {},
  options: { readonly tracesContextIds?: boolean } = {},
): Promise<ReadableSpan> {
  const server = await serveFiles(FILES, options);
  await server.ask(path, ask);
  await until(async () => exporter.getFinishedSpans().length > 0);
  await server.close();
  const [span, ...more] = exporter.getFinishedSpans();
  if (span === undefined || more.length > 0) throw new Error(`${more.length} spans too many`);
  return span;
}

test('a request is a span, named by method and route', async () => {
  const span = await spanOf('/api/v1/feature-flags/dark-mode?org_id=acme');
  assert.is(span.name, 'GET /api/v1/feature-flags/:key');
  assert.is(span.kind, SpanKind.SERVER);
  assert.equal(span.attributes, {
    'http.request.method': 'GET',
    'url.path': '/api/v1/feature-flags/dark-mode',
    'url.scheme': 'http',
    'http.route': '/api/v1/feature-flags/:key',
    'http.response.status_code': 200,
  });
  assert.is(span.status.code, SpanStatusCode.UNSET);
});

test('traceparent is honoured: the span is below that of the caller', async () => {
  const span = await spanOf('/health', { headers: TRACED });
  assert.is(span.spanContext().traceId, TRACE);
  assert.is(span.parentSpanContext?.spanId, SPAN);
  assert.is(span.spanContext().traceState?.get('vendor'), '1');
  exporter.reset();
  const root = await spanOf('/health', { headers: { traceparent: 'nonsense' } });
  assert.is(root.parentSpanContext, undefined);
});

test('a path that is not there has no name of its own: spans are grouped by theirs', async () => {
  const span = await spanOf('/nowhere');
  assert.is(span.name, 'GET');
  assert.is(span.attributes['http.response.status_code'], 404);
  assert.is(span.status.code, SpanStatusCode.UNSET);
});

test('what the server cannot answer is an error of the span', async () => {
  const server = await serveRepository(await createRepository({}));
  await server.ask('/ready');
  await until(async () => exporter.getFinishedSpans().length > 0);
  await server.close();
  const [span] = exporter.getFinishedSpans();
  assert.is(span?.attributes['http.response.status_code'], 503);
  assert.is(span?.attributes['error.type'], '503');
  assert.is(span?.status.code, SpanStatusCode.ERROR);
});

test('what a flag answers is an event in the words of the semantic conventions', async () => {
  const body = { context: { targetingKey: 'ada@example.com', country: 'DE' } };
  const { events, name } = await spanOf('/ofrep/v1/evaluate/flags/dark-mode', { body });
  assert.is(name, 'POST /ofrep/v1/evaluate/flags/:key');
  const [event, ...more] = events;
  assert.equal(more, []);
  assert.is(event?.name, 'feature_flag.evaluation');
  const { 'feature_flag.version': version, ...attributes } = event?.attributes ?? {};
  assert.match(String(version), /^[0-9a-f]{40}$/);
  assert.equal(attributes, {
    'feature_flag.provider.name': 'flagstaff',
    'feature_flag.set.id': 'acme/web-app/production',
    'feature_flag.key': 'dark-mode',
    'feature_flag.result.reason': 'targeting_match',
    'feature_flag.result.variant': 'on',
  });
});

test('a bulk answer is an event a flag; one without a value has no variant', async () => {
  const { events } = await spanOf('/ofrep/v1/evaluate/flags', { body: {} });
  const keys = events.map(({ attributes }) => attributes?.['feature_flag.key']);
  assert.equal(keys, ['dark-mode', 'killed', 'limit', 'no-value', 'shared']);
  const none = events.find(({ attributes }) => attributes?.['feature_flag.key'] === 'no-value');
  assert.is(none?.attributes?.['feature_flag.result.variant'], undefined);
  assert.is(none?.attributes?.['feature_flag.result.reason'], 'static');
});

test('P18: whom a flag answered is told only where somebody asked for that', async () => {
  const ask = { body: { context: { targetingKey: 'u-123' } } };
  const silent = await spanOf('/ofrep/v1/evaluate/flags/limit', ask);
  assert.is(silent.events[0]?.attributes?.['feature_flag.context.id'], undefined);
  exporter.reset();
  const telling = await spanOf('/ofrep/v1/evaluate/flags/limit', ask, { tracesContextIds: true });
  assert.is(telling.events[0]?.attributes?.['feature_flag.context.id'], 'u-123');
});

test('where the process has a span already, as of an instrumentation of node:http, ours is inside it', async () => {
  const tracer = trace.getTracer('of the tests');
  const outer = tracer.startSpan('outer');
  const inside = trace.setSpan(context.active(), outer);
  const span = await context.with(inside, () => spanOf('/health', { headers: TRACED }));
  outer.end();
  assert.is(span.parentSpanContext?.spanId, outer.spanContext().spanId);
  assert.is(span.kind, SpanKind.INTERNAL);
});

test('a server that started before there was an SDK makes no spans', async () => {
  await untraced.ask('/ofrep/v1/evaluate/flags', { body: {} });
  assert.equal(exporter.getFinishedSpans(), []);
});

test.run();
