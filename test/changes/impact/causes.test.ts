import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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
