import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import { type CoveredPlace, coverageOf } from '../../src/evaluation/coverage.js';
import type { FlagKey } from '../../src/model/keys.js';
import type { TestsFile } from '../../src/model/test-case.js';
import { snapshotOf } from '../support/cases.js';

const NOW = Date.UTC(2026, 5, 15);

function coverage(tests: TestsFile): readonly CoveredPlace[] {
  const project = snapshotOf({
    project: { environments: ['development', 'production'] },
    flags: {
      it: {
        environments: {
          development: { enabled: false, rules: [{ id: 'all' }] },
          production: {
            enabled: true,
            segments: [{ segment: 'staff', serve: 'on' }],
            rules: [{ id: 'germans', when: [{ attribute: 'country', equals: 'DE' }] }],
            serve: 'off',
          },
        },
      },
    },
    segments: { staff: { include: { users: ['u-7'] } } },
    overrides: { it: [{ users: ['u-1'] }, { users: ['u-2'], until: '2026-01-31' }] },
    tests: { it: tests },
  });
  const flag = project.flags.get('it' as FlagKey);
  if (flag === undefined) throw new Error('no flag');
  return coverageOf(compileNow(project), flag, NOW).places;
}

test('coverage counts the cases that each deciding place of a flag decides', () => {
  const places = coverage([
    { name: 'rest', expect: { variant: 'off' } },
    { name: 'Berlin', context: { country: 'DE' }, expect: { variant: 'on' } },
    { name: 'Bonn', context: { country: 'DE' }, expect: { variant: 'on' } },
    { name: 'developer', environment: 'development', expect: { variant: 'on' } },
    { name: 'killed', killed: true, context: { userId: 'u-7' }, expect: { variant: 'off' } },
  ]);
  assert.equal(places, [
    { at: { kind: 'override', place: 0 }, cases: 0 },
    { at: { kind: 'rule', environment: 'development', rule: 'all', place: 0 }, cases: 1 },
    { at: { kind: 'segment', environment: 'production', segment: 'staff', place: 0 }, cases: 0 },
    { at: { kind: 'rule', environment: 'production', rule: 'germans', place: 0 }, cases: 2 },
    { at: { kind: 'serve', environment: 'production' }, cases: 1 },
  ]);
});

test('a case that names a moment counts at that moment', () => {
  const places = coverage([
    { name: 'was', now: '2026-01-01T00:00:00Z', context: { userId: 'u-2' }, expect: { variant: 'on' } },
  ]);
  assert.equal(
    places.map(({ cases }) => cases),
    [0, 0, 0, 0, 0],
    'an override that has ended is no place to test',
  );
});

test.run();
