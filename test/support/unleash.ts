import { murmur3 } from '../../src/evaluation/bucket.js';
import { checkVersion } from '../../src/evaluation/check.js';
import type { Bucketer } from '../../src/evaluation/compiled.js';
import type { Clause } from '../../src/model/clause.js';
import type { EvaluationContext } from '../../src/model/evaluation.js';
import type { FlagFile, Requirement, Rule, Serve } from '../../src/model/flag.js';
import type { JsonValue } from '../../src/model/values.js';
import type { ProjectParts } from './cases.js';
import {
  isNumber,
  listOf,
  NEVER,
  networksOf,
  translateConstraint,
  translateSegment,
} from './unleash-constraint.js';
import type {
  Feature,
  State,
  Strategy,
  ToggleTest,
  UnleashContext,
  Variant,
  VariantTest,
} from './unleash-specification.js';

/**
 * Unleash's features in our words. Each feature becomes two flags, because Unleash asks two questions: `<name>` gives on
 * or off, `<name>#variant` gives the variant (`on` where an enabled feature has none). A strategy becomes a rule, its
 * rollout the rule's percentage, its constraints clauses, a dependency a requirement.
 */

/** The project that says the same. */
export function translateState({ features, segments }: Required<State>): ProjectParts {
  const flags: Record<string, FlagFile> = {};
  for (const feature of features) {
    flags[feature.name] = toggleFlag(feature);
    flags[variantKey(feature.name)] = variantFlag(feature);
  }
  return {
    flags,
    segments: Object.fromEntries(segments.map((segment) => [`s-${segment.id}`, translateSegment(segment)])),
  };
}

/** The key of the flag that gives a feature's variant. */
export function variantKey(feature: string): string {
  return `${feature}#variant`;
}

/**
 * The caller in our words. Unleash's attributes are all text: `number.<name>` holds what of them is a number. Its default
 * stickiness is the userId, else the sessionId.
 */
export function translateContext({ properties = {}, ...fields }: UnleashContext): EvaluationContext {
  const texts = Object.entries({ ...properties, ...fields }).filter(([, value]) => value !== undefined) as [
    string,
    JsonValue,
  ][];
  const numbers = texts.filter(([, value]) => typeof value === 'string' && isNumber(value));
  const targetingKey = fields.userId ?? fields.sessionId;
  return {
    ...Object.fromEntries(texts),
    number: Object.fromEntries(numbers.map(([name, value]) => [name, Number(value)])),
    ...(targetingKey === undefined ? {} : { targetingKey }),
  };
}

const VARIANT_SEED = 86028157;

/**
 * Unleash's hash: murmur3 of `<group>:<value>`, from 1 to the total. It divides people in 100 parts for rollouts. The
 * group comes out of the salt: of a gate `<flag's salt>:<number>/<group>`, of a split the flag's salt.
 */
export const unleashBucketer: Bucketer = (salt, value, total) => {
  const gate = /:\d+\/(.*)$/.exec(salt);
  if (gate === null) return normalized(decodeURIComponent(salt), value, total, VARIANT_SEED) - 1;
  return (normalized(decodeURIComponent(gate[1] ?? ''), value, 100, 0) - 1) * (total / 100);
};

function normalized(group: string, value: string, total: number, seed: number): number {
  return (murmur3(`${group}:`, value, seed) % total) + 1;
}

/** What Unleash calls the variant of a feature that has none. */
const NO_VARIANT = 'disabled';

const OFF = { enabled: false } as const;

function toggleFlag(feature: Feature): FlagFile {
  const strategies = feature.strategies ?? [];
  const rules = strategies.map((strategy, index) => strategyRule(strategy, index, 'on'));
  const serve = strategies.length === 0 ? 'on' : 'off';
  return flagFile({ feature, rules: withDependencies(feature, rules, serve), variants: { on: {}, off: {} } });
}

/** A strategy's own variants come first, then those of the feature. */
function variantFlag(feature: Feature): FlagFile {
  const strategies = feature.strategies ?? [];
  const rules = strategies.flatMap((strategy, index) => {
    const own = strategy.variants ?? [];
    return own.length > 0
      ? [strategyRule(strategy, index, splitOf(own))]
      : featureRules(feature, strategyRule(strategy, index, 'on'));
  });
  const all = [...(feature.variants ?? []), ...strategies.flatMap((strategy) => strategy.variants ?? [])];
  const variants = Object.fromEntries(
    all.map((variant) => [variant.name, { payload: variant.payload ?? null }]),
  );
  const rest = strategies.length === 0 ? featureRules(feature, { id: 'all/' }) : [];
  return flagFile({
    feature,
    salt: encodeURIComponent(splitGroup(feature)),
    rules: withDependencies(feature, [...rules, ...rest], 'off'),
    variants: { ...variants, on: {}, off: {} },
  });
}

/**
 * What a strategy without variants of its own leads to: the feature's. An enabled feature asks the toggle, which has
 * decided the rollout, and so can bucket its variants by an attribute of their own.
 */
function featureRules(feature: Feature, rule: Rule): Rule[] {
  const variants = feature.variants ?? [];
  if (variants.length === 0) return [rule];
  const stickiness = variants[0]?.stickiness ?? 'default';
  const isOn: Clause = { flag: feature.name, variant: 'on' };
  const when = [...(rule.when ?? []), isOn];
  const exceptions = variants.flatMap((variant) =>
    (variant.overrides ?? []).map(({ contextName, values }) => ({ variant, contextName, values })),
  );
  return [
    ...exceptions.map(({ variant, contextName, values }, index) => ({
      id: `${rule.id}/${index}`,
      when: [...when, { attribute: contextName, in: values }],
      serve: variant.name,
    })),
    { id: `${rule.id}/rest`, when, serve: splitOf(variants), ...bucketBy(stickiness) },
  ];
}

function flagFile(parts: {
  readonly feature: Feature;
  readonly salt?: string;
  readonly rules: Pick<FlagFile['environments'][string], 'rules' | 'requires' | 'serve'>;
  readonly variants: NonNullable<FlagFile['variants']>;
}): FlagFile {
  const { feature, salt = 'toggle', rules, variants } = parts;
  const production = feature.enabled ? { enabled: true, ...rules } : OFF;
  return { type: 'object', variants, salt, environments: { production } };
}

/** One variant of a parent, or its being on or off, is a requirement; one of several variants is a clause. */
function withDependencies(feature: Feature, rules: readonly Rule[], serve: Serve) {
  const requires: Requirement[] = [];
  const clauses: Clause[] = [];
  for (const { feature: parent, enabled = true, variants: names = [] } of feature.dependencies ?? []) {
    const variants = names.map((name) => (name === NO_VARIANT ? 'on' : name));
    const [first, second] = variants;
    if (!enabled) requires.push({ flag: parent, variant: 'off' });
    else if (first === undefined) requires.push(parent);
    else if (second === undefined) requires.push({ flag: variantKey(parent), variant: first });
    else clauses.push({ any: variants.map((variant) => ({ flag: variantKey(parent), variant })) });
  }
  return {
    requires,
    rules: rules.map((rule) => ({ ...rule, when: [...clauses, ...(rule.when ?? [])] })),
    serve,
  };
}

function strategyRule(strategy: Strategy, index: number, serve: Serve): Rule {
  const { parameters = {} } = strategy;
  const constraints = (strategy.constraints ?? []).map(translateConstraint);
  const segments = (strategy.segments ?? []).map((id): Clause => ({ segment: `s-${id}` }));
  const rollout = rolloutOf(strategy);
  return {
    id: `${index}/${encodeURIComponent(parameters.groupId ?? '')}`,
    when: [...ownClauses(strategy), ...stickinessClauses(rollout), ...constraints, ...segments],
    ...(rollout === undefined ? {} : { percentage: rollout.percentage, ...bucketBy(rollout.stickiness) }),
    serve,
  };
}

function ownClauses({ name, parameters = {} }: Strategy): Clause[] {
  switch (name) {
    case 'default':
    case 'flexibleRollout':
    case 'gradualRolloutUserId':
    case 'gradualRolloutSessionId':
    case 'gradualRolloutRandom':
      return [];
    case 'userWithId':
      return [{ attribute: 'userId', in: listOf(parameters.userIds) }];
    case 'remoteAddress':
      return [{ attribute: 'remoteAddress', cidr: networksOf(listOf(parameters.IPs)) }];
    default:
      return [NEVER];
  }
}

/** In Unleash nobody without the attribute is in, not even at 100 %; here 100 % is everybody. */
function stickinessClauses(rollout: Rollout | undefined): Clause[] {
  if (rollout === undefined || ['default', 'random'].includes(rollout.stickiness)) return [];
  return [{ attribute: rollout.stickiness, exists: true }];
}

interface Rollout {
  readonly percentage: number;
  readonly stickiness: string;
}

function rolloutOf({ name, parameters = {} }: Strategy): Rollout | undefined {
  const percentage = Number(parameters.rollout ?? parameters.percentage);
  switch (name) {
    case 'flexibleRollout':
      return { percentage, stickiness: parameters.stickiness ?? 'default' };
    case 'gradualRolloutUserId':
      return { percentage, stickiness: 'userId' };
    case 'gradualRolloutSessionId':
      return { percentage, stickiness: 'sessionId' };
    case 'gradualRolloutRandom':
      return { percentage, stickiness: 'random' };
    default:
      return undefined;
  }
}

function bucketBy(stickiness: string): Pick<Rule, 'bucketBy'> {
  return { bucketBy: stickiness === 'default' ? 'targetingKey' : stickiness };
}

function splitOf(variants: readonly Variant[]): Serve {
  return Object.fromEntries(variants.map((variant) => [variant.name, variant.weight]));
}

/** The group by which a feature's variants are hashed: that of the strategy that has variants, else the feature's name. */
function splitGroup(feature: Feature): string {
  const own = (feature.strategies ?? []).find((strategy) => isChoice(strategy.variants));
  return own?.parameters?.groupId ?? feature.name;
}

function isChoice(variants: readonly Variant[] = []): boolean {
  return variants.filter((variant) => variant.weight > 0).length > 1;
}

/** Why a question has another answer here, or undefined where it has the same. */
export function skipReason({ features }: State, test: ToggleTest | VariantTest): string | undefined {
  const feature = features.find((candidate) => candidate.name === test.toggleName);
  if (feature === undefined) return undefined;
  if (dependsOnChild(features, feature)) return 'a parent that has parents is unmet there and evaluated here';
  return comparesLeadingV(feature, translateContext(test.context))
    ? 'a version with a leading v is none there and one here'
    : undefined;
}

function comparesLeadingV(feature: Feature, context: EvaluationContext): boolean {
  const constraints = (feature.strategies ?? []).flatMap((strategy) => strategy.constraints ?? []);
  return constraints.some(({ operator, contextName, value }) => {
    const texts = [String(value), String(context[contextName])];
    const areVersions = texts.every((text) => checkVersion(text) === undefined);
    return operator.startsWith('SEMVER_') && areVersions && texts.some((text) => text.startsWith('v'));
  });
}

/** A cycle is another matter: it is unmet in both. */
function dependsOnChild(features: readonly Feature[], feature: Feature): boolean {
  const parents = parentsOf(feature);
  return features.some((other) => {
    const grandparents = parentsOf(other);
    return parents.includes(other.name) && grandparents.length > 0 && !grandparents.includes(feature.name);
  });
}

function parentsOf(feature: Feature): string[] {
  return (feature.dependencies ?? []).map((dependency) => dependency.feature);
}
