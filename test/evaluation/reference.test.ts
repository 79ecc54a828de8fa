import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import { explain } from '../../src/evaluation/explain.js';
import { snapshotOf } from '../support/cases.js';
import { outside, production, requires, ruled, variantOf, varying } from './forms.js';

const NOW = Date.UTC(2026, 5, 15);

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

test('above references that reach too deep everybody gets the off variant, under `not` too', () => {
  const count = 103;
  const key = (index: number) => `s-${index}`;
  const segments = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      key(index),
      { when: [index === 0 ? { attribute: 'x', equals: 1 } : { segment: key(index - 1) }] },
    ]),
  );
  const flags = Object.fromEntries(
    [99, 100, 102].map((index) => [`f-${index}`, outside(key(index))] as const),
  );
  const asking = { user: requires('f-100') };
  const environment = production(compileNow(snapshotOf({ flags: { ...flags, ...asking }, segments })));
  const answerOf = (flag: string) => evaluate(environment, flag, { x: 2 }, NOW);
  assert.is(variantOf(answerOf('f-99')), 'on');
  for (const flag of ['f-100', 'f-102', 'user']) {
    assert.is(variantOf(answerOf(flag)), 'off', flag);
    assert.equal(explain(environment, flag, { x: 2 }, NOW).evaluation, answerOf(flag));
  }
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

test.run();
