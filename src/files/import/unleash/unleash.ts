import type { Clause } from '../../../model/clause.js';
import type { EnvironmentState, FlagFile, Rule } from '../../../model/flag.js';
import { Draft, freeName, Inexact, type Note, slug } from '../draft.js';
import { carriedDescription, carriedTags } from '../facts.js';
import type { ForeignInput, Imported } from '../imported.js';
import { textOf } from '../read.js';
import { eachState } from '../states.js';
import { constraintClause } from './constraint.js';
import { type Parent, requirementsOf } from './dependencies.js';
import { readExport, type UnleashExport, type UnleashFeature, type UnleashState } from './export.js';
import { nestedRules, nestedSalt, sharedGroups } from './placing.js';
import { strategyRule } from './strategy.js';
import { hasVariants, type NamedStrategy, variantGroups, variantState, variantsOf } from './variants.js';
import { wholeObjects } from './whole.js';

/**
 * Reads features of Unleash. Each is a boolean flag, which says what `isEnabled` says; one with variants has a second flag
 * beside it, `<name>-variant`, which gives what `getVariant` gives: the payload, or the variant's name where there is none.
 * Rollouts keep their shares and place other people, for Unleash hashes otherwise.
 */
export function readUnleash({ texts, targets }: ForeignInput): Imported {
  const draft = new Draft();
  const source = readExport(texts);
  const reading = new Reading(source, draft);
  for (const feature of source.features) {
    if (feature.isArchived) {
      draft.about('dropped', 'archived', `${feature.name} is archived, and answers nobody`);
      continue;
    }
    const flags: { variant?: FlagFile } = {};
    draft.flag(feature.name, (note) => {
      if (feature.flaw !== undefined) throw feature.flaw;
      const made = flagsOf(feature, { reading, note, environmentsOf: (theirs) => targets.of(theirs) });
      if (made.variant !== undefined) flags.variant = made.variant;
      return { value: made.toggle };
    });
    const key = reading.variantKey(feature.name);
    if (flags.variant !== undefined && key !== undefined) draft.beside(key, feature.name, flags.variant);
  }
  return draft.done();
}

/** What features ask of each other. */
class Reading {
  readonly #source: UnleashExport;
  readonly #draft: Draft;
  readonly #variantKeys: ReadonlyMap<string, string>;
  readonly #features: ReadonlyMap<string, UnleashFeature>;
  readonly #segments = new Map<string, Clause | boolean | Inexact>();
  readonly #sharedGroups: ReadonlySet<string>;

  constructor(source: UnleashExport, draft: Draft) {
    this.#source = source;
    this.#draft = draft;
    this.#features = new Map(source.features.map((feature) => [feature.name, feature]));
    this.#variantKeys = variantKeysOf(source.features);
    this.#sharedGroups = sharedGroups(source.features.filter(({ isArchived }) => !isArchived));
  }

  variantKey(feature: string): string | undefined {
    return this.#variantKeys.get(feature);
  }

  /** See `nestedSalt`. */
  salt(feature: UnleashFeature): string | undefined {
    return nestedSalt(feature, this.#sharedGroups);
  }

  parent(name: string): Parent | undefined {
    const feature = this.#features.get(name);
    if (feature === undefined) return undefined;
    const named = hasVariants(feature) ? variantsOf(feature, () => undefined) : undefined;
    return {
      hasParents: feature.dependencies.length > 0,
      variantKey: this.variantKey(name),
      variantGroups: variantGroups(feature),
      named,
    };
  }

  /** The clause of a segment; made once. Throws `Inexact`. */
  segment(id: string): Clause | boolean {
    const made = this.#segments.get(id) ?? this.#makeSegment(id);
    this.#segments.set(id, made);
    if (made instanceof Inexact) throw made;
    return made;
  }

  #makeSegment(id: string): Clause | boolean | Inexact {
    const segment = this.#source.segments.get(id);
    const name = segment?.name ?? id;
    if (segment?.constraints === undefined) {
      return new Inexact(
        'segment',
        `the export does not hold the constraints of segment ${name}: put the answer of GET /api/admin/segments beside it in a folder`,
      );
    }
    const about: Note = (effect, construct, reason) => this.#draft.about(effect, construct, reason);
    try {
      const clauses = wholeObjects(segment.constraints, 'constraints').map((one) =>
        constraintClause(one, about),
      );
      if (clauses.includes(false)) return false;
      const when = clauses.filter((clause) => typeof clause !== 'boolean');
      return when.length === 0 ? true : { segment: this.#draft.segment(name, { when }) };
    } catch (error) {
      if (error instanceof Inexact) return new Inexact(error.construct, `segment ${name}: ${error.message}`);
      throw error;
    }
  }
}

function variantKeysOf(features: readonly UnleashFeature[]): ReadonlyMap<string, string> {
  const taken = new Set(features.map(({ name }) => name.toLowerCase()));
  const keys = new Map<string, string>();
  for (const feature of features) {
    if (!hasVariants(feature)) continue;
    const key = freeName(`${feature.name.slice(0, 85).replace(/[-_.]+$/, '')}-variant`, (one) =>
      taken.has(one.toLowerCase()),
    );
    taken.add(key.toLowerCase());
    keys.set(feature.name, key);
  }
  return keys;
}

interface FeatureInput {
  readonly reading: Reading;
  readonly note: Note;
  readonly environmentsOf: (theirs: string | undefined) => readonly string[];
}

interface FeatureFlags {
  readonly toggle: FlagFile;
  readonly variant: FlagFile | undefined;
}

function flagsOf(feature: UnleashFeature, input: FeatureInput): FeatureFlags {
  const { reading, note, environmentsOf } = input;
  const named = hasVariants(feature) ? variantsOf(feature, note) : undefined;
  const salt = reading.salt(feature);
  const isNested = salt !== undefined;
  const toggles: Record<string, EnvironmentState> = {};
  const choices: Record<string, EnvironmentState> = {};
  for (const [theirs, state] of feature.environments) {
    const environments = environmentsOf(theirs);
    if (environments.length === 0) continue;
    if (environments.some((ours) => Object.hasOwn(toggles, ours)))
      throw new Inexact('environments', 'several of its environments go into one here');
    const strategies = strategiesOf(state, input);
    Object.assign(
      toggles,
      eachState(environments, toggleState(feature, { state, strategies, reading, isNested })),
    );
    if (named === undefined) continue;
    const choice = variantState({ toggle: feature.name, state, strategies, named, note, isNested });
    Object.assign(choices, eachState(environments, choice));
  }
  const toggle: FlagFile = {
    ...factsOf(feature, note),
    ...(isNested ? { salt } : {}),
    environments: toggles,
  };
  if (named === undefined) return { toggle, variant: undefined };
  note(
    'renamed',
    'getVariant',
    `its variants are the flag ${reading.variantKey(feature.name)} here, which gives null where the feature is off`,
  );
  const type = named.type === 'boolean' ? {} : { type: named.type };
  const facts = { description: `The variant of ${feature.name}`, salt: feature.name };
  return { toggle, variant: { ...facts, ...type, variants: named.variants, environments: choices } };
}

function factsOf({ description, isStale, tags }: UnleashFeature, note: Note): Partial<FlagFile> {
  return {
    ...carriedDescription(description, note),
    ...(isStale ? { status: 'deprecated' as const } : {}),
    ...carriedTags(tags, note),
  };
}

/** The strategies that let somebody in, under ids that are free. Those that are switched off count as not there. */
function strategiesOf(state: UnleashState, { reading, note }: FeatureInput): readonly NamedStrategy[] {
  const active = state.strategies.filter(({ disabled }) => disabled !== true);
  if (active.length === 0 && state.strategies.length > 0) {
    throw new Inexact(
      'disabled',
      "all its strategies are switched off, and what that means differs between Unleash's versions",
    );
  }
  const ids = new Set(['off', 'variants']);
  return active.flatMap((strategy) => {
    const rule = strategyRule(strategy, { note, segment: (id) => reading.segment(id) });
    if (rule === undefined) return [];
    const wanted = ruleId(textOf(strategy.title)) ?? ruleId(textOf(strategy.name)) ?? 'strategy';
    const id = freeName(wanted, (one) => ids.has(one));
    ids.add(id);
    return [{ id, strategy, rule }];
  });
}

function ruleId(text: string | undefined): string | undefined {
  const id = slug((text ?? '').replace(/([a-z])([A-Z])/g, '$1-$2'));
  return /[a-z]/.test(id) ? id : undefined;
}

interface ToggleInput {
  readonly state: UnleashState;
  readonly strategies: readonly NamedStrategy[];
  readonly reading: Reading;
  readonly isNested: boolean;
}

function toggleState(feature: UnleashFeature, input: ToggleInput): EnvironmentState {
  const { state, strategies, reading, isNested } = input;
  const { requires, rules: first = [] } = requirementsOf(
    { dependencies: feature.dependencies, groups: variantGroups(feature) },
    (name) => reading.parent(name),
  );
  const rules: readonly Rule[] = [
    ...first,
    ...(isNested ? nestedRules(strategies, toggleRule) : strategies.map(toggleRule)),
  ];
  return {
    enabled: state.isEnabled,
    ...(requires === undefined ? {} : { requires }),
    ...(rules.length === 0 ? {} : { rules }),
    ...(state.strategies.length === 0 ? {} : { serve: 'off' }),
  };
}

function toggleRule({ id, strategy, rule }: NamedStrategy): Rule {
  const { when, ...gate } = rule;
  const title = textOf(strategy.title);
  return {
    id,
    ...(title === undefined ? {} : { description: title.slice(0, 2000) }),
    ...(when.length === 0 ? {} : { when }),
    ...gate,
  };
}
