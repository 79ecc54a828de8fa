import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namelessText } from '../../../src/changes/impact/cause-text.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import { type Texts, webApp } from '../../files/org-files.js';
import { impactOf, toldOf } from './impact-of.js';

const test = suite('why people move');

/** What is told where these files of the project become others, and this caller asks. */
function told(before: Texts, after: Texts, context: EvaluationContext = { targetingKey: 'u-1' }) {
  return toldOf(impactOf({ before: inProduction(before), after: inProduction(after), contexts: [context] }));
}

function inProduction(texts: Texts, environments = 'production'): Texts {
  return { ...webApp(texts), 'web-app/project.yaml': `environments: [${environments}]\n` };
}

function flag(state: string, top = ''): string {
  return `${top}environments:\n  production: { ${state} }\n`;
}

/** The same flag in two states. */
function between(before: string, after: string, context?: EvaluationContext) {
  return told({ 'flags/a.yaml': flag(before) }, { 'flags/a.yaml': flag(after) }, context);
}

const OFF_TO_ON = 'a in production: off → on 1, by';
const ON_TO_OFF = 'a in production: on → off 1, by';
const DE = { targetingKey: 'u-1', country: 'DE' };

test('a share that grows is the cause, not the rule behind it that everybody else gets', () => {
  const state = (share: number) => `enabled: true, rules: [{ id: canary, percentage: ${share} }], serve: off`;
  assert.equal(between(state(0), state(99.999)), [`${OFF_TO_ON} rule canary 0 % → 99.999 %`]);
});

test('switches are told as what was done', () => {
  assert.equal(between('enabled: true', 'enabled: false'), [`${ON_TO_OFF} being disabled`]);
  assert.equal(between('enabled: true', 'enabled: true, killed: true'), [`${ON_TO_OFF} being killed`]);
  assert.equal(between('enabled: true, killed: true', 'enabled: true'), [
    `${OFF_TO_ON} no longer being killed`,
  ]);
  assert.equal(between('enabled: true', 'enabled: true, serve: off'), [`${ON_TO_OFF} serving off (was on)`]);
});

test('of several differences only the one is told that parts the answers', () => {
  const before =
    'enabled: true, rules: [{ id: french, when: [{ attribute: country, equals: FR }] }], serve: off';
  const after =
    'enabled: true, rules: [{ id: french, when: [{ attribute: country, equals: BE }] }, { id: german, when: [{ attribute: country, equals: DE }] }], serve: off';
  assert.equal(between(before, after, DE), [`${OFF_TO_ON} rule german added: country equals DE → on`]);
  assert.equal(between(before, after, { country: 'FR' }), [
    `${ON_TO_OFF} rule french: country equals FR → country equals BE`,
  ]);
});

test('rules that change places are both looked at', () => {
  const one = '{ id: one }';
  const two = '{ id: two, serve: off }';
  const found = between(`enabled: true, rules: [${one}, ${two}]`, `enabled: true, rules: [${two}, ${one}]`);
  assert.is(found.length, 1);
  assert.match(
    found[0] ?? '',
    /^a in production: on → off 1, by rule (one|two) moved (to the end|before one)$/,
  );
});

test('what places people is told beside the share that it places them in', () => {
  const state = 'enabled: true, rules: [{ id: half, percentage: 50 }], serve: off';
  const contexts = Array.from({ length: 50 }, (_, number) => ({ targetingKey: `u-${number}` }));
  const impact = impactOf({
    before: webApp({ 'flags/a.yaml': flag(state) }),
    after: webApp({ 'flags/a.yaml': flag(state, 'salt: other\n') }),
    contexts,
  });
  const lines = toldOf(impact);
  assert.is(lines.length, 2);
  for (const line of lines) assert.match(line, /by salt changed: people are placed anew$/);
});

test('a value that changes under the same name moves people, and its variant is the cause', () => {
  const colors = (on: string) => `type: string\nvariants: { on: ${on}, off: grey }\n`;
  const files = (on: string) => ({ 'flags/a.yaml': flag('enabled: true', colors(on)) });
  assert.equal(told(files('red'), files('blue')), ['a in production: on → on 1, by variant on: red → blue']);
});

test('what places people is told beside another difference of the rule', () => {
  const state = (share: number) => `enabled: true, rules: [{ id: half, percentage: ${share} }], serve: off`;
  const found = told(
    { 'flags/a.yaml': flag(state(1)) },
    { 'flags/a.yaml': flag(state(99.999), 'salt: other\nbucketBy: country\n') },
    DE,
  );
  assert.equal(found.length, 1);
  assert.match(found[0] ?? '', /rule half 1 % → 99.999 %/);
  assert.match(found[0] ?? '', /salt changed/);
  assert.match(found[0] ?? '', /placed by country/);
});

test('people who move by one rule move by different segments, and each is told as many as it moves', () => {
  const files = (limit: number) => ({
    'flags/a.yaml': flag(
      'enabled: true, rules: [{ id: r, when: [{ any: [{ segment: s1 }, { segment: s2 }] }] }], serve: off',
    ),
    'segments/s1.yaml': `when: [{ attribute: n, gte: ${limit} }]\n`,
    'segments/s2.yaml': `when: [{ attribute: m, gte: ${limit} }]\n`,
  });
  const [before, after] = [inProduction(files(9)), inProduction(files(5))];
  const people = (many: number) =>
    Array.from({ length: 100 }, (_, index) => ({
      targetingKey: `u-${index}`,
      ...(index < many ? { n: 7 } : { m: 7 }),
    }));
  const [s1, s2] = ['segment s1: n ≥ 9 → n ≥ 5', 'segment s2: m ≥ 9 → m ≥ 5'];
  for (const [many, because] of [
    [98, [s1, s2]],
    [2, [s2, s1]],
    [100, [s1]],
  ] as const) {
    const [moving] = impactOf({ before, after, contexts: people(many) }).flags;
    assert.equal([moving?.because.map(({ text }) => text), moving?.becauseOfSample], [because, false]);
  }
});

test('people who move by a required flag move by different rules of it', () => {
  const files = (serve: string) => ({
    'flags/a.yaml': flag('enabled: true, requires: [deep]'),
    'flags/deep.yaml': flag(
      `enabled: true, rules: [{ id: r1, when: [{ attribute: n, equals: 1 }], serve: ${serve} }, { id: r2, serve: ${serve} }]`,
    ),
  });
  const contexts = Array.from({ length: 100 }, (_, index) => ({
    targetingKey: `u-${index}`,
    n: index < 98 ? 1 : 2,
  }));
  const { flags } = impactOf({
    before: inProduction(files('on')),
    after: inProduction(files('off')),
    contexts,
  });
  const a = flags.find((one) => one.flag === 'a');
  assert.equal(
    a?.because.map(({ part }) => part.kind === 'rule' && part.id),
    ['r1', 'r2'],
  );
});

test('where there are more ways than are looked into, the causes are said to be of a sample', () => {
  const files = (users: readonly string[]) => ({
    'flags/a.yaml': flag('enabled: false'),
    'overrides/a.yaml': `- { users: [${users.join(', ')}] }\n`,
  });
  const people = (count: number) => Array.from({ length: count }, (_, index) => `u-${index}`);
  for (const [count, isSample] of [
    [25, false],
    [26, true],
  ] as const) {
    const [moving] = impactOf({
      before: inProduction(files(['other'])),
      after: inProduction(files(['other', ...people(count)])),
      contexts: people(count).map((targetingKey) => ({ targetingKey })),
    }).flags;
    assert.equal([moving?.because.length, moving?.becauseOfSample], [25, isSample]);
  }
});

test('causes can be told without the names of people', () => {
  const nameless = (before: Texts, after: Texts) => {
    const context = { targetingKey: 'u-1' };
    const { flags } = impactOf({
      before: inProduction(before),
      after: inProduction(after),
      contexts: [context],
    });
    return flags.flatMap(({ because }) => because.map(namelessText));
  };
  const override = { 'flags/a.yaml': flag('enabled: false'), 'overrides/a.yaml': '- { users: [u-9] }\n' };
  const both = { ...override, 'overrides/a.yaml': '- { users: [u-9, u-1] }\n' };
  assert.equal(nameless(override, both), ['an override added: on']);
  assert.equal(nameless({}, both), ['being added, enabled nowhere', 'overrides added']);
  const member = (user: string) => ({
    'flags/a.yaml': flag('enabled: false, segments: [u-1]'),
    'segments/u-1.yaml': `include: { users: [u-9${user}] }\n`,
  });
  assert.equal(nameless(member(''), member(', u-1')), ['segment u-1: a user included']);
});

test('overrides are told by the name that has one', () => {
  const files = (users: string) => ({
    'flags/a.yaml': flag('enabled: false'),
    'overrides/a.yaml': `- { users: [${users}] }\n`,
  });
  assert.equal(told(files('u-9'), files('u-9, u-1, u-2')), [`${OFF_TO_ON} override for u-1 added: on`]);
  assert.equal(told(files('u-9, u-1, u-2'), files('u-9')), [`${ON_TO_OFF} override for u-1 removed`]);
});

test('through segments, one in the other, it is the segment that says something else', () => {
  const files = (inner: string) => ({
    'flags/a.yaml': flag('enabled: false, segments: [outer]'),
    'segments/outer.yaml': 'when: [{ segment: inner }]\n',
    'segments/inner.yaml': `include: { users: [${inner}] }\n`,
  });
  assert.equal(told(files('u-9'), files('u-9, u-1')), [`${OFF_TO_ON} segment inner: u-1 included`]);
});

test('through required flags and flags in clauses, it is the flag that answers otherwise', () => {
  const files = (deep: string) => ({
    'flags/a.yaml': flag('enabled: true, requires: [middle]'),
    'flags/middle.yaml': flag('enabled: true, rules: [{ id: r, when: [{ flag: deep }] }], serve: off'),
    'flags/deep.yaml': flag(deep),
  });
  const found = told(files('enabled: true'), files('enabled: false'));
  assert.equal([...found].sort(), [
    `${ON_TO_OFF} flag deep: being disabled`,
    'deep in production: on → off 1, by being disabled',
    'middle in production: on → off 1, by flag deep: being disabled',
  ]);
});

test('flags, and environments, that come and go', () => {
  const files = { 'flags/a.yaml': flag('enabled: true') };
  const other = { 'flags/b.yaml': flag('enabled: false') };
  assert.equal(told(other, { ...other, ...files }), [
    'a in production: no flag → on 1, by being added, enabled in production',
  ]);
  assert.equal(told({ ...other, ...files }, other), [
    'a in production: on → no flag 1, by being removed, was enabled in production',
  ]);
  const impact = impactOf({
    before: inProduction(files),
    after: inProduction(files, 'production, live'),
    contexts: [{}],
  });
  assert.equal(toldOf(impact), ['a in live: no flag → off 1, by project web-app: environment live added']);
});

test('words that no answer shows move nobody and are no cause', () => {
  const before = { 'flags/a.yaml': flag('enabled: true', 'owner: team-a\n') };
  const after = { 'flags/a.yaml': flag('enabled: true, serve: off', 'owner: team-b\n') };
  assert.equal(told(before, after), [`${ON_TO_OFF} serving off (was on)`]);
  assert.equal(told(before, { 'flags/a.yaml': flag('enabled: true', 'owner: team-b\n') }), []);
});

test.run();
