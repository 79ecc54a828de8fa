import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RampPolicy } from '../../../src/model/config.js';
import { webApp } from '../../files/org-files.js';
import { problemsOf, toldOf } from './checked.js';

const test = suite('ramps');
const RAMP: RampPolicy = { points: 20, environments: ['production'] };

function flag(production: string): string {
  return `environments:\n  staging: { enabled: true, serve: off }\n  production: { ${production} }\n`;
}

function canary(percentage: number, when = ''): string {
  return flag(`enabled: true, rules: [{ id: canary, ${when}percentage: ${percentage} }], serve: off`);
}

function told(before: string | undefined, after: string, ramp = RAMP): readonly string[] {
  const old = before === undefined ? {} : { 'flags/it.yaml': before };
  const sides = { before: webApp(old), after: webApp({ 'flags/it.yaml': after }) };
  return toldOf({ config: { policy: { ramp } }, ...sides });
}

test('more than the points of the policy at once need a second person, whom the host asks for', () => {
  assert.equal(told(canary(5), canary(50)), [
    'flags/it.yaml:3 warning RAMP_TOO_STEEP: on goes from 5 % to 50 % of everybody in production; more than 20 points in one change need a second person',
  ]);
  const sides = {
    before: webApp({ 'flags/it.yaml': canary(5) }),
    after: webApp({ 'flags/it.yaml': canary(50) }),
  };
  const [problem] = problemsOf({ config: { policy: { ramp: RAMP } }, ...sides });
  assert.is(problem?.needsApproval, true);
});

test('just the points, a way down, and what the policy is not about need nobody', () => {
  assert.equal(told(canary(5), canary(25)), []);
  assert.equal(told(canary(90), canary(0)), []);
  assert.equal(told(flag('enabled: true'), flag('enabled: false')), []);
  const staged = flag('enabled: false').replace('serve: off', 'serve: on');
  assert.equal(told(flag('enabled: false'), staged), []);
  assert.equal(told(canary(5), canary(50), { points: 20, environments: ['staging'] }), []);
  assert.is(told(canary(5), canary(50), { points: 20 }).length, 1, 'every environment, where none is named');
});

test('switching on for all, a split and a new flag are ramps too', () => {
  assert.is(told(flag('enabled: false'), flag('enabled: true')).length, 1);
  assert.is(
    told(flag('enabled: true, serve: off'), flag('enabled: true, serve: { on: 3, off: 7 }')).length,
    1,
  );
  assert.equal(told(flag('enabled: true, serve: off'), flag('enabled: true, serve: { on: 2, off: 8 }')), []);
  assert.is(told(undefined, canary(21)).length, 1);
  assert.equal(told(undefined, canary(20)), []);
});

test('a kill and its end are no ramp, and what is edited meanwhile is one', () => {
  const [low, high] = ['serve: { on: 20, off: 80 }', 'serve: on'];
  assert.equal(told(flag(`enabled: true, ${high}`), flag(`enabled: true, killed: true, ${high}`)), []);
  assert.equal(told(flag(`enabled: true, killed: true, ${high}`), flag(`enabled: true, ${high}`)), []);
  for (const [before, after] of [
    ['killed: true, ', 'killed: true, '],
    ['', 'killed: true, '],
    ['killed: true, ', ''],
  ]) {
    const sides = [flag(`enabled: true, ${before}${low}`), flag(`enabled: true, ${after}${high}`)] as const;
    assert.match(told(...sides).join(), /: on goes from 20 % to 100 % of everybody in production;/);
  }
});

test('the off variant grows unseen only where it was off before', () => {
  const split = flag('enabled: true, serve: { on: 0, off: 100 }');
  const swapped = flag('enabled: true, offVariant: on, serve: { on: 100, off: 0 }');
  const kept = flag('enabled: true, offVariant: on, serve: { on: 0, off: 100 }');
  assert.match(told(split, swapped).join(), /: on goes from 0 % to 100 % of everybody/);
  assert.match(told(split, `offVariant: on\n${swapped.replace(' offVariant: on,', '')}`).join(), /: on goes/);
  assert.equal(told(kept, swapped), [], 'back to what is off');
  for (const state of ['enabled: false', 'enabled: true, killed: true, serve: off']) {
    assert.match(
      told(flag(state), flag(`${state}, offVariant: on`)).join(),
      /^flags\/it\.yaml:3 .+: on goes from 0 % to 100 % of everybody/,
      state,
    );
  }
  const killed = flag('enabled: true, killed: true, offVariant: on, serve: off');
  assert.is(told(flag('enabled: true, serve: off'), killed).length, 1, 'a kill that turns it on');
  assert.equal(told(undefined, flag('enabled: true, offVariant: on, serve: on')), [], 'as it comes');
});

test('who a percentage lets in and who gets the rest are counted together', () => {
  const cleaned = flag('enabled: true');
  assert.equal(told(canary(100), cleaned), [], 'the same people, said shorter');
  const two = flag(
    'enabled: true, rules: [{ id: one, percentage: 10 }, { id: two, percentage: 10 }], serve: off',
  );
  assert.equal(told(flag('enabled: true, serve: off'), two), [], '19 % of everybody');
});

test('a percentage among those whom clauses mean is a ramp of theirs; clauses alone are targeting', () => {
  const pros = 'when: [{ attribute: plan, equals: pro }], ';
  assert.equal(told(canary(5, pros), canary(50, pros)), [
    'flags/it.yaml:3 warning RAMP_TOO_STEEP: on goes from 5 % to 50 % of those whom rule canary is for in production; more than 20 points in one change need a second person',
  ]);
  const wider = 'when: [{ attribute: plan, exists: true }], ';
  assert.is(told(canary(30, pros), canary(30, wider)).length, 1, 'others got nothing before');
  const targeted = flag(
    'enabled: true, rules: [{ id: canary, when: [{ attribute: plan, equals: pro }] }], serve: off',
  );
  assert.equal(told(flag('enabled: true, serve: off'), targeted), []);
});

test.run();
