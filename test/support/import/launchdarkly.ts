import { basicLogger, init, type LDContext } from '@launchdarkly/node-server-sdk';
import { TestData } from '@launchdarkly/node-server-sdk/integrations';
import { pick } from '../../../scripts/random.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import type { Proof, Subject } from './proof.js';

type Random = () => number;

/** Who asks: a user, and perhaps their organization. */
export interface LaunchDarklyCaller {
  readonly user: JsonObject;
  readonly organization: JsonObject | undefined;
}

/**
 * LaunchDarkly's own SDK, asked what random flags and segments say. Its hash is another one, so one variation has all the
 * weight of a rollout; shares are compared elsewhere.
 */
export const launchDarklyProof: Proof<LaunchDarklyCaller> = {
  source: 'launchdarkly',
  subject: (random) => launchDarklySubject(randomFlags(random), randomSegments(random), random() < 0.5),
  caller,
  context: launchDarklyContext,
};

/** The caller in our words. */
export function launchDarklyContext({ user, organization }: LaunchDarklyCaller): EvaluationContext {
  const { key: targetingKey = null, ...attributes } = user;
  return { targetingKey, ...attributes, ...(organization === undefined ? {} : { organization }) };
}

/** Asks the SDK of these flags and segments, and writes them as the API or as SDKs have them. */
export async function launchDarklySubject(
  flags: readonly JsonObject[],
  segments: readonly JsonObject[],
  isApi: boolean,
): Promise<Subject<LaunchDarklyCaller>> {
  const data = new TestData();
  for (const flag of flags) await data.usePreconfiguredFlag({ ...flag, version: 1 });
  for (const segment of segments) await data.usePreconfiguredSegment({ ...segment, version: 1 });
  const client = init('sdk-key', {
    updateProcessor: data.getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: basicLogger({ level: 'none' }),
  });
  await client.waitForInitialization({ timeout: 5 });
  return {
    texts: isApi
      ? apiTexts(flags, segments)
      : new Map([['flags.json', JSON.stringify(sdkFile(flags, segments))]]),
    describe: (key) => JSON.stringify({ flag: flags.find((flag) => flag.key === key), segments }),
    ask: async (key, asking) => {
      const value = await client.variation(key, ldContext(asking), NONE);
      return value === NONE ? undefined : (value as JsonValue);
    },
    close: () => client.close(),
  };
}

/** No variation has this value. */
const NONE = 'the default of the caller';

function ldContext({ user, organization }: LaunchDarklyCaller): LDContext {
  const single = { kind: 'user', ...user };
  return (organization === undefined
    ? single
    : { kind: 'multi', user, organization }) as unknown as LDContext;
}

function sdkFile(flags: readonly JsonObject[], segments: readonly JsonObject[]): JsonObject {
  const byKey = (items: readonly JsonObject[]): JsonObject =>
    Object.fromEntries(items.map((item) => [String(item.key), item]));
  return { flags: byKey(flags), segments: byKey(segments) };
}

/** The API has what an environment says of a flag in a part of its own, and lists the segments of each environment. */
function apiTexts(
  flags: readonly JsonObject[],
  segments: readonly JsonObject[],
): ReadonlyMap<string, string> {
  const items = flags.map(({ key = null, variations, ...setting }) => ({
    key,
    kind: 'multivariate',
    variations: (variations as readonly JsonValue[]).map((value, place) => ({ _id: `id-${place}`, value })),
    environments: { Production: { ...setting, salt: 'pepper', _environmentName: 'Production' } },
  }));
  const listed = segments.map((segment) => {
    const href = `/api/v2/segments/default/Production/${String(segment.key)}`;
    return { ...segment, _links: { self: { href, type: 'application/json' } } };
  });
  return new Map([
    ['flags.json', JSON.stringify({ items, totalCount: items.length })],
    ['segments.json', JSON.stringify({ items: listed })],
  ]);
}

const VALUES: readonly (readonly JsonValue[])[] = [
  [true, false],
  [false, true, true],
  ['red', 'dark blue', 'off'],
  [0, 1.5, 100],
  [{ rows: 10 }, { rows: 100, deep: [{ x: null }] }],
];

function randomFlags(random: Random): readonly JsonObject[] {
  const counts = new Map<string, number>();
  return ['a', 'b', 'c', 'd.e'].map((key, place) => {
    const variations = pick(random, VALUES);
    counts.set(key, variations.length);
    const others = ['a', 'b', 'c'].slice(0, place);
    const required = others.length > 0 && random() < 0.35 ? [pick(random, others)] : [];
    return {
      key,
      salt: 'pepper',
      on: random() < 0.85,
      variations,
      prerequisites: required.map((other) => ({
        key: other,
        variation: Math.floor(random() * (counts.get(other) ?? 1)),
      })),
      ...targets(random, variations.length),
      rules: many(random, 3, () => ({
        id: `rule-${Math.floor(random() * 1e9)}`,
        clauses: many(random, 2, () => clause(random, SEGMENTS)),
        ...given(random, variations.length),
      })),
      fallthrough: given(random, variations.length),
      offVariation: random() < 0.8 ? Math.floor(random() * variations.length) : null,
    };
  });
}

const SEGMENTS = ['internal', 'beta', 'nested', 'gone'];

function targets(random: Random, count: number): JsonObject {
  const values = (names: readonly string[]): readonly string[] => names.filter(() => random() < 0.3);
  const users = many(random, 2, () => ({ values: values(USERS), variation: Math.floor(random() * count) }));
  if (random() < 0.6) return { targets: users };
  const organizations = {
    contextKind: 'organization',
    values: values(COMPANIES),
    variation: Math.floor(random() * count),
  };
  const order = users.map(({ variation }) => ({ contextKind: 'user', values: [], variation }));
  return {
    targets: users,
    contextTargets: random() < 0.5 ? [...order, organizations] : [organizations, ...order],
  };
}

/** A rollout in which one variation has all the weight. */
function given(random: Random, count: number): JsonObject {
  const variation = Math.floor(random() * count);
  if (random() < 0.7) return { variation };
  const weights = Array.from({ length: count }, (_, place) => ({
    variation: place,
    weight: place === variation ? 100_000 : 0,
  }));
  const by = pick<JsonObject>(random, [
    {},
    { bucketBy: 'email' },
    { contextKind: 'organization' },
    { kind: 'experiment', seed: 7 },
  ]);
  return { rollout: { variations: weights, ...by } };
}

function randomSegments(random: Random): readonly JsonObject[] {
  return SEGMENTS.slice(0, 3).map((key, place) => ({
    key,
    salt: 'salt',
    included: USERS.filter(() => random() < 0.2),
    excluded: USERS.filter(() => random() < 0.2),
    ...(random() < 0.3 ? { includedContexts: [{ contextKind: 'organization', values: ['acme'] }] } : {}),
    ...(random() < 0.3 ? { excludedContexts: [{ contextKind: 'organization', values: ['initech'] }] } : {}),
    rules: many(random, 2, () => ({
      clauses: many(random, 2, () => clause(random, SEGMENTS.slice(0, place))),
      ...(random() < 0.2 ? { weight: pick(random, [0, 100_000]) } : {}),
    })),
  }));
}

function many<Item>(random: Random, most: number, make: () => Item): readonly Item[] {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, make);
}

function clause(random: Random, segments: readonly string[]): JsonObject {
  const negate = random() < 0.3;
  if (segments.length > 0 && random() < 0.25)
    return {
      attribute: '',
      op: 'segmentMatch',
      values: [pick(random, segments), pick(random, segments)],
      negate,
    };
  return { ...pick(random, CLAUSES), negate };
}

const CLAUSES: readonly JsonObject[] = [
  { attribute: 'country', op: 'in', values: ['DE', 'FR'] },
  { attribute: 'country', op: 'in', values: [] },
  { attribute: 'age', op: 'in', values: [18, '30'] },
  { attribute: 'groups', op: 'in', values: ['beta', 'staff'] },
  { attribute: 'groups', op: 'startsWith', values: ['be', 'x'] },
  { attribute: 'key', op: 'endsWith', values: ['1', '2'] },
  { attribute: 'email', op: 'endsWith', values: ['@acme.com'] },
  { attribute: 'email', op: 'contains', values: ['eve', 7] },
  { attribute: 'email', op: 'matches', values: ['^a[a-z]+@', '\\.org$'] },
  { attribute: 'age', op: 'lessThan', values: [18] },
  { attribute: 'age', op: 'greaterThanOrEqual', values: [18, 30] },
  { attribute: 'since', op: 'before', values: ['2026-01-01T00:00:00Z'] },
  { attribute: 'since', op: 'after', values: [1_735_689_600_000, 'never', '2026-03-01T00:00:00+01'] },
  { attribute: 'version', op: 'semVerEqual', values: ['1.2', '2.0.0'] },
  { attribute: 'version', op: 'semVerLessThan', values: ['1.3.0-beta.1', 'v3'] },
  { attribute: 'version', op: 'semVerGreaterThan', values: ['1.2.3'] },
  { attribute: 'anonymous', op: 'in', values: [false] },
  { attribute: 'anonymous', op: 'in', values: [true] },
  { contextKind: 'user', attribute: '/address/city', op: 'in', values: ['Berlin'] },
  { contextKind: 'organization', attribute: 'plan', op: 'in', values: ['pro'] },
  { contextKind: 'organization', attribute: 'key', op: 'in', values: ['acme', 'globex'] },
  { contextKind: 'organization', attribute: 'anonymous', op: 'in', values: [false] },
  { attribute: 'kind', op: 'in', values: ['user'] },
];

const ODD_NAMES = ['country', 'age', 'email', 'groups', 'address'];
/** Values of another kind than an attribute has elsewhere. */
const ODD: readonly JsonValue[] = [
  ['DE', 18],
  ['eve@acme.com', true],
  [['DE']],
  [],
  {},
  { city: ['Berlin'] },
  true,
];

const USERS = ['u-1', 'u-2', 'u-3', 'ada@acme.com'];
const COMPANIES = ['acme', 'globex', 'initech'];

function caller(random: Random): LaunchDarklyCaller {
  const all: JsonObject = {
    key: random() < 0.5 ? pick(random, USERS) : `u-${Math.floor(random() * 1e6)}`,
    country: pick(random, ['DE', 'FR', 'US', '', null]),
    age: pick(random, [0, 17, 18, 25, 30, '30', null]),
    email: pick(random, ['a@acme.com', 'eve@example.org', '', null]),
    groups: pick(random, [['beta'], ['staff', 'xyz'], [], 'beta', null]),
    since: pick(random, ['2025-06-01T12:00:00Z', '2026-02-28T23:30:00Z', 1_767_225_600_000, 'never', null]),
    version: pick(random, ['1.2.0', '1.2.3', '1.3.0-beta.1', '2', '2.0.0', 'none', 2, null]),
    anonymous: pick(random, [true, false, null]),
    address: pick(random, [{ city: 'Berlin' }, { city: null }, {}, null]),
  };
  const odd = random() < 0.3 ? { [pick(random, ODD_NAMES)]: pick(random, ODD) } : {};
  const user = Object.fromEntries(Object.entries({ ...all, ...odd }).filter(([, value]) => value !== null));
  const plan = pick(random, ['pro', 'free', null]);
  const organization = { key: pick(random, COMPANIES), ...(plan === null ? {} : { plan }) };
  return { user, organization: random() < 0.5 ? organization : undefined };
}
