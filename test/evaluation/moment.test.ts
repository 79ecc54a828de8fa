import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endOfDay, parseMoment } from '../../src/evaluation/check.js';

test('a moment is RFC 3339 with its offset, or epoch milliseconds (DESIGN 4, clauses)', () => {
  const good: readonly (readonly [string | number, number])[] = [
    ['1970-01-01T00:00:00Z', 0],
    ['2026-01-15T10:00:00Z', Date.UTC(2026, 0, 15, 10)],
    ['2026-01-15T10:00:00+01:30', Date.UTC(2026, 0, 15, 8, 30)],
    ['2026-01-15T10:00:00-01:30', Date.UTC(2026, 0, 15, 11, 30)],
    ['2026-01-15t10:00:00.5z', Date.UTC(2026, 0, 15, 10, 0, 0, 500)],
    ['2026-01-15T10:00:00.123456789Z', Date.UTC(2026, 0, 15, 10, 0, 0, 123)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['0050-01-01T00:00:00Z', Date.parse('0050-01-01T00:00:00Z')],
    [0, 0],
    [-1.5, -1.5],
  ];
  for (const [value, moment] of good) assert.is(parseMoment(value), moment, String(value));
});

test('anything else is no moment', () => {
  const bad: readonly unknown[] = [
    '2026-01-15',
    '2026-01-15T10:00:00',
    '2026-01-15 10:00:00Z',
    '2026-1-5T10:00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-15T24:00:00Z',
    '2026-01-15T10:60:00Z',
    '2026-01-15T10:00:61Z',
    '2026-01-15T10:00:00+24:00',
    '1768471200000',
    '',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    null,
    undefined,
    {},
  ];
  for (const value of bad) assert.is(parseMoment(value), undefined, String(value));
});

test('a day ends 24 hours after its midnight in UTC (DESIGN 4, step 3)', () => {
  assert.is(endOfDay('2027-01-31'), Date.UTC(2027, 1, 1));
  assert.is(endOfDay('2024-02-28'), Date.UTC(2024, 1, 29));
  assert.is(endOfDay('2026-02-29'), undefined);
  assert.is(endOfDay('2026-2-1'), undefined);
});

test.run();
