import type { Variant } from 'unleash-client';
import UnleashClient from 'unleash-client/lib/client.js';
import { defaultStrategies } from 'unleash-client/lib/strategy/index.js';
import { pick } from '../../../scripts/random.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import type { Proof, Subject } from './proof.js';

type Random = () => number;

/** Who asks: Unleash's own fields are text, and its properties too. */
export interface UnleashCaller {
  readonly fields: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
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
  subject: (random) => unleashSubject(randomFeatures(random), randomSegments(random), random() < 0.5),
  caller,
  context: unleashContext,
};

/** The same numbers are numbers, where Unleash's client sends texts. */
export function unleashContext({ fields, properties }: UnleashCaller): EvaluationContext {
  const { age, ...others } = properties;
  return { ...fields, ...others, ...(age === undefined ? {} : { age: Number(age) }) };
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
      const context = { ...fields, properties };
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

function randomFeatures(random: Random): readonly Feature[] {
  return ['a', 'b', 'c', 'd.e'].map((name, place) => {
    const payload = pick(random, PAYLOADS);
    return {
      name,
      enabled: random() < 0.85,
      strategies: many(random, 3, () => strategy(random, payload)),
      variants: random() < 0.4 ? variants(random, payload) : [],
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

function strategy(random: Random, payload: Payload): JsonObject {
  const [name, parameters] = pick<readonly [string, JsonObject]>(random, [
    ['default', {}],
    ['flexibleRollout', { rollout: pick(random, ['0', '100', '100']), stickiness: 'default', groupId: 'a' }],
    ['flexibleRollout', { rollout: '100', stickiness: pick(random, ['companyId', 'sessionId', 'random']) }],
    ['userWithId', { userIds: 'u-1, u-2,u-3' }],
    ['remoteAddress', { IPs: '10.0.0.0/8, 192.168.1.7, ::1' }],
    ['gradualRolloutUserId', { percentage: pick(random, ['0', '100']) }],
  ]);
  return {
    name,
    parameters,
    ...(random() < 0.3 ? { title: 'For some' } : {}),
    constraints: many(random, 2, () => constraint(random)),
    segments: random() < 0.3 ? [pick(random, [1, 2])] : [],
    variants: random() < 0.3 ? variants(random, payload) : [],
  };
}

/** One has all the weight; another is for people who are named. */
function variants(random: Random, payload: Payload): readonly JsonObject[] {
  const chosen = pick(random, ['blue', 'red', 'off']);
  return ['blue', 'red', 'off'].map((name) => {
    const own = payload(name);
    const isNamed = random() < 0.2;
    return {
      name,
      weight: name === chosen ? 1000 : 0,
      stickiness: 'default',
      ...(own === undefined ? {} : { payload: own }),
      ...(isNamed ? { overrides: [{ contextName: 'userId', values: ['u-3', 'u-4'] }] } : {}),
    };
  });
}

function constraint(random: Random): JsonObject {
  const number = pick(random, ['NUM_EQ', 'NUM_LT', 'NUM_LTE', 'NUM_GT', 'NUM_GTE']);
  const version = pick(random, ['SEMVER_EQ', 'SEMVER_LT', 'SEMVER_LTE', 'SEMVER_GT', 'SEMVER_GTE']);
  const text = pick(random, ['STR_CONTAINS', 'STR_STARTS_WITH', 'STR_ENDS_WITH']);
  const one = pick<JsonObject>(random, [
    { contextName: 'country', operator: 'IN', values: pick(random, [['DE', ' FR '], ['US'], []]) },
    { contextName: 'country', operator: 'NOT_IN', values: pick(random, [['DE', 'FR'], []]) },
    { contextName: 'age', operator: number, value: pick(random, ['18', '30', '0', 'none']) },
    { contextName: 'version', operator: version, value: pick(random, ['1.2.0', '2.0.0', '2.0.0-rc.1']) },
    { contextName: 'email', operator: text, values: ['acme', 'com', 'ada'], caseInsensitive: random() < 0.5 },
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
  const maybe = (name: string, texts: readonly string[]): readonly (readonly [string, string])[] =>
    random() < 0.8 ? [[name, pick(random, texts)]] : [];
  return {
    fields: Object.fromEntries([
      ...maybe('userId', ['u-1', 'u-2', 'u-3', 'u-4', 'u-9']),
      ...maybe('sessionId', ['s-1']),
      ...maybe('remoteAddress', ['10.1.2.3', '192.168.1.7', '192.168.1.8', '2001:db8::7', '::1', 'none']),
    ]),
    properties: Object.fromEntries([
      ...maybe('country', ['DE', 'FR', 'US', '']),
      ...maybe('age', ['0', '17', '18', '30', '31']),
      ...maybe('version', ['1.2.0', '1.10.0', '2.0.0', '2.0.0-rc.2', 'none']),
      ...maybe('email', ['ada@acme.com', 'Ada@ACME.com', 'eve@example.org']),
      ...maybe('companyId', ['c-1', '']),
    ]),
  };
}
