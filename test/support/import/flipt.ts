import { FliptClient } from '@flipt-io/flipt-client-js';
import { pick } from '../../../scripts/random.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import type { Proof, Subject } from './proof.js';

type Random = () => number;

/** Who asks: Flipt's contexts are texts by name. */
export interface FliptCaller {
  readonly entityId: string;
  readonly context: Readonly<Record<string, string>>;
}

/**
 * The engine that Flipt's clients evaluate with, asked what random documents say. It places people by a checksum, so thresholds
 * and distributions are at 0 or 100 %; shares are compared elsewhere.
 */
export const fliptProof: Proof<FliptCaller> = {
  source: 'flipt',
  subject: (random) => fliptSubject(randomDocument(random)),
  caller,
  context: fliptContext,
};

/** What is a number or true and false here is text there. */
export function fliptContext({ entityId, context }: FliptCaller): EvaluationContext {
  const { age, beta, ...texts } = context;
  return {
    targetingKey: entityId,
    ...texts,
    ...(age === undefined ? {} : { age: Number(age) }),
    ...(beta === undefined ? {} : { beta: beta === 'true' }),
  };
}

/** A document as features.yaml has it. */
export interface FliptDocument extends JsonObject {
  readonly flags: readonly JsonObject[];
  readonly segments: readonly JsonObject[];
}

/** Asks the engine of this document. */
export async function fliptSubject(document: FliptDocument): Promise<Subject<FliptCaller>> {
  const client = await clientOf(document);
  const flags = new Map(document.flags.map((flag) => [String(flag.key), flag]));
  return {
    texts: new Map([['features.json', JSON.stringify(document)]]),
    describe: (key) => JSON.stringify({ flag: flags.get(key), segments: document.segments }),
    ask: (flagKey, { entityId, context }) => {
      const asked = { flagKey, entityId, context };
      if (flags.get(flagKey)?.type === 'BOOLEAN_FLAG_TYPE') return client.evaluateBoolean(asked).enabled;
      const { variantKey, variantAttachment } = client.evaluateVariant(asked);
      if (variantKey === '') return undefined;
      return variantAttachment === '' ? variantKey : JSON.parse(variantAttachment);
    },
  };
}

/** What the engine is given next. */
let served: JsonValue = null;
let shared: FliptClient | undefined;

/** One engine for all: it is compiled once, and takes each document as a server's answer. */
async function clientOf(document: FliptDocument): Promise<FliptClient> {
  served = snapshotOf(document);
  if (shared === undefined) {
    const fetcher = async (): Promise<Response> => new Response(JSON.stringify(served));
    shared = await FliptClient.init({ namespace: 'default', updateInterval: 0, fetcher });
  } else {
    await shared.refresh();
  }
  return shared;
}

/** What a server of Flipt sends its clients of such a document. */
function snapshotOf({ flags, segments }: FliptDocument): JsonObject {
  const byKey = new Map(segments.map((segment) => [segment.key, segmentThere(segment)]));
  const asked = (segment: JsonValue | undefined): JsonObject => {
    const { keys = [segment ?? null], operator = 'OR_SEGMENT_OPERATOR' } = (
      typeof segment === 'object' ? segment : {}
    ) as { readonly keys?: readonly JsonValue[]; readonly operator?: string };
    return { segmentOperator: operator, segments: keys.map((key) => byKey.get(key) ?? null) };
  };
  return { namespace: { key: 'default' }, flags: flags.map((flag) => flagThere(flag, asked)) };
}

function segmentThere({ key = null, match_type, constraints = [] }: JsonObject): JsonObject {
  return {
    key,
    matchType: String(match_type).replace('_MATCH', '_SEGMENT_MATCH'),
    constraints: (constraints as readonly JsonObject[]).map(({ type, ...others }) => ({
      ...others,
      type: String(type).replace('_COMPARISON', '_CONSTRAINT_COMPARISON'),
    })),
  };
}

function flagThere(flag: JsonObject, asked: (segment: JsonValue | undefined) => JsonObject): JsonObject {
  const { key = null, type = null, enabled = null } = flag;
  const [variants, rules, rollouts] = [listOf(flag.variants), listOf(flag.rules), listOf(flag.rollouts)];
  const attachments = new Map(variants.map((variant) => [variant.key, attachmentOf(variant)]));
  const chosen = variants.find((variant) => variant.default === true);
  return {
    key,
    name: key,
    type,
    enabled,
    ...(chosen === undefined
      ? {}
      : { defaultVariant: { id: 'x', key: chosen.key ?? null, attachment: attachmentOf(chosen) } }),
    rules: rules.map(({ segment, distributions }) => ({
      ...asked(segment),
      distributions: listOf(distributions).map(({ variant = null, rollout = null }) => ({
        variantKey: variant,
        rollout,
        variantAttachment: attachments.get(variant) ?? '',
      })),
    })),
    rollouts: rollouts.map(({ threshold, segment }) =>
      threshold === undefined
        ? { segment: { ...asked(segment), value: (segment as JsonObject).value ?? false } }
        : { threshold },
    ),
  };
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return (value ?? []) as readonly JsonObject[];
}

function attachmentOf({ attachment }: JsonObject): string {
  return attachment === undefined ? '' : JSON.stringify(attachment);
}

function randomDocument(random: Random): FliptDocument {
  return {
    version: '1.5',
    namespace: { key: 'default', name: 'Default' },
    flags: ['a', 'b', 'c', 'd.e'].map((key) =>
      random() < 0.35 ? booleanFlag(random, key) : variantFlag(random, key),
    ),
    segments: SEGMENTS.map((key) => ({
      key,
      name: `Segment ${key}`,
      match_type: pick(random, ['ALL_MATCH_TYPE', 'ANY_MATCH_TYPE']),
      constraints: many(random, 3, () => constraint(random)),
    })),
  };
}

const SEGMENTS = ['internal', 'beta', 'Old people!'];

function booleanFlag(random: Random, key: string): JsonObject {
  return {
    key,
    type: 'BOOLEAN_FLAG_TYPE',
    enabled: random() < 0.5,
    rollouts: many(random, 3, () =>
      random() < 0.3
        ? { threshold: { percentage: pick(random, [0, 0, 100]), value: random() < 0.5 } }
        : { segment: { ...segments(random), value: random() < 0.5 } },
    ),
  };
}

function variantFlag(random: Random, key: string): JsonObject {
  const names = pick(random, [
    ['red', 'dark blue', 'off'],
    ['on', 'v2'],
  ]);
  const isAttached = random() < 0.4;
  const chosen = random() < 0.5 ? pick(random, names) : undefined;
  return {
    key,
    type: 'VARIANT_FLAG_TYPE',
    enabled: random() < 0.85,
    variants: names.map((name) => ({
      key: name,
      ...(isAttached ? { attachment: { name, rows: name.length } } : {}),
      ...(name === chosen ? { default: true } : {}),
    })),
    rules: many(random, 3, () => ({
      segment: random() < 0.5 ? pick(random, SEGMENTS) : segments(random),
      distributions: distributions(random, names),
    })),
  };
}

function segments(random: Random): JsonObject {
  const keys = [...new Set([pick(random, SEGMENTS), pick(random, SEGMENTS)])];
  return { keys, operator: pick(random, ['OR_SEGMENT_OPERATOR', 'AND_SEGMENT_OPERATOR']) };
}

/** One variant has all of it. */
function distributions(random: Random, names: readonly string[]): readonly JsonObject[] {
  if (random() < 0.1) return [];
  const chosen = pick(random, names);
  return names.map((variant) => ({ variant, rollout: variant === chosen ? 100 : 0 }));
}

function constraint(random: Random): JsonObject {
  const [type, property, operators, values] = pick(random, CONSTRAINTS);
  const operator = pick(random, operators);
  const value = operator.endsWith('oneof') ? JSON.stringify(values) : String(pick(random, values));
  return { type: `${type}_COMPARISON_TYPE`, property, operator, value };
}

type RandomConstraint = readonly [string, string, readonly string[], readonly (string | number)[]];

const TEXT = [
  'eq',
  'neq',
  'prefix',
  'suffix',
  'contains',
  'notcontains',
  'isoneof',
  'isnotoneof',
  'empty',
  'notempty',
];
const ORDER = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'present', 'notpresent'];

const CONSTRAINTS: readonly RandomConstraint[] = [
  ['STRING', 'country', TEXT, ['DE', 'FR', 'D']],
  ['STRING', 'app.name', TEXT, ['web', '']],
  ['ENTITY_ID', '', TEXT, ['u-1', 'u-2', 'u']],
  ['NUMBER', 'age', [...ORDER, 'isoneof', 'isnotoneof'], [17, 18, 30]],
  ['BOOLEAN', 'beta', ['true', 'false', 'present', 'notpresent'], ['']],
  ['DATETIME', 'since', ORDER, ['2026-01-01T00:00:00Z', '2026-03-01T01:00:00+01:00']],
];

function many<Item>(random: Random, most: number, make: () => Item): readonly Item[] {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, make);
}

function caller(random: Random): FliptCaller {
  const all: Readonly<Record<string, string>> = {
    country: pick(random, ['DE', 'FR', 'US', 'NONE', '']),
    'app.name': pick(random, ['web', 'web-shop', 'NONE']),
    age: pick(random, ['0', '17', '18', '30', '-5', 'NONE']),
    beta: pick(random, ['true', 'false', 'NONE']),
    since: pick(random, ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z', '2025-12-31T23:59:59Z', 'NONE']),
  };
  const entityId = random() < 0.5 ? pick(random, ['u-1', 'u-2', 'u']) : `u-${Math.floor(random() * 1e6)}`;
  return {
    entityId,
    context: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== 'NONE')),
  };
}
