import type { Clause } from '../../../model/clause.js';
import type { EnvironmentState, Requirement, Rule, Serve } from '../../../model/flag.js';
import { parseFlagKey } from '../../../model/keys.js';
import type { JsonObject } from '../../../model/values.js';
import { type Draft, freeName, Inexact, type Note } from '../draft.js';
import { isObject, textOf } from '../read.js';
import { listedObjects, listedTexts, switchOf } from '../strict.js';
import { whenOf } from '../when.js';
import { keyAttribute, kindOf } from './attribute.js';
import { conditionOf } from './clause.js';
import { type Given, givenOf, variantOf } from './rollout.js';
import { named, type Segments } from './segments.js';
import { type NamedVariations, variationNames } from './variations.js';

/** What the state of a flag in one environment is read with. */
export interface StateReading {
  readonly key: string;
  readonly named: NamedVariations;
  readonly segments: Segments;
  readonly draft: Draft;
  readonly note: Note;
  /** Another flag, and its state in the same environment. */
  readonly other: (key: string) => FlagThere | undefined;
}

/** A flag as SDKs of one environment are given it: the variations stand in one part, the state in the other. */
export interface FlagThere {
  readonly flag: JsonObject;
  readonly setting: JsonObject;
}

/** Reads what a flag does in one environment. Throws `Inexact`. */
export function stateOf(setting: JsonObject, reading: StateReading): EnvironmentState {
  const { names, variants } = reading.named;
  const off = isNothing(setting.offVariation) ? null : variantOf(setting.offVariation, names);
  /** Where the flag has a variant off, it is what all get who get nothing else: only a rule gives them no value. */
  const needsRule = off === null && Object.hasOwn(variants, 'off');
  const isOn = switchOf(setting.on, 'on');
  const required = listedObjects(setting.prerequisites, 'prerequisites').map((one) =>
    requirementOf(one, reading),
  );
  const list = new RuleList(reading);
  if (!isOn && needsRule) list.add({ id: 'off', when: true, given: null, description: OFF });
  if (required.length > 0 && needsRule) list.add({ id: 'prerequisites', when: unmet(required), given: null });
  addTargets(setting, list, reading);
  addRules(setting, list, reading);
  const serve = addFallthrough(setting, list, reading);
  return {
    enabled: isOn || needsRule,
    ...(off === null || off === 'off' ? {} : { offVariant: off }),
    ...(required.length === 0 || needsRule ? {} : { requires: required.map(shortRequirement) }),
    ...(list.rules.length === 0 ? {} : { rules: list.rules }),
    ...(serve === 'on' ? {} : { serve }),
  };
}

const OFF =
  "Off in LaunchDarkly, without an off variation: everyone gets the caller's own default. Take this rule out to turn the flag on.";

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Rules in order, each under a name of its own. */
class RuleList {
  readonly rules: Rule[] = [];
  readonly #ids = new Set<string>();
  readonly #note: Note;

  constructor({ note }: StateReading) {
    this.#note = note;
  }

  /** Adds a rule, and behind a split one for those who have no value to place them by. */
  add({ id, when, given, description }: NewRule): void {
    if (when === false) return;
    const conditions = whenOf(when);
    const about = description === undefined ? {} : { description };
    const shared = { id: this.freeId(id), ...about, ...conditions };
    if (given === null || given.kind === 'variant') {
      this.rules.push({ ...shared, ...serving(given === null ? null : given.variant) });
      return;
    }
    const { bucketBy, weights, first } = given;
    const isKey = bucketBy === 'targetingKey';
    this.rules.push({ ...shared, ...(isKey ? {} : { bucketBy }), serve: weights });
    if (!isKey) this.rules.push({ id: this.freeId(`${id}-others`), ...conditions, ...serving(first) });
  }

  /** The name, or one of ours that is free. */
  freeId(wanted: string): string {
    const isOurs = parseFlagKey(wanted) !== undefined && wanted.length <= 90;
    const id = freeName(isOurs ? wanted : `rule-${this.rules.length + 1}`, (name) => this.#ids.has(name));
    if (!isOurs)
      this.#note('renamed', 'rule', `rule ${JSON.stringify(wanted.slice(0, 60))} is called ${id} here`);
    this.#ids.add(id);
    return id;
  }
}

interface NewRule {
  readonly id: string;
  readonly when: Clause | boolean;
  /** Null for the caller's own default. */
  readonly given: Given | null;
  readonly description?: string;
}

function serving(variant: string | null): { readonly serve?: string | null } {
  return variant === 'on' ? {} : { serve: variant };
}

/** The variation that another flag must give; it must be on, too. */
function requirementOf(
  { key, variation }: JsonObject,
  { other }: StateReading,
): Required<Exclude<Requirement, string>> {
  const name = textOf(key) ?? '';
  const there = other(name);
  if (there === undefined)
    throw new Inexact('prerequisites', `it asks for flag ${name}, which is not in the export`);
  const { flag, setting } = there;
  if (setting.on !== true && setting.offVariation === variation) {
    throw new Inexact(
      'prerequisites',
      `it asks for the variation that flag ${name} gives while it is off: there a flag that is off is never enough`,
    );
  }
  return { flag: name, variant: variantOf(variation, variationNames(flag)) };
}

function shortRequirement({ flag, variant }: Required<Exclude<Requirement, string>>): Requirement {
  return variant === 'on' ? flag : { flag, variant };
}

function unmet(required: readonly Required<Exclude<Requirement, string>>[]): Clause {
  const [first, second] = required;
  const met: Clause = first !== undefined && second === undefined ? first : { all: [...required] };
  return { not: met };
}

/** So many names are better kept in a file of their own. */
const MANY = 100;

/**
 * Individual targets. They are rules before the others, because overrides here would count while the flag is off too, and
 * name callers by their e-mail address.
 */
function addTargets(setting: JsonObject, list: RuleList, reading: StateReading): void {
  for (const { kind, values, variant } of targetsOf(setting, reading)) {
    const attribute = keyAttribute(kind);
    const id = `${kind === 'user' ? 'targets' : `targets-${kind}`}-${variant}`;
    const clause = named(attribute, values);
    const isLong = values.length > MANY && typeof clause !== 'boolean';
    const when = isLong
      ? { segment: reading.draft.segment(`${reading.key}-${id}`, { when: [clause] }) }
      : clause;
    list.add({ id, when, given: { kind: 'variant', variant }, description: 'Individual targets' });
  }
}

interface Target {
  readonly kind: string;
  readonly values: readonly string[];
  readonly variant: string;
}

/** Where there are targets of several kinds, their list has the order, and the keys of users stand in the other. */
function targetsOf(setting: JsonObject, { named: { names } }: StateReading): readonly Target[] {
  const users = listedObjects(setting.targets, 'targets');
  const several = listedObjects(setting.contextTargets, 'contextTargets');
  const read = (target: JsonObject, kind: string): Target => {
    const values = [...new Set(listedTexts(target.values, 'targets'))];
    return { kind, values, variant: values.length === 0 ? '' : variantOf(target.variation, names) };
  };
  const all =
    several.length === 0
      ? users.map((target) => read(target, kindOf(target.contextKind)))
      : several.flatMap((target) => {
          const kind = kindOf(target.contextKind);
          if (kind !== 'user') return [read(target, kind)];
          const same = users.find(({ variation }) => variation === target.variation);
          return same === undefined ? [] : [read(same, kindOf(same.contextKind))];
        });
  return all.filter(({ values }) => values.length > 0);
}

function addRules(setting: JsonObject, list: RuleList, reading: StateReading): void {
  const {
    note,
    segments,
    named: { names },
  } = reading;
  for (const [place, rule] of listedObjects(setting.rules, 'rules').entries()) {
    if (rule.clauses === undefined || rule.clauses === null) continue;
    const when = conditionOf(listedObjects(rule.clauses, 'clauses'), {
      note,
      segment: (key) => segments.clause(key),
    });
    const description = textOf(rule.description);
    const id = textOf(rule.id) ?? textOf(rule._id) ?? `rule-${place + 1}`;
    list.add({
      id,
      when,
      given: givenOf(rule, { names, note }),
      ...(description === undefined ? {} : { description: description.slice(0, 2000) }),
    });
  }
}

/** What all others get; where some of them cannot be placed, a rule says it, and the first variation is for those. */
function addFallthrough(
  setting: JsonObject,
  list: RuleList,
  { note, named: { names } }: StateReading,
): Serve {
  if (setting.on !== true && !isObject(setting.fallthrough)) return null;
  const given = givenOf(setting.fallthrough, { names, note });
  if (given.kind === 'variant') return given.variant;
  if (given.bucketBy === 'targetingKey') return given.weights;
  list.rules.push({ id: list.freeId('fallthrough'), bucketBy: given.bucketBy, serve: given.weights });
  return given.first;
}
