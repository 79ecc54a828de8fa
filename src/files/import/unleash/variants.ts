import type { FlagFile, Rule, Serve } from '../../../model/flag.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact, type NamedVariants, type Note, nameVariants } from '../draft.js';
import { isObject, objectsOf, textOf } from '../read.js';
import { amongClause, attributeOf } from './constraint.js';
import type { UnleashFeature, UnleashState } from './export.js';
import { bucketBy, groupOf } from './rollout.js';
import type { StrategyRule } from './strategy.js';
import { wholeTexts } from './whole.js';

/** A strategy and the rule that it became in the flag that says on or off. */
export interface NamedStrategy {
  readonly id: string;
  readonly strategy: JsonObject;
  readonly rule: StrategyRule;
}

/** True where some environment of the feature has variants. */
export function hasVariants({ environments }: UnleashFeature): boolean {
  return [...environments.values()].some((state) => allVariants(state).length > 0);
}

/** What Unleash hashes with the person to choose among variants: the feature's name, or a strategy's groupId. */
export function variantGroups({ name, environments }: UnleashFeature): ReadonlySet<string> {
  return new Set(
    [...environments.values()].flatMap(({ strategies, variants }) => [
      ...(weighted(variants).length > 1 ? [name] : []),
      ...strategies.filter((one) => weighted(objectsOf(one.variants)).length > 1).map(groupOf),
    ]),
  );
}

function weighted(variants: readonly JsonObject[]): readonly JsonObject[] {
  return variants.filter(({ weight }) => Number(weight) > 0);
}

/** The variants of all environments under our names. Throws `Inexact` where one name has two values. */
export function variantsOf({ environments }: UnleashFeature, note: Note): NamedVariants {
  const payloads = new Map<string, JsonValue>();
  for (const state of environments.values()) {
    for (const variant of allVariants(state)) {
      const [name, payload] = [String(variant.name), variant.payload ?? null];
      const known = payloads.get(name);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(payload)) {
        throw new Inexact(
          'variants',
          `variant ${JSON.stringify(name)} has several payloads, and here a variant has one value`,
        );
      }
      payloads.set(name, payload);
    }
  }
  return nameVariants(valuesOf(payloads, note), note);
}

function allVariants({ strategies, variants }: UnleashState): readonly JsonObject[] {
  return [...strategies.flatMap((strategy) => objectsOf(strategy.variants)), ...variants];
}

/** Payloads of one type are the values; without any the names are, and where they are mixed each stands as it is. */
function valuesOf(
  payloads: ReadonlyMap<string, JsonValue>,
  note: Note,
): readonly (readonly [string, JsonValue])[] {
  const values = [...payloads].map(
    ([name, payload]) => [name, payload === null ? undefined : payloadValue(payload)] as const,
  );
  if (values.every(([, value]) => value === undefined)) return values.map(([name]) => [name, name]);
  const types = new Set(
    values.map(([, value]) => (Array.isArray(value) || value === null ? 'list' : typeof value)),
  );
  if (types.size === 1 && !types.has('list')) return values.map(([name, value]) => [name, value ?? null]);
  note(
    'renamed',
    'payload',
    'its payloads are of several types, so each value is an object with the whole payload in it',
  );
  return [...payloads].map(([name, payload]) => [name, payload === null ? {} : { payload }]);
}

function payloadValue(payload: JsonValue): JsonValue {
  if (!isObject(payload)) return payload;
  const text = String(payload.value);
  if (payload.type === 'number' && Number.isFinite(Number(text))) return Number(text);
  if (payload.type !== 'json') return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

interface VariantInput {
  /** The key of the flag that says on or off. */
  readonly toggle: string;
  readonly state: UnleashState;
  readonly strategies: readonly NamedStrategy[];
  readonly named: NamedVariants;
  readonly note: Note;
  /** The other flag's rollouts are nested, so no gate here can let in the same people. */
  readonly isNested: boolean;
}

/**
 * The state of the flag that gives the variant: null where the other flag is off, which knows the switch and the
 * dependencies. It places people in a strategy's rollout as the other one does, for its salt and the rules' ids are the same.
 */
export function variantState(input: VariantInput): FlagFile['environments'][string] {
  const { toggle, state, strategies } = input;
  const off: Rule = { id: 'off', when: [{ not: { flag: toggle } }], serve: null };
  const all = strategies.every((one) => !hasOwn(one))
    ? choiceRules({ id: 'variants', rule: { when: [] }, variants: state.variants }, 'default', input)
    : strategies.flatMap((one, place) => strategyRules(one, place === strategies.length - 1, input));
  return { enabled: true, rules: [off, ...all], serve: null };
}

/** Who gets to the last strategy has been let in by it, for the other flag is on. */
function strategyRules(
  { id, strategy, rule }: NamedStrategy,
  isLast: boolean,
  input: VariantInput,
): readonly Rule[] {
  const isOwn = hasOwn({ strategy });
  const variants = isOwn ? objectsOf(strategy.variants) : input.state.variants;
  const parameters = isObject(strategy.parameters) ? strategy.parameters : {};
  const fallback = isOwn ? (textOf(parameters.stickiness) ?? 'default') : 'default';
  const gate = isLast ? { when: rule.when } : rule;
  if (input.isNested && gate.percentage !== undefined)
    throw new Inexact('groupId', 'its rollouts are of one groupId, and one before the last has variants');
  return choiceRules({ id, rule: gate, variants }, fallback, input);
}

/** Variants without any weight count as none. */
function hasOwn({ strategy }: Pick<NamedStrategy, 'strategy'>): boolean {
  return weighted(objectsOf(strategy.variants)).length > 0;
}

interface Choice {
  readonly id: string;
  readonly rule: StrategyRule;
  readonly variants: readonly JsonObject[];
}

/** Those who are named get their variant, the others one by weight; without a weight nobody gets any. */
function choiceRules(
  { id, rule, variants }: Choice,
  fallback: string,
  { named, note }: VariantInput,
): readonly Rule[] {
  const weights = weightsOf(variants, named);
  const chosen = Object.keys(weights).filter((name) => (weights[name] ?? 0) > 0);
  const { when, ...gate } = rule;
  const whole = when.length === 0 ? {} : { when };
  if (chosen.length === 0) return [{ id, ...whole, ...gate, serve: null }];
  const exceptions = exceptionRules({ id, rule, variants }, named, note);
  const [first, second] = chosen;
  const serve: Serve = second === undefined ? (first ?? null) : weights;
  const by =
    second === undefined ? {} : bucketBy(textOf(variants[0]?.stickiness) ?? fallback, 'variants', note);
  if (gate.percentage !== undefined && second !== undefined && gate.bucketBy !== by.bucketBy) {
    throw new Inexact(
      'stickiness',
      'a strategy before the last places people by one attribute and its variants by another',
    );
  }
  return [...exceptions, { id, ...whole, ...gate, ...by, serve }];
}

function weightsOf(
  variants: readonly JsonObject[],
  { nameOf }: NamedVariants,
): Readonly<Record<string, number>> {
  const weights: Record<string, number> = {};
  for (const { name, weight } of variants) {
    const ours = nameOf.get(String(name)) ?? '';
    if (typeof weight !== 'number' || !Number.isInteger(weight) || weight < 0)
      throw new Inexact('variants', 'a weight is no whole number');
    if (Object.hasOwn(weights, ours)) throw new Inexact('variants', 'a variant stands twice in a list');
    weights[ours] = weight;
  }
  return weights;
}

function exceptionRules(
  { id, rule, variants }: Choice,
  { nameOf }: NamedVariants,
  note: Note,
): readonly Rule[] {
  return variants.flatMap((variant) =>
    objectsOf(variant.overrides).map((override, place): Rule => {
      if (rule.percentage !== undefined)
        throw new Inexact(
          'overrides',
          'a strategy before the last has a rollout and variants for named people',
        );
      const values = wholeTexts(override.values, 'overrides');
      const attribute = attributeOf(override, 'overrides', note);
      const clause = amongClause(values, 'overrides', { attribute, note });
      if (typeof clause === 'boolean')
        throw new Inexact('overrides', 'an override of a variant has no values');
      const serve = nameOf.get(String(variant.name)) ?? null;
      return { id: `${id}-${serve}-${place + 1}`, when: [...rule.when, clause], serve };
    }),
  );
}
