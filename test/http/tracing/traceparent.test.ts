import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTraceParent } from '../../../src/http/tracing/traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test('a traceparent names a trace, a span and whether they are kept (W3C Trace Context, 3.2)', () => {
  const named = { traceId: TRACE, spanId: SPAN };
  assert.equal(parseTraceParent(`00-${TRACE}-${SPAN}-01`), { ...named, flags: 1 });
  assert.equal(parseTraceParent(`00-${TRACE}-${SPAN}-00`), { ...named, flags: 0 });
  assert.equal(parseTraceParent(`00-${TRACE}-${SPAN}-fe`), { ...named, flags: 0 });
});

test('of a version that is not known yet the parts of version 00 are read (4.3)', () => {
  for (const text of [`01-${TRACE}-${SPAN}-01`, `cc-${TRACE}-${SPAN}-01-what-comes`]) {
    assert.equal(parseTraceParent(text), { traceId: TRACE, spanId: SPAN, flags: 1 });
  }
});

test('what is no traceparent is none', () => {
  const wrong = [
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-1`,
    [`00-${TRACE}-${SPAN}-01`],
  ];
  for (const text of wrong) assert.is(parseTraceParent(text), undefined, String(text));
});

test.run();
