import type { Context, Variant } from 'unleash-client';
import UnleashClient from 'unleash-client/lib/client.js';
import { defaultStrategies } from 'unleash-client/lib/strategy/index.js';
import { pick } from '../../../scripts/random.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import type { Proof, Subject } from './proof.js';

type Random = () => number;

/** Who asks: Unleash's own fields are text, and its properties too, but for odd callers. */
export interface UnleashCaller {
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly properties: Readonly<Record<string, JsonValue>>;
}

/** A feature as clients are sent it, and what stands beside it in an export. */
interface Feature extends JsonObject {
  readonly name: string;
  readonly strategies: readonly JsonObject[];
  readonly variants: readonly JsonObject[];
  readonly dependencies: readonly JsonObject[];
}

/**
 * Unleash's own client, asked what random features say. Its hash is another one, so rollouts are at 0 or 100 % and one variant
 * has all the weight; shares are compared elsewhere.
 */
export const unleashProof: Proof<UnleashCaller> = {
  source: 'unleash',
  subject: (random) => randomSubject(random, WHOLE),
  caller,
  context: unleashContext,
};

/** Of what random rollouts and variants are made. */
interface Mix {
  readonly shares: readonly string[];
  /** Of blue, red and off. */
  readonly weights: readonly (readonly number[])[];
}

const WHOLE: Mix = {
  shares: ['0', '100', '100'],
  weights: [
    [1000, 0, 0],
    [0, 1000, 0],
    [0, 0, 1000],
  ],
};

/** With shares, whose people are others there and here. */
export const PARTIAL: Mix = {
  shares: ['20', '50', '80', '100'],
  weights: [
    [250, 750, 0],
    [500, 300, 200],
    [1000, 0, 0],
  ],
};

/** Random features of such rollouts and variants. */
export function randomSubject(random: Random, mix: Mix): Subject<UnleashCaller> {
  return unleashSubject(randomFeatures(random, mix), randomSegments(random), random() < 0.5);
}

/** The same numbers are numbers, where Unleash's client sends texts. */
export function unleashContext({ fields, properties }: UnleashCaller): EvaluationContext {
  const { age, ...others } = properties;
  return {
    ...fields,
    ...others,
    ...(age === undefined ? {} : { age: typeof age === 'string' ? Number(age) : age }),
  };
}

/** Asks the client of these features, and writes them as an export or as clients are sent them. */
export function unleashSubject(
  features: readonly Feature[],
  segments: readonly JsonObject[],
  isExport: boolean,
): Subject<UnleashCaller> {
  const file = isExport ? exported(features, segments) : { version: 2, features, segments };
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  const byId = new Map(segments.map((segment) => [segment.id, segment]));
  const repository = {
    getToggle: (name: string) => byName.get(name),
    getSegment: (id: JsonValue) => byId.get(id),
  };
  const client = new UnleashClient.default(repository as never, defaultStrategies);
  return {
    texts: new Map([['export.json', JSON.stringify(file)]]),
    describe: (key) => JSON.stringify({ feature: byName.get(key.replace(/-variant$/, '')), segments }),
    ask: (key, { fields, properties }) => {
      const context = { ...fields, properties } as Context;
      if (byName.has(key)) return client.isEnabled(key, context, () => false);
      const variant = client.getVariant(key.replace(/-variant$/, ''), context);
      return variant.enabled ? payloadValue(variant) : undefined;
    },
  };
}

function payloadValue({ name, payload }: Pick<Variant, 'name' | 'payload'>): JsonValue {
  if (payload === undefined) return name;
  if (payload.type === 'number') return Number(payload.value);
  return payload.type === 'json' ? JSON.parse(payload.value) : payload.value;
}

/** As an export has it: strategies and switches apart from the features. */
function exported(features: readonly Feature[], segments: readonly JsonObject[]): JsonObject {
  const environment = 'production';
  return {
    features: features.map(({ name }) => ({
      name,
      description: `Says ${name}`,
      type: 'release',
      stale: false,
    })),
    featureStrategies: features.flatMap(({ name: featureName, strategies }) =>
      strategies.map((strategy, sortOrder) => ({ ...strategy, featureName, environment, sortOrder })),
    ),
    featureEnvironments: features.map(({ name, enabled, variants }) => ({
      featureName: name,
      environment,
      enabled: enabled ?? false,
      variants,
    })),
    featureTags: [{ featureName: 'a', tagType: 'simple', tagValue: 'web' }],
    dependencies: features.map(({ name: feature, dependencies }) => ({ feature, dependencies })),
    segments,
    tagTypes: [],
  };
}

function randomFeatures(random: Random, mix: Mix): readonly Feature[] {
  return ['a', 'b', 'c', 'd.e'].map((name, place) => {
    const payload = pick(random, PAYLOADS);
    return {
      name,
      enabled: random() < 0.85,
      strategies: many(random, 3, () => strategy(random, { payload, mix })),
      variants: random() < 0.4 ? variants(random, { payload, mix }) : [],
      dependencies: place > 1 && random() < 0.5 ? [dependency(random)] : [],
    };
  });
}

function randomSegments(random: Random): readonly JsonObject[] {
  return [1, 2].map((id) => ({
    id,
    name: `Segment ${id}`,
    constraints: many(random, 2, () => constraint(random)),
  }));
}

type Payload = (name: string) => JsonObject | undefined;

const PAYLOADS: readonly Payload[] = [
  () => undefined,
  (name) => ({ type: 'string', value: `the ${name}` }),
  (name) => ({ type: 'number', value: String(name.length) }),
  (name) => ({ type: 'json', value: JSON.stringify({ name }) }),
];

function dependency(random: Random): JsonObject {
  const feature = pick(random, ['a', 'b']);
  const kind = random();
  if (kind < 0.3) return { feature };
  return kind < 0.5 ? { feature, enabled: false } : { feature, enabled: true, variants: ['blue', 'red'] };
}

function strategy(
  random: Random,
  { payload, mix }: { readonly payload: Payload; readonly mix: Mix },
): JsonObject {
  const share = pick(random, mix.shares);
  const groupId = pick(random, ['a', 'a', 'others']);
  const [name, parameters] = pick<readonly [string, JsonObject]>(random, [
    ['default', {}],
    ['flexibleRollout', { rollout: share, stickiness: 'default', groupId }],
    ['flexibleRollout', { rollout: '100', stickiness: pick(random, ['companyId', 'sessionId', 'random']) }],
    ['userWithId', { userIds: pick(random, ['u-1, u-2,u-3', ' u-1,,u-2 ']) }],
    ['remoteAddress', { IPs: pick(random, ['10.0.0.0/8, 192.168.1.7, ::1', ' 10.0.0.0/8, none']) }],
    ['gradualRolloutUserId', { percentage: share, groupId }],
  ]);
  return {
    name,
    parameters,
    ...(random() < 0.3 ? { title: 'For some' } : {}),
    constraints: many(random, 2, () => constraint(random)),
    segments: random() < 0.3 ? [pick(random, [1, 2])] : [],
    variants: random() < 0.3 ? variants(random, { payload, mix }) : [],
  };
}

const NAMED = [{ contextName: 'userId', values: ['u-3', 'u-4'] }];

/** One may be for people who are named. */
function variants(
  random: Random,
  { payload, mix }: { readonly payload: Payload; readonly mix: Mix },
): readonly JsonObject[] {
  const weights = pick(random, mix.weights);
  return ['blue', 'red', 'off'].map((name, place) => {
    const own = payload(name);
    const isNamed = random() < 0.2;
    return {
      name,
      weight: weights[place] ?? 0,
      stickiness: 'default',
      ...(own === undefined ? {} : { payload: own }),
      ...(isNamed
        ? { overrides: pick(random, [NAMED, [{ contextName: 'country', values: ['18', 'true'] }]]) }
        : {}),
    };
  });
}

function constraint(random: Random): JsonObject {
  const number = pick(random, ['NUM_EQ', 'NUM_LT', 'NUM_LTE', 'NUM_GT', 'NUM_GTE']);
  const version = pick(random, ['SEMVER_EQ', 'SEMVER_LT', 'SEMVER_LTE', 'SEMVER_GT', 'SEMVER_GTE']);
  const text = pick(random, ['STR_CONTAINS', 'STR_STARTS_WITH', 'STR_ENDS_WITH']);
  const one = pick<JsonObject>(random, [
    {
      contextName: 'country',
      operator: 'IN',
      values: pick(random, [['DE', ' FR '], ['US', ' '], ['18', 'true'], []]),
    },
    { contextName: 'country', operator: 'NOT_IN', values: pick(random, [['DE', 'FR'], ['18', ''], []]) },
    { contextName: 'age', operator: number, value: pick(random, ['18', '30', '0', 'none', '']) },
    { contextName: 'version', operator: version, value: pick(random, ['1.2.0', '2.0.0', '2.0.0-rc.1']) },
    {
      contextName: 'email',
      operator: text,
      values: pick(random, [['acme', 'com', 'ada'], [' ']]),
      caseInsensitive: random() < 0.5,
    },
    { contextName: 'email', operator: 'REGEX', value: '^[a-z]+@acme\\.com$' },
    { contextName: 'remoteAddress', operator: 'IN_CIDR', values: ['10.0.0.0/8', '2001:db8::/32'] },
    { contextName: 'userId', operator: 'IN', values: ['u-1', 'u-5'] },
  ]);
  return { ...one, inverted: random() < 0.3 };
}

function many<Item>(random: Random, most: number, make: () => Item): readonly Item[] {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, make);
}

function caller(random: Random): UnleashCaller {
  const maybe = (name: string, values: readonly JsonValue[]): readonly (readonly [string, JsonValue])[] =>
    random() < 0.8 ? [[name, pick(random, values)]] : [];
  return {
    fields: Object.fromEntries([
      ...maybe('userId', ['u-1', 'u-2', 'u-3', 'u-4', 'u-9']),
      ...maybe('sessionId', ['s-1']),
      ...maybe('remoteAddress', ['10.1.2.3', '192.168.1.7', '192.168.1.8', '2001:db8::7', '::1', 'none']),
    ]),
    properties: Object.fromEntries([
      ...maybe('country', ['DE', 'FR', 'US', '', 'true', true, '18', 18]),
      ...maybe('age', ['0', '17', '18', '30', '31']),
      ...maybe('version', ['1.2.0', '1.10.0', '2.0.0', '2.0.0-rc.2', 'none']),
      ...maybe('email', ['ada@acme.com', 'Ada@ACME.com', 'eve@example.org']),
      ...maybe('companyId', ['c-1', '']),
    ]),
  };
}
