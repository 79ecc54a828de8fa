import type { Clause } from '../../../model/clause.js';
import type { EnvironmentState, FlagFile, Rule, Serve, Split } from '../../../model/flag.js';
import { parseFlagKey } from '../../../model/keys.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { type Draft, freeName, Inexact, type NamedVariants, type Note, nameVariants } from '../draft.js';
import { isObject, textOf } from '../read.js';
import { listedObjects, switchOf } from '../strict.js';
import { whenOf } from '../when.js';
import { logicCondition } from './jsonlogic.js';
import { queryCondition } from './query.js';

/** What a flag is read with. */
export interface FlagReading {
  readonly draft: Draft;
  readonly note: Note;
}

/** A flag's variants and what it does. Throws `Inexact`. */
export function flagOf(
  flag: JsonObject,
  reading: FlagReading,
): Pick<FlagFile, 'type' | 'variants' | 'bucketBy'> & { readonly state: EnvironmentState } {
  refuseClock(flag);
  const named = variantsOf(flag, reading.note);
  const all = { ...reading, named };
  const rules = rulesOf(listedObjects(flag.targeting, 'targeting'), all);
  if (!isObject(flag.defaultRule)) throw new Inexact('defaultRule', 'the flag has none');
  const serve = servedBy(flag.defaultRule, all);
  const { on, off, ...others } = named.variants;
  const isPlain = on === true && off === false && Object.keys(others).length === 0;
  return {
    ...(named.type === 'boolean' ? {} : { type: named.type }),
    ...bucketing(flag, reading.note),
    ...(isPlain ? {} : { variants: named.variants }),
    state: stateOf({ isDisabled: switchOf(flag.disable, 'disable'), named, rules, serve }),
  };
}

/** No rule here reads the clock; a window with neither start nor end is always open, and steps without a date never come. */
function refuseClock({ experimentation, scheduledRollout }: JsonObject): void {
  const window = mapOf(experimentation, 'experimentation');
  if (isThere(window.start) || isThere(window.end))
    throw new Inexact('experimentation', `the flag counts between two moments, and ${NO_CLOCK}`);
  if (listedObjects(scheduledRollout, 'scheduledRollout').some(({ date }) => isThere(date)))
    throw new Inexact('scheduledRollout', `it changes the flag at its dates, and ${NO_CLOCK}`);
}

const NO_CLOCK =
  'no rule here reads the clock: import it again when the last has passed, with what holds then';

/** What is there and no map may hold anything. */
function mapOf(value: JsonValue | undefined, construct: string): JsonObject {
  if (isObject(value)) return value;
  if (isThere(value)) throw new Inexact(construct, `${construct} is no map`);
  return {};
}

function isThere(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function variantsOf({ variations }: JsonObject, note: Note): NamedVariants {
  if (!isObject(variations)) throw new Inexact('variations', 'the flag has no variations');
  return nameVariants(Object.entries(variations), note);
}

/** What is hashed; a caller without it gets an error and their own default there. */
function bucketing({ bucketingKey }: JsonObject, note: Note): Pick<FlagFile, 'bucketBy'> {
  if (bucketingKey === undefined || bucketingKey === null || bucketingKey === '') return {};
  const name = textOf(bucketingKey);
  if (name === undefined || name.length > 200 || name in {})
    throw new Inexact('bucketingKey', 'it names no attribute here');
  note(
    'assumed',
    'bucketingKey',
    `callers have ${name} as text: without it they get their own default there`,
  );
  return { bucketBy: name };
}

interface RuleReading extends FlagReading {
  readonly named: NamedVariants;
}

function rulesOf(rules: readonly JsonObject[], reading: RuleReading): readonly Rule[] {
  const ids = new Set<string>();
  return rules.flatMap((rule, place): readonly Rule[] => {
    if (switchOf(rule.disable, 'disable')) {
      reading.note('dropped', 'disable', `rule ${textOf(rule.name) ?? place + 1} is disabled`);
      return [];
    }
    const when = conditionOf(rule, reading);
    const serve = servedBy(rule, reading);
    if (when === false) return [];
    const name = textOf(rule.name);
    const isOurs = name !== undefined && parseFlagKey(name) !== undefined;
    const id = freeName(isOurs ? name : `rule-${place + 1}`, (one) => ids.has(one));
    ids.add(id);
    const described = name === undefined || isOurs ? {} : { description: name.slice(0, 2000) };
    const conditions = whenOf(when);
    return [{ id, ...described, ...conditions, ...serving(serve) }];
  });
}

function conditionOf(rule: JsonObject, { draft, note }: RuleReading): Clause | boolean {
  if (typeof rule.query !== 'string') throw new Inexact('query', 'a rule has no query');
  const query = rule.query.trim();
  if (query === '') throw new Inexact('query', 'a rule has an empty query');
  return query.startsWith('{') ? logicCondition(query, { draft, note }) : queryCondition(query, note);
}

/** What a rule gives: a rollout counts before a percentage, and this before a variation. */
function servedBy(rule: JsonObject, { named, note }: RuleReading): Serve {
  if (isThere(rule.progressiveRollout))
    throw new Inexact('progressiveRollout', `its share grows with the time, and ${NO_CLOCK}`);
  if (isThere(rule.percentage) && !isObject(rule.percentage))
    throw new Inexact('percentage', 'percentage is no map');
  if (isObject(rule.percentage)) return splitOf(rule.percentage, { named, note });
  return variantOf(textOf(rule.variation), named);
}

function variantOf(name: string | undefined, { nameOf }: NamedVariants): string {
  const variant = name === undefined ? undefined : nameOf.get(name);
  if (variant === undefined)
    throw new Inexact(
      'variation',
      `the flag has no variation ${JSON.stringify(name ?? null)}, which a rule gives`,
    );
  return variant;
}

function splitOf(percentage: JsonObject, { named, note }: Pick<RuleReading, 'named' | 'note'>): Serve {
  const shares = Object.entries(percentage).map(([name, share]) => {
    if (typeof share !== 'number' || share < 0)
      throw new Inexact('percentage', `the share of ${name} is no number from 0`);
    return [variantOf(name, named), Math.round(share * 1000)] as const;
  });
  const given = shares.filter(([, share]) => share > 0);
  const [first, second] = given;
  if (first === undefined) throw new Inexact('percentage', 'nobody has a share');
  note(
    'assumed',
    'percentage',
    'callers have a targetingKey, or what bucketingKey names: without it they get their own default there',
  );
  if (second === undefined) return first[0];
  note(
    'moved',
    'percentage',
    "it takes the rest of a division of the hash of the flag's key and the caller's",
  );
  return plainWeights(given);
}

function plainWeights(shares: readonly (readonly [string, number])[]): Split {
  const unit = shares.every(([, share]) => share % 1000 === 0) ? 1000 : 1;
  return Object.fromEntries(shares.map(([name, share]) => [name, share / unit]));
}

function serving(serve: Serve): { readonly serve?: Serve } {
  return serve === 'on' ? {} : { serve };
}

interface StateInput {
  readonly isDisabled: boolean;
  readonly named: NamedVariants;
  readonly rules: readonly Rule[];
  readonly serve: Serve;
}

/** A disabled flag gives every caller their own default; where it has a variant off, only a rule says that here. */
function stateOf({ isDisabled, named, rules, serve }: StateInput): EnvironmentState {
  const listed = rules.length === 0 ? {} : { rules };
  if (!isDisabled) return { enabled: true, ...listed, ...serving(serve) };
  if (!Object.hasOwn(named.variants, 'off')) return { enabled: false, ...listed, ...serving(serve) };
  return {
    enabled: true,
    rules: [
      {
        id: freeName('disabled', (id) => rules.some((one) => one.id === id)),
        description: DISABLED,
        serve: null,
      },
      ...rules,
    ],
    ...serving(serve),
  };
}

const DISABLED =
  "Disabled in GO Feature Flag: everyone gets the caller's own default. Take this rule out to enable the flag.";
