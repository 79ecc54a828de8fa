import { FlagdCore } from '@openfeature/flagd-core';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagdBucketer } from '../../src/evaluation/bucket.js';
import { compileNow } from '../../src/evaluation/compile.js';
import type { CompiledEnvironment } from '../../src/evaluation/compiled.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import type { Clause } from '../../src/model/clause.js';
import type { FlagFile, Rule, Serve, Split } from '../../src/model/flag.js';
import type { JsonValue } from '../../src/model/values.js';
import { snapshotOf } from '../support/cases.js';

/** flagd's own core answers the same questions. It hashes UTF-16 units, so salts and values here are ASCII. */

const NOW = Date.UTC(2026, 5, 15);
const SPLITS = 1000;
const CALLERS_A_SPLIT = 100;

test('100,000 random splits place everybody where flagd does (DESIGN 4, split)', () => {
  const random = generator(20260615);
  const splits = Array.from({ length: SPLITS }, () => randomSplit(random));
  const flags = splits.map(({ salt, split }, index) =>
    flagdFlag(`f-${index}`, { fractional: fractional(split, salt) }, split),
  );
  const core = coreOf(Object.fromEntries(flags));
  const environment = production(
    Object.fromEntries(
      splits.map(({ salt, split }, index) => [`f-${index}`, flagOf({ salt, serve: split, split })]),
    ),
  );
  let differences = 0;
  for (const index of splits.keys()) {
    for (let caller = 0; caller < CALLERS_A_SPLIT; caller += 1) {
      const targetingKey = randomText(random, 1, 24);
      const ours = variantOf(environment, `f-${index}`, { targetingKey });
      const theirs = core.resolveStringEvaluation(`f-${index}`, '', { targetingKey }).variant;
      if (ours === undefined || ours !== theirs) differences += 1;
    }
  }
  assert.is(differences, 0);
});

test('without a salt of its own a flag splits as flagd does by default', () => {
  const split = { one: 1, two: 2, three: 3 };
  const key = 'new-checkout';
  const core = coreOf(Object.fromEntries([flagdFlag(key, { fractional: fractional(split) }, split)]));
  const environment = production({ [key]: flagOf({ serve: split, split }) });
  for (let user = 0; user < 1000; user += 1) {
    const targetingKey = `u-${user}`;
    const theirs = core.resolveStringEvaluation(key, '', { targetingKey }).variant;
    assert.is(variantOf(environment, key, { targetingKey }), theirs);
  }
});

test('the bucketer is exact where flagd counts with big integers', () => {
  const split = { a: 1, b: 2 ** 31 - 3, c: 1 };
  const core = coreOf(Object.fromEntries([flagdFlag('f', { fractional: fractional(split, 's') }, split)]));
  const environment = production({ f: flagOf({ salt: 's', serve: split, split }) });
  for (let user = 0; user < 1000; user += 1) {
    const targetingKey = `u-${user}`;
    const theirs = core.resolveStringEvaluation('f', '', { targetingKey }).variant;
    assert.is(variantOf(environment, 'f', { targetingKey }), theirs);
    assert.ok(flagdBucketer('s', targetingKey, 2 ** 31 - 1) < 2 ** 31 - 1);
  }
});

const text = fc.constantFrom('DE', 'FR', 'pro', 'marc@acme.com', '');
const SPLIT: Split = { one: 1, two: 2, three: 3 };
const serve: fc.Arbitrary<Serve> = fc.constantFrom('one', 'two', 'three', SPLIT);

/** Clauses that both can express, as pairs of ours and flagd's. */
const leaf: fc.Arbitrary<readonly [Clause, JsonValue]> = fc
  .constantFrom('x', 'y', 'o.p')
  .chain((attribute) => {
    const read = { var: attribute };
    return fc.oneof(
      text.map((wanted) => [{ attribute, equals: wanted }, { '===': [read, wanted] }] as const),
      fc
        .array(text, { minLength: 1 })
        .map((wanted) => [{ attribute, in: wanted }, { in: [read, wanted] }] as const),
      text.map((end) => [{ attribute, endsWith: end }, { ends_with: [read, end] }] as const),
      text.map((start) => [{ attribute, startsWith: start }, { starts_with: [read, start] }] as const),
      fc
        .integer({ min: -2, max: 2 })
        .map((limit) => [{ attribute: 'n', gte: limit }, { '>=': [{ var: 'n' }, limit] }] as const),
      fc
        .integer({ min: -2, max: 2 })
        .map((limit) => [{ attribute: 'n', lt: limit }, { '<': [{ var: 'n' }, limit] }] as const),
      fc
        .constantFrom('1.2.3', '2.0.0-rc.1')
        .map(
          (wanted) =>
            [{ attribute: 'v', semverGte: wanted }, { sem_ver: [{ var: 'v' }, '>=', wanted] }] as const,
        ),
    );
  });

const clause: fc.Arbitrary<readonly [Clause, JsonValue]> = fc.oneof(
  leaf,
  leaf.map(([ours, theirs]) => [{ not: ours }, { '!': [theirs] }] as const),
  fc
    .array(leaf, { minLength: 1, maxLength: 3 })
    .map(
      (parts) => [{ all: parts.map(([ours]) => ours) }, { and: parts.map(([, theirs]) => theirs) }] as const,
    ),
  fc
    .array(leaf, { minLength: 1, maxLength: 3 })
    .map(
      (parts) => [{ any: parts.map(([ours]) => ours) }, { or: parts.map(([, theirs]) => theirs) }] as const,
    ),
);

/** The attributes are all there and of the types that the clauses ask for: flagd coerces, we do not. */
const context = fc.record({
  targetingKey: fc.constantFrom('u-1', 'u-2', 'u-3', 'u-4', 'u-5'),
  x: text,
  y: text,
  o: fc.record({ p: text }),
  n: fc.integer({ min: -3, max: 3 }),
  v: fc.constantFrom('1.2.2', '1.2.3', '2.0.0', '2.0.0-rc.0'),
});

test('flags with rules answer what flagd answers, variant and value (DESIGN 4, order)', () => {
  const rules = fc.array(fc.tuple(clause, serve), { maxLength: 3 });
  fc.assert(
    fc.property(rules, serve, fc.array(context, { minLength: 5, maxLength: 5 }), (ruled, rest, contexts) => {
      const ours = ruled.map(
        ([[when], served], index): Rule => ({ id: `r-${index}`, when: [when], serve: served }),
      );
      const theirs = ruled.flatMap(([[, condition], served]) => [condition, servedByFlagd(served)]);
      const core = coreOf(
        Object.fromEntries([flagdFlag('f', { if: [...theirs, servedByFlagd(rest)] }, SPLIT)]),
      );
      const environment = production({ f: flagOf({ rules: ours, serve: rest, split: SPLIT }) });
      for (const caller of contexts) {
        const answer = evaluate(environment, 'f', caller, NOW);
        const expected = core.resolveStringEvaluation('f', '', caller);
        assert.equal(answer.kind === 'value' ? [answer.variant, answer.value] : [], [
          expected.variant,
          expected.value,
        ]);
      }
    }),
    { numRuns: 1000 },
  );
});

function servedByFlagd(served: Serve): JsonValue {
  return typeof served === 'object' && served !== null ? { fractional: fractional(served) } : served;
}

/** flagd puts the flag's key before the targetingKey, unless the text to hash is given. */
function fractional(split: Split, salt?: string): JsonValue {
  const weights = Object.entries(split).map(([variant, weight]) => [variant, weight]);
  return salt === undefined ? weights : [{ cat: [salt, { var: 'targetingKey' }] }, ...weights];
}

function flagdFlag(key: string, targeting: JsonValue, split: Split): [string, JsonValue] {
  return [
    key,
    { state: 'ENABLED', variants: variantsOf(split), defaultVariant: Object.keys(split)[0] ?? '', targeting },
  ];
}

function coreOf(flags: Readonly<Record<string, JsonValue>>): FlagdCore {
  const core = new FlagdCore();
  core.setConfigurations(JSON.stringify({ flags }));
  return core;
}

interface Parts {
  readonly salt?: string;
  readonly rules?: readonly Rule[];
  readonly serve: Serve;
  readonly split: Split;
}

function flagOf({ salt, rules = [], serve: rest, split }: Parts): FlagFile {
  const variants = variantsOf(split);
  const environments = { production: { enabled: true, rules, serve: rest } };
  return { type: 'string', variants, environments, ...(salt === undefined ? {} : { salt }) };
}

function variantsOf(split: Split): Record<string, string> {
  return Object.fromEntries(Object.keys(split).map((variant) => [variant, `value of ${variant}`]));
}

function production(flags: Readonly<Record<string, FlagFile>>): CompiledEnvironment {
  const environment = compileNow(snapshotOf({ flags })).environments.get('production');
  if (environment === undefined) throw new Error('no production');
  return environment;
}

function variantOf(
  environment: CompiledEnvironment,
  key: string,
  caller: Record<string, string>,
): string | undefined {
  const answer = evaluate(environment, key, caller, NOW);
  return answer.kind === 'value' ? answer.variant : undefined;
}

type Random = (below: number) => number;

/** A small generator of its own (a linear congruence), so that every run asks the same. */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomText(random: Random, least: number, most: number): string {
  const length = least + random(most - least + 1);
  return Array.from({ length }, () => String.fromCharCode(0x20 + random(0x5f))).join('');
}

function randomSplit(random: Random): { readonly salt: string; readonly split: Split } {
  const count = 2 + random(8);
  const largest = [10, 100, 100_000, Math.floor((2 ** 31 - 1) / count)][random(4)] ?? 10;
  const weights = Array.from({ length: count }, (_, index) => [`v${index}`, random(largest + 1)] as const);
  return { salt: randomText(random, 1, 20), split: Object.fromEntries([...weights, ['last', 1]]) };
}

test.run();
