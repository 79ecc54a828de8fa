import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import { runTests, type TestResult } from '../../src/evaluation/run-tests.js';
import type { FlagFile } from '../../src/model/flag.js';
import type { FlagKey } from '../../src/model/keys.js';
import type { TestsFile } from '../../src/model/test-case.js';
import { snapshotOf } from '../support/cases.js';

const NOW = Date.UTC(2026, 5, 15);

const FLAG: FlagFile = {
  metadata: { rule: 'mine' },
  environments: {
    development: { enabled: false, killed: true, serve: 'off' },
    production: {
      enabled: false,
      segments: ['staff'],
      rules: [{ id: 'germans', when: [{ attribute: 'country', equals: 'DE' }] }],
      serve: 'off',
    },
  },
};

function run(tests: TestsFile): TestResult[] {
  const project = snapshotOf({
    project: { environments: ['development', 'production'] },
    flags: { it: FLAG, other: { environments: {} } },
    segments: { staff: { include: { users: ['u-7'] } } },
    overrides: { it: [{ users: ['u-1'], until: '2026-12-31' }] },
    tests: { it: tests },
  });
  const flag = project.flags.get('it' as FlagKey);
  if (flag === undefined) throw new Error('no flag');
  return runTests(compileNow(project), flag, NOW);
}

test('a case judges targeting, not state: enabled is true and killed false (DESIGN 3)', () => {
  const results = run([
    {
      name: 'in the default environment',
      context: { country: 'DE' },
      expect: { variant: 'on', rule: 'germans' },
    },
    { name: 'where it is killed', environment: 'development', expect: { variant: 'off', reason: 'STATIC' } },
  ]);
  assert.equal(
    results.map(({ environment, passed, differences }) => ({ environment, passed, differences })),
    [
      { environment: 'production', passed: true, differences: [] },
      { environment: 'development', passed: false, differences: ['reason'] },
    ],
  );
  assert.is(results[1]?.got?.reason, 'DEFAULT');
});

test('a case may set the state itself (DESIGN 3)', () => {
  const [disabled, killed] = run([
    {
      name: 'off',
      enabled: false,
      context: { country: 'DE' },
      expect: { variant: 'off', reason: 'DISABLED' },
    },
    {
      name: 'killed',
      killed: true,
      context: { userId: 'u-7' },
      expect: { value: false, reason: 'DISABLED' },
    },
  ]);
  assert.ok(disabled?.passed);
  assert.ok(killed?.passed);
});

test('what decided comes from the evaluation, not from metadata of the same name', () => {
  const [rest, member, overridden] = run([
    { name: 'rest', expect: { rule: null, segment: null, override: null } },
    { name: 'member', context: { userId: 'u-7' }, expect: { segment: 'staff', rule: null } },
    { name: 'overridden', context: { userId: 'u-1' }, expect: { override: 'u-1' } },
  ]);
  assert.ok(rest?.passed);
  assert.ok(member?.passed);
  assert.ok(overridden?.passed);
});

test('a case that fails shows what was expected, what was got, and where they differ', () => {
  const expect = { variant: 'on', value: true, rule: null } as const;
  const [result] = run([{ name: 'wrong', context: { country: 'FR' }, expect }]);
  assert.is(result?.passed, false);
  assert.equal(result?.expected, expect);
  assert.equal(result?.got, {
    variant: 'off',
    value: false,
    reason: 'DEFAULT',
    rule: null,
    segment: null,
    override: null,
  });
  assert.equal(result?.differences, ['variant', 'value']);
});

test('the moment of a case is its own, else that of the run (DESIGN 3)', () => {
  const results = run([
    { name: 'now', context: { userId: 'u-1' }, expect: { variant: 'on' } },
    { name: 'later', now: '2027-01-01T00:00:00Z', context: { userId: 'u-1' }, expect: { variant: 'off' } },
  ]);
  assert.ok(results.every((result) => result.passed));
});

test('a case in an environment that the project has not fails', () => {
  const [result] = run([{ name: 'nowhere', environment: 'moon', expect: { variant: 'on' } }]);
  assert.is(result?.passed, false);
  assert.is(result?.got, undefined);
});

test('the state of the served flag stays what it was', () => {
  run([{ name: 'on', expect: { variant: 'off' } }]);
  assert.is(FLAG.environments.production?.enabled, false);
});

test.run();
