import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findDeepSteps } from '../../src/files/depth.js';
import { flagText, type Texts, toldOf, webApp } from './org-files.js';

const test = suite('depth');

test('a step is deep where as many lie below it as the limit; those above are not told again', () => {
  const chain = Array.from(
    { length: 9 },
    (_, place) => [`n${place}`, [{ to: `n${place + 1}`, at: place }]] as const,
  );
  assert.equal(findDeepSteps(new Map(chain), 3), [
    { from: 'n5', to: 'n6', at: 5 },
    { from: 'n2', to: 'n3', at: 2 },
  ]);
  assert.equal(findDeepSteps(new Map(chain), 9), []);
});

test('a chain of any length fills no stack, and a cycle ends', () => {
  const long = Array.from(
    { length: 50_000 },
    (_, place) => [`n${place}`, [{ to: `n${place + 1}`, at: 0 }]] as const,
  );
  assert.is(findDeepSteps(new Map(long), 49_999).length, 1);
  const round = [...long, ['n50000', [{ to: 'n0', at: 0 }]] as const];
  assert.ok(findDeepSteps(new Map(round), 100).length > 0);
});

/** Segments `s0` to `s<length>`, each but the last naming the next. */
function segments(length: number): Texts {
  const names = Array.from({ length }, (_, place) => [
    `segments/s${place}.yaml`,
    `when: [{ not: { segment: s${place + 1} } }]\n`,
  ]);
  return { ...Object.fromEntries(names), [`segments/s${length}.yaml`]: 'include: { users: [u-1] }\n' };
}

test('references over 100 deep are an error where they get too deep, in segments and in flags (DESIGN 1)', () => {
  const flag = { 'flags/a.yaml': flagText('    segments: [s0]\n') };
  assert.equal(toldOf(webApp({ ...segments(99), ...flag })), []);
  assert.equal(toldOf(webApp({ ...segments(100), ...flag })), ['web-app/flags/a.yaml:4:16 error TOO_DEEP']);
  assert.equal(toldOf(webApp({ ...segments(101), ...flag })), [
    'web-app/segments/s0.yaml:1:26 error TOO_DEEP',
  ]);
});

test('flags count by environment', () => {
  const flags = (length: number, environment: string): Texts =>
    Object.fromEntries(
      Array.from({ length }, (_, place) => [
        `flags/f${String(place).padStart(3, '0')}.yaml`,
        `environments:\n  ${place % 2 === 0 ? environment : 'production'}: { enabled: true, requires: [f${String(place + 1).padStart(3, '0')}] }\n`,
      ]),
    );
  const last = { 'flags/f110.yaml': flagText() };
  assert.equal(toldOf(webApp({ ...flags(110, 'staging'), ...last })), []);
  assert.equal(toldOf(webApp({ ...flags(110, 'production'), ...last })), [
    'web-app/flags/f009.yaml:2:43 error TOO_DEEP',
  ]);
});

test.run();
