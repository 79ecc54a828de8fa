import { FlagdCore, MemoryStorage } from '@openfeature/flagd-core';
import { pick } from '../../../scripts/random.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import type { Proof, Subject } from './proof.js';

type Random = () => number;

/** flagd's own core, asked what random definitions say. Callers are as the notes of the import describe them. */
export const flagdProof: Proof<EvaluationContext> = {
  source: 'flagd',
  subject,
  caller,
  context: (caller) => caller,
  odd: (caller) => Object.keys(caller).flatMap((name) => (isOdd(caller[name]) ? [NAMES[name] ?? name] : [])),
};

const NAMES: Readonly<Record<string, string>> = { app: 'app.version' };

const TYPES = ['boolean', 'string', 'number', 'object'] as const;
const VARIANTS: Readonly<Record<(typeof TYPES)[number], JsonObject>> = {
  boolean: { on: true, off: false },
  string: { red: '#f00', 'dark blue': '#00f', true: 'yes', false: 'no', off: 'none' },
  number: { few: 1, many: 100, '7': 7 },
  object: { small: { rows: 10 }, large: { rows: 100, deep: [{ x: null }] } },
};

function subject(random: Random): Subject<EvaluationContext> {
  const types = new Map(['a', 'b', 'c', 'd', 'e.f'].map((key) => [key, pick(random, TYPES)]));
  const flags = Object.fromEntries([...types].map(([key, type]) => [key, flag(random, VARIANTS[type])]));
  const $evaluators = { acme: condition(random, 1, []), nested: condition(random, 1, ['acme']) };
  const text = JSON.stringify({ $evaluators, flags });
  const storage = new MemoryStorage(SILENT);
  storage.setConfigurations(text, false);
  const core = new FlagdCore(storage, SILENT);
  return {
    texts: new Map([['flags.flagd.json', text]]),
    describe: (key) => JSON.stringify({ $evaluators, flag: flags[key] }),
    ask: (key, context) => {
      const answer = core.resolve(types.get(key) ?? 'boolean', key, NONE, context as never, SILENT);
      return answer.value === NONE ? undefined : (answer.value as JsonValue);
    },
  };
}

/** No variant has this value. */
const NONE = 'the default of the caller';
const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function flag(random: Random, variants: JsonObject): JsonObject {
  const names = Object.keys(variants);
  return {
    state: random() < 0.9 ? 'ENABLED' : 'DISABLED',
    variants,
    defaultVariant: random() < 0.85 ? pick(random, names) : null,
    ...(random() < 0.9 ? { targeting: targeting(random, names) } : {}),
  };
}

function targeting(random: Random, names: readonly string[]): JsonValue {
  const part = result(random, 2, names);
  return typeof part === 'object' && part !== null ? part : { if: [condition(random, 2, REFS), part] };
}

const REFS = ['acme', 'nested'];

function result(random: Random, depth: number, names: readonly string[]): JsonValue {
  const kind = random();
  if (depth > 0 && kind < 0.5) {
    const cases = random() < 0.5 ? 1 : 2;
    const parts = Array.from({ length: cases }, () => [
      condition(random, 2, REFS),
      result(random, depth - 1, names),
    ]).flat();
    return { if: random() < 0.6 ? [...parts, result(random, depth - 1, names)] : parts };
  }
  if (kind < 0.75) return fractional(random, names);
  if (kind < 0.8) return condition(random, 1, REFS);
  return pick(random, [...names, ...names, null, 'nowhere']);
}

function fractional(random: Random, names: readonly string[]): JsonValue {
  const [first = '', second = '', third = ''] = [...names].sort(() => random() - 0.5);
  const buckets: JsonValue[] = [
    [first, 1 + Math.floor(random() * 90)],
    [second, 5],
  ];
  if (third !== '' && random() < 0.5) buckets.push([third, Math.floor(random() * 3)]);
  if (random() < 0.2) return { fractional: buckets.map((bucket) => [(bucket as string[])[0] ?? '']) };
  if (random() < 0.2) {
    return { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'companyId' }] }, ...buckets] };
  }
  return { fractional: buckets };
}

function condition(random: Random, depth: number, refs: readonly string[]): JsonValue {
  const kind = random();
  if (depth > 0 && kind < 0.4) {
    const inner = (): JsonValue => condition(random, depth - 1, refs);
    if (kind < 0.15) return { and: [inner(), inner()] };
    if (kind < 0.3) return { or: [inner(), inner(), inner()] };
    return kind < 0.35 ? { '!': [inner()] } : { if: [inner(), inner(), inner()] };
  }
  if (refs.length > 0 && kind < 0.5) return { $ref: pick(random, refs) };
  return test(random);
}

function test(random: Random): JsonValue {
  const order = pick(random, ['<', '<=', '>', '>=']);
  const same = pick(random, ['==', '===', '!=', '!==']);
  const limit = pick(random, [-1, 0, 18, 30]);
  const sign = pick(random, ['=', '!=', '<', '<=', '>', '>=', '^', '~']);
  return pick<JsonValue>(random, [
    { [same]: [{ var: 'country' }, pick(random, COUNTRIES)] },
    { [same]: [pick(random, COUNTRIES), { var: ['country'] }] },
    { [same]: [{ var: 'beta' }, random() < 0.5] },
    { [order]: [{ var: 'age' }, limit] },
    { [order]: [limit, { var: 'age' }] },
    { '<': [1, { var: 'age' }, 25] },
    { in: [{ var: 'country' }, ['DE', 'FR']] },
    { in: ['@acme.com', { var: 'email' }] },
    { starts_with: [{ var: 'email' }, 'ada'] },
    { ends_with: [{ var: 'email' }, '.com'] },
    { sem_ver: [{ var: 'app.version' }, sign, pick(random, VERSIONS)] },
    { '==': [{ var: '$flagd.flagKey' }, 'a'] },
    { var: pick(random, ['beta', 'age', 'country']) },
    { '==': [{ var: 'country' }, null] },
    pick(random, STRANGE),
    true,
  ]);
}

/** What implementations of flagd read each in its own way, and what is easily read otherwise than it is meant. */
const STRANGE: readonly JsonValue[] = [
  { and: [] },
  { or: { var: 'beta' } },
  { '!': [{ var: 'beta' }, true] },
  { '<': [0, { var: 'age' }, 31, 18] },
  { in: ['', { var: 'email' }] },
  { '>': [{ var: 'country.length' }, 1] },
  { '===': [{ var: 'country.0' }, 'DE'] },
];

/** Values of another kind than an attribute has elsewhere. */
const ODD: readonly JsonValue[] = [['DE'], ['DE', 18, true, 'ada@acme.com', '1.2.3'], [], {}, { x: 'DE' }];

function isOdd(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('version' in value ? isOdd(value.version) : true);
}

const COUNTRIES = ['DE', 'FR', 'US', ''];
const VERSIONS = ['1.0.0', '1.2.0', '1.2.3', '1.3.0-beta.1', '2.0.0', 'v2.1.0', '3.0.0-0'];

function caller(random: Random): EvaluationContext {
  const age = pick(random, [0, 1, 17, 18, 25, 30, 31, null]);
  const country = pick(random, [...COUNTRIES, null]);
  const beta = pick(random, [true, false, null]);
  const email = pick(random, ['ada@acme.com', 'eve@example.org', '', null]);
  const version = pick(random, [...VERSIONS, 'none', null]);
  const all = {
    targetingKey: random() < 0.95 ? `u-${Math.floor(random() * 1e6)}` : null,
    companyId: `c-${Math.floor(random() * 1000)}`,
    country,
    beta,
    email,
    age,
    ...(version === null ? {} : { app: { version } }),
  };
  const named = pick(random, ['country', 'beta', 'email', 'age', 'app']);
  const value = pick(random, ODD);
  const odd = random() < 0.3 ? { [named]: named === 'app' ? { version: value } : value } : {};
  return Object.fromEntries(Object.entries({ ...all, ...odd }).filter(([, one]) => one !== null));
}
