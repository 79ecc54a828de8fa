import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow, compileProject } from '../../src/evaluation/compile.js';
import { evaluate, evaluateFlag } from '../../src/evaluation/evaluate.js';
import type { EvaluationContext } from '../../src/model/evaluation.js';
import type { FlagFile } from '../../src/model/flag.js';
import type { FlagKey, SegmentKey } from '../../src/model/keys.js';
import type { ProjectSnapshot } from '../../src/model/snapshot.js';
import { flagOf, snapshotOf } from '../support/cases.js';
import { both, on, production, requires, ruled, variantOf } from './forms.js';

const NOW = Date.UTC(2026, 5, 15);

test('the same outcome is the same frozen object (model/evaluation)', () => {
  const variants = { on: { seats: [1, 2] }, off: {} };
  const flag: FlagFile = { type: 'object', variants, environments: { production: { enabled: true } } };
  const environment = production(compileNow(snapshotOf({ flags: { a: flag } })));
  const answer = evaluate(environment, 'a', { userId: 'u-1' }, NOW);
  assert.is(answer, evaluate(environment, 'a', { userId: 'u-2' }, NOW + 1));
  assert.ok(Object.isFrozen(answer));
  if (answer.kind !== 'value') return assert.unreachable();
  assert.ok(Object.isFrozen(answer.metadata));
  assert.throws(() => (answer.value as { seats: number[] }).seats.push(3), /extensible/);
});

test('an override answers with the same object each time', () => {
  const environment = production(
    compileNow(snapshotOf({ flags: { a: on() }, overrides: { a: [{ users: ['u-1'] }] } })),
  );
  const answer = evaluate(environment, 'a', { userId: 'u-1' }, NOW);
  assert.is(answer, evaluate(environment, 'a', { userId: 'u-1' }, NOW));
  assert.ok(Object.isFrozen(answer));
});

test('evaluateFlag of the sorted flags gives what evaluate gives', () => {
  const environment = production(compileNow(snapshotOf({ flags: { b: on(), a: requires('b'), C: on() } })));
  assert.equal(
    environment.sorted.map((flag) => flag.key),
    ['C', 'a', 'b'],
  );
  for (const flag of environment.sorted) {
    assert.is(evaluateFlag(flag, {}, NOW), evaluate(environment, flag.key, {}, NOW));
  }
});

test('only flags with client true are for clients (DESIGN 3)', () => {
  const { flags } = production(compileNow(snapshotOf({ flags: { a: { ...on(), client: true }, b: on() } })));
  assert.is(flags.get('a')?.client, true);
  assert.is(flags.get('b')?.client, false);
});

test('compiling yields about each 100 flags and in the end gives the project', () => {
  const flags = Object.fromEntries(Array.from({ length: 350 }, (_, index) => [`f-${index}`, on()]));
  const work = compileProject(snapshotOf({ flags }));
  let yields = 0;
  let step = work.next();
  for (; step.done !== true; step = work.next()) yields += 1;
  assert.ok(yields >= 3, `${yields} yields`);
  assert.is(production(step.value).sorted.length, 350);
});

test('environments in which a flag never changes share one compiled form', () => {
  const project = snapshotOf({
    project: { environments: ['development', 'staging', 'production'] },
    flags: { a: on() },
  });
  const { environments } = compileNow(project);
  const form = (key: string) => environments.get(key)?.flags.get('a');
  assert.is(form('development'), form('staging'));
  assert.is.not(form('development'), form('production'));
});

test('a flag that did not change keeps its compiled form', () => {
  const before = snapshotOf({ flags: { a: on(), b: ruled([{ attribute: 'x', equals: 1 }]) } });
  const first = compileNow(before);
  const after = withFlag(before, 'a', { environments: {} });
  const second = compileNow(after, { previous: first });
  assert.is(production(second).flags.get('b'), production(first).flags.get('b'));
  assert.is.not(production(second).flags.get('a'), production(first).flags.get('a'));
  assert.equal(variantOf(evaluate(production(second), 'a', {}, NOW)), 'off');
});

test('a flag of which only the tests changed keeps its answers and shows its new tests', () => {
  const before = snapshotOf({ flags: { a: on() } });
  const first = compileNow(before);
  const old = before.flags.get('a' as FlagKey);
  if (old === undefined) return assert.unreachable();
  const flag = { ...old, tests: [{ name: 'new', expect: { variant: 'on' } }] };
  const second = compileNow({ ...before, flags: new Map([[flag.key, flag]]) }, { previous: first });
  assert.is(production(second).flags.get('a')?.flag, flag);
  assert.is(evaluate(production(second), 'a', {}, NOW), evaluate(production(first), 'a', {}, NOW));
});

test('a flag that asks a changed flag, through others, asks the new one', () => {
  const before = snapshotOf({ flags: { a: requires('b'), b: requires('c'), c: on() } });
  const first = compileNow(before);
  const second = compileNow(withFlag(before, 'c', { environments: {} }), { previous: first });
  assert.is(variantOf(evaluate(production(first), 'a', {}, NOW)), 'on');
  assert.is(variantOf(evaluate(production(second), 'a', {}, NOW)), 'off');
});

test('a flag that asks a changed segment, through others, asks the new one', () => {
  const file = (user: string) => ({ include: { users: [user] } });
  const segments = { inner: file('u-1'), outer: { when: [{ segment: 'inner' }] } };
  const before = snapshotOf({ flags: { a: ruled([{ segment: 'outer' }]) }, segments });
  const first = compileNow(before);
  const inner = before.segments.get('inner' as SegmentKey);
  if (inner === undefined) return assert.unreachable();
  const changed = new Map(before.segments).set(inner.key, { ...inner, file: file('u-2') });
  const second = compileNow({ ...before, segments: changed }, { previous: first });
  assert.is(variantOf(evaluate(production(first), 'a', { userId: 'u-2' }, NOW)), 'off');
  assert.is(variantOf(evaluate(production(second), 'a', { userId: 'u-2' }, NOW)), 'on');
});

test('a reference that led nowhere finds what comes later', () => {
  const before = snapshotOf({ flags: { a: requires('b') } });
  const first = compileNow(before);
  const second = compileNow(withFlag(before, 'b', on()), { previous: first });
  assert.is(variantOf(evaluate(production(first), 'a', {}, NOW)), 'off');
  assert.is(variantOf(evaluate(production(second), 'a', {}, NOW)), 'on');
});

test('another bucketer places people anew, whatever was compiled before', () => {
  const flag: FlagFile = { environments: { production: { enabled: true, serve: { on: 1, off: 1 } } } };
  const project = snapshotOf({ flags: { a: flag } });
  const first = compileNow(project, { bucketer: () => 0 });
  const second = compileNow(project, { bucketer: () => 1, previous: first });
  assert.is(variantOf(evaluate(production(first), 'a', { userId: 'u-1' }, NOW)), 'on');
  assert.is(variantOf(evaluate(production(second), 'a', { userId: 'u-1' }, NOW)), 'off');
});

test('a stale flag asks the flags and segments of its home (DESIGN 5)', () => {
  const home = snapshotOf({
    flags: { stale: both(), helper: on() },
    segments: { staff: { include: { users: ['u-1'] } } },
  });
  const stale = { home, problems: [] };
  const now = snapshotOf({ flags: { helper: { environments: {} } }, segments: {} });
  const flags = new Map(now.flags).set('stale' as FlagKey, flagOf({ key: 'stale', file: both(), stale }));
  const first = compileNow({ ...now, flags });
  for (const project of [first, compileNow({ ...now, flags }, { previous: first })]) {
    assert.is(variantOf(evaluate(production(project), 'stale', { userId: 'u-1' }, NOW)), 'on');
    assert.is(variantOf(evaluate(production(project), 'stale', { userId: 'u-2' }, NOW)), 'off');
    assert.is(variantOf(evaluate(production(project), 'helper', {}, NOW)), 'off');
  }
});

test('stale flags of many homes share the segments that are the same', () => {
  const segments = { staff: { include: { users: ['u-1'] } } };
  const now = snapshotOf({ flags: {}, segments });
  const flags = new Map(
    ['a', 'b'].map((key) => {
      const file = ruled([{ segment: 'staff' }]);
      const home = { ...withFlag(now, key, file), segments: new Map(now.segments) };
      return [key as FlagKey, flagOf({ key, file, stale: { home, problems: [] } })];
    }),
  );
  const environment = production(compileNow({ ...now, flags }));
  const segmentOf = (key: string) => environment.flags.get(key)?.home?.segments.get('staff');
  assert.ok(segmentOf('a'));
  assert.is(segmentOf('a'), segmentOf('b'));
  assert.is(segmentOf('a'), environment.segments.get('staff'));
});

test('odd contexts never throw (DESIGN 4)', () => {
  const operands = {
    contains: 'x',
    matches: 'x',
    gt: 1,
    before: 0,
    semverGt: '1.0.0',
    cidr: '10.0.0.0/8',
    includesAny: [1],
  };
  const clauses = Object.entries(operands).map(([name, operand]) => ({ attribute: 'a.b', [name]: operand }));
  const flags = {
    f: ruled([{ any: clauses }]),
    split: { environments: { production: { enabled: true, serve: { on: 1, off: 1 } } } },
  };
  const overrides = { f: [{ users: ['u-1'] }] };
  const environment = production(compileNow(snapshotOf({ flags, overrides })));
  const values = [
    null,
    true,
    0,
    '',
    'x'.repeat(100_000),
    [],
    [[]],
    {},
    [null, {}, 'x'],
    JSON.parse('{"__proto__": 1}'),
  ];
  for (const value of values) {
    for (const context of [
      { 'a.b': value },
      { a: value },
      { a: { b: value } },
      { userId: value, email: value, companyId: value, targetingKey: value },
    ]) {
      for (const key of ['f', 'split'])
        assert.is.not(evaluate(environment, key, context as EvaluationContext, NOW).kind, 'missing');
    }
  }
});

function withFlag(project: ProjectSnapshot, key: string, file: FlagFile): ProjectSnapshot {
  return { ...project, flags: new Map(project.flags).set(key as FlagKey, flagOf({ key, file })) };
}

test.run();
