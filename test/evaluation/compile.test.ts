import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow, compileProject } from '../../src/evaluation/compile.js';
import type { CompiledEnvironment, CompiledProject } from '../../src/evaluation/compiled.js';
import { evaluate, evaluateFlag } from '../../src/evaluation/evaluate.js';
import type { Evaluation, EvaluationContext } from '../../src/model/evaluation.js';
import type { EnvironmentState, FlagFile } from '../../src/model/flag.js';
import type { FlagKey, SegmentKey } from '../../src/model/keys.js';
import type { ProjectSnapshot } from '../../src/model/snapshot.js';
import { flagOf, snapshotOf } from '../support/cases.js';

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

test('a cycle among requires ends, as an unmet requirement', () => {
  const flags = { a: requires('b'), b: requires('c'), c: requires('a'), self: requires('self') };
  const environment = production(compileNow(snapshotOf({ flags })));
  for (const key of Object.keys(flags)) assert.is(variantOf(evaluate(environment, key, {}, NOW)), 'off', key);
});

test('a cycle among segments ends, with nobody in it', () => {
  const segments = { a: { when: [{ segment: 'b' }] }, b: { when: [{ segment: 'a' }] } };
  const flags = { f: ruled([{ segment: 'a' }]) };
  const environment = production(compileNow(snapshotOf({ flags, segments })));
  assert.is(variantOf(evaluate(environment, 'f', {}, NOW)), 'off');
});

test('a chain of thousands of flags fills no stack', () => {
  const count = 20_000;
  const key = (index: number) => `f-${String(index).padStart(5, '0')}`;
  const flags = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      key(index),
      index === count - 1 ? varying() : requires(key(index + 1)),
    ]),
  );
  const environment = production(compileNow(snapshotOf({ flags })));
  assert.is(variantOf(evaluate(environment, key(count - 50), { x: 1 }, NOW)), 'on');
  assert.is(variantOf(evaluate(environment, key(0), { x: 1 }, NOW)), 'off');
});

test('flags that ask two flags each, 60 deep, are asked once each', () => {
  const key = (index: number) => `f-${index}`;
  const ask = (index: number) => ruled([{ flag: key(index) }, { not: { not: { flag: key(index) } } }]);
  const flags = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [key(index), index === 59 ? varying() : ask(index + 1)]),
  );
  const environment = production(compileNow(snapshotOf({ flags })));
  assert.is(variantOf(evaluate(environment, key(0), { x: 1 }, NOW)), 'on');
});

test('segments that ask two segments each, 60 deep, are asked once each', () => {
  const key = (index: number) => `s-${index}`;
  const ask = (index: number) => ({
    when: [{ segment: key(index) }, { not: { not: { segment: key(index) } } }],
  });
  const last = { when: [{ attribute: 'x', equals: 1 }] };
  const segments = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [key(index), index === 59 ? last : ask(index + 1)]),
  );
  const environment = production(
    compileNow(snapshotOf({ flags: { f: ruled([{ segment: key(0) }]) }, segments })),
  );
  assert.is(variantOf(evaluate(environment, 'f', { x: 1 }, NOW)), 'on');
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

function on(): FlagFile {
  return { environments: { production: { enabled: true } } };
}

function requires(key: string): FlagFile {
  return { environments: { production: { enabled: true, requires: [key] } } };
}

function ruled(when: NonNullable<EnvironmentState['rules']>[number]['when'] & object): FlagFile {
  return { environments: { production: { enabled: true, rules: [{ id: 'it', when }], serve: 'off' } } };
}

function varying(): FlagFile {
  return ruled([{ attribute: 'x', equals: 1 }]);
}

function both(): FlagFile {
  const rules = [{ id: 'it', when: [{ segment: 'staff' }] }];
  return { environments: { production: { enabled: true, requires: ['helper'], rules, serve: 'off' } } };
}

function withFlag(project: ProjectSnapshot, key: string, file: FlagFile): ProjectSnapshot {
  return { ...project, flags: new Map(project.flags).set(key as FlagKey, flagOf({ key, file })) };
}

function production(project: CompiledProject): CompiledEnvironment {
  const environment = project.environments.get('production');
  if (environment === undefined) throw new Error('no production');
  return environment;
}

function variantOf(answer: Evaluation): string | undefined {
  return answer.kind === 'value' ? answer.variant : undefined;
}

test.run();
