import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { movedShares } from '../../../src/changes/checks/moved-shares.js';
import { type Texts, webApp } from '../../files/org-files.js';
import { toldOf } from './checked.js';

const test = suite('edits that place people anew');

const CANARY = 'rules: [{ id: canary, percentage: 5 }], serve: { on: 20, off: 80 }';

function flag(production: string, top = ''): string {
  return `${top}environments:\n  production: { enabled: true, ${production} }\n`;
}

function change(before: string, after: string, config = {}): readonly string[] {
  const texts = (text: string): Texts => webApp({ 'flags/it.yaml': text });
  return toldOf({ config, before: texts(before), after: texts(after) });
}

test('another salt moves everybody behind percentages and splits', () => {
  assert.equal(change(flag(CANARY), flag(CANARY, 'salt: v2\n')), [
    'flags/it.yaml:1 warning REBUCKETED: salt it → v2 places everybody anew in rule canary (5 %) and the split in production',
  ]);
  assert.equal(change(flag(CANARY), flag(CANARY, 'salt: it\n')), [], 'the default, written down');
  assert.equal(change(flag('serve: on'), flag('serve: on', 'salt: v2\n')), [], 'nobody is placed');
});

test('another bucketBy of the flag or of a rule moves those whom it places', () => {
  const top = 'description: shop\nbucketBy: companyId\n';
  assert.equal(change(flag(CANARY), flag(CANARY, top)), [
    'flags/it.yaml:2 warning REBUCKETED: bucketBy targetingKey → companyId places everybody anew in rule canary (5 %) and the split in production',
  ]);
  const own = CANARY.replace('percentage: 5', 'bucketBy: companyId, percentage: 5');
  assert.equal(change(flag(CANARY), flag(own)), [
    'flags/it.yaml:2 warning REBUCKETED: bucketBy targetingKey → companyId places everybody anew in rule canary (5 %) in production',
  ]);
  assert.equal(change(flag(own), flag(own, top)).length, 1, 'a rule that says so itself stays as it is');
});

test('a rule that only gets another id has other people in its percentage', () => {
  assert.equal(change(flag(CANARY), flag(CANARY.replace('canary', 'beta'))), [
    'flags/it.yaml:2 warning REBUCKETED: rule canary (5 %) of production is now rule beta (5 %), which draws other people',
  ]);
  const whole = 'rules: [{ id: canary, when: [{ attribute: plan, equals: pro }] }], serve: off';
  assert.equal(change(flag(whole), flag(whole.replace('canary', 'beta'))), []);
});

test('weights and a percentage draw other people, whichever comes for the other', () => {
  const [split, gate] = ['serve: { on: 20, off: 80 }', 'rules: [{ id: canary, percentage: 20 }], serve: off'];
  assert.equal(change(flag(split), flag(gate)), [
    'flags/it.yaml:2 warning REBUCKETED: the split of production is now rule canary (20 %), which draws other people',
  ]);
  assert.equal(change(flag(gate), flag(split)), [
    'flags/it.yaml:2 warning REBUCKETED: rule canary (20 %) of production is now the split, which draws other people',
  ]);
  const pros = (how: string): string =>
    flag(`rules: [{ id: pros, when: [{ attribute: plan, equals: pro }], ${how} }], serve: off`);
  assert.is(change(pros('serve: { on: 20, off: 80 }'), pros('percentage: 20')).length, 1);
  assert.equal(change(flag(split), pros('percentage: 20')), [], 'for others');
  assert.equal(change(flag(split), flag(gate.replace('percentage: 20', 'percentage: 20, serve: null'))), []);
});

test('another order of weights moves more people than it must; more weight does not', () => {
  const split = (weights: string): string => flag(`serve: { ${weights} }`);
  assert.equal(change(split('on: 20, off: 80'), split('off: 80, on: 20')), [
    'flags/it.yaml:2 warning REBUCKETED: the split in production gives 40 % of its people another variant, where 0 % would do; the order of the variants decides who',
  ]);
  assert.equal(change(split('on: 20, off: 80'), split('on: 30, off: 70')), []);
  assert.equal(change(split('on: 20, off: 80'), split('on: 2, off: 8')), []);
});

test('a flag that gets another key is placed by another salt, unless it keeps the old one', () => {
  const [before, after] = [{ 'flags/old.yaml': flag(CANARY) }, { 'flags/new.yaml': flag(CANARY) }];
  assert.equal(toldOf({ before: webApp(before), after: webApp(after) }), [
    'flags/new.yaml:1 warning REBUCKETED: flag old is now new, which places everybody anew in rule canary (5 %) and the split in production; salt: old keeps them',
  ]);
  const kept = webApp({ 'flags/new.yaml': flag(CANARY, 'salt: old\n') });
  assert.equal(toldOf({ before: webApp(before), after: kept }), []);
  const told = (old: string, text: string): readonly string[] =>
    toldOf({ before: webApp({ 'flags/old.yaml': old }), after: webApp({ 'flags/new.yaml': text }) });
  assert.is(told(flag(CANARY), flag(CANARY, 'description: The new one\n')).length, 1, 'and another word');
  assert.match(told(flag(CANARY, 'salt: v2\n'), flag(CANARY)).join(), /; salt: v2 keeps them$/);
  assert.equal(told(flag(CANARY, 'salt: v2\n'), flag(CANARY, 'salt: v2\n')), []);
  assert.equal(
    told(flag(CANARY), flag(CANARY.replace('percentage: 5', 'percentage: 50'))),
    [],
    'another flag',
  );
  const own = 'id: flg_01J9X3P7K2M4N6E5\n';
  assert.is(told(flag(CANARY, own), flag(CANARY.replace('percentage: 5', 'percentage: 50'), own)).length, 1);
});

test('its level may stop a merge or say nothing', () => {
  const [before, after] = [flag(CANARY), flag(CANARY, 'salt: v2\n')];
  assert.match(change(before, after, { checks: { REBUCKETED: 'error' } })[0] ?? '', /:1 error REBUCKETED/);
  assert.equal(change(before, after, { checks: { REBUCKETED: 'off' } }), []);
});

test('whom weights move is counted along the line on which the variants lie', () => {
  const shares = (before: object, after: object): readonly number[] => {
    const { moved, needed } = movedShares({ ...before }, { ...after });
    return [moved, needed].map((share) => Number(share.toFixed(6)));
  };
  assert.equal(shares({ a: 1, b: 1, c: 2 }, { a: 1, b: 1, c: 2 }), [0, 0]);
  assert.equal(shares({ a: 1, b: 1, c: 8 }, { a: 2, b: 1, c: 7 }), [0.2, 0.1]);
  assert.equal(shares({ a: 1, b: 1 }, { a: 1, b: 1, c: 2 }), [0.75, 0.5]);
  assert.equal(shares({ a: 1 }, { b: 1 }), [1, 1]);
});

test.run();
