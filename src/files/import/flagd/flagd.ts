import type { EnvironmentState, FlagFile } from '../../../model/flag.js';
import type { FlatMetadata, JsonObject, JsonValue } from '../../../model/values.js';
import { Draft, Inexact, type NamedVariants, type Note, nameVariants } from '../draft.js';
import { carriedDescription } from '../facts.js';
import { type ForeignInput, type Imported, UnreadableSource } from '../imported.js';
import { carriedMetadata } from '../metadata.js';
import { isObject, readForeign } from '../read.js';
import { eachState } from '../states.js';
import { Evaluators } from './evaluators.js';
import { rulesOf } from './rules.js';
import { type Case, casesOf } from './targeting.js';

/**
 * Reads flagd's flag definitions (flagd.dev/schema/v0/flags.json). Its `fractional` hashes as splits here do, so nobody moves
 * where it hashes the flag's key and the targetingKey. What is taken for granted of callers is noted.
 */
export function readFlagd({ texts, targets }: ForeignInput): Imported {
  const draft = new Draft();
  const environments = targets.of(undefined);
  const about: Note = (effect, construct, reason) => draft.about(effect, construct, reason);
  for (const [name, text] of texts) {
    const file = readForeign(name, text);
    const flags = isObject(file) ? file.flags : undefined;
    if (!isObject(file) || !isObject(flags)) {
      throw new UnreadableSource(
        `${name}: no map of flags: { "flags": { ... } } was wanted, as flagd reads it`,
      );
    }
    const evaluators = new Evaluators(file.$evaluators, draft);
    for (const [key, definition] of Object.entries(flags)) {
      const shared = { key, evaluators, environments, metadata: file.metadata, about };
      draft.flag(key, (note) => ({ value: flagOf(definition, { ...shared, note }) }));
    }
  }
  return draft.done();
}

interface FlagInput {
  readonly key: string;
  readonly evaluators: Evaluators;
  readonly environments: readonly string[];
  /** That of the whole file. */
  readonly metadata: JsonValue | undefined;
  readonly note: Note;
  readonly about: Note;
}

function flagOf(definition: JsonValue, input: FlagInput): FlagFile {
  const { key, environments, note } = input;
  if (!isObject(definition)) throw new Inexact('flag', 'its definition is no map');
  const named = variantsOf(definition, note);
  const otherwise = defaultOf(definition, named);
  const cases = casesOf(definition.targeting, { ...input, otherwise, named });
  const state = stateOf(cases, { isDisabled: definition.state === 'DISABLED', otherwise, named });
  if (definition.state !== 'DISABLED' && definition.state !== 'ENABLED') {
    throw new Inexact('state', 'its state is neither ENABLED nor DISABLED');
  }
  const salt = cases.flatMap(({ gives }) => (gives.kind === 'split' ? [gives.salt] : []))[0];
  return {
    ...factsOf(definition, input),
    ...(named.type === 'boolean' ? {} : { type: named.type }),
    ...(salt === undefined || salt === key ? {} : { salt }),
    ...(isPlainBoolean(named) ? {} : { variants: named.variants }),
    environments: eachState(environments, state),
  };
}

function variantsOf({ variants }: JsonObject, note: Note): NamedVariants {
  if (!isObject(variants)) throw new Inexact('variants', 'the flag has no variants');
  return nameVariants(Object.entries(variants), note);
}

/** The default variant; null is the caller's own default. */
function defaultOf({ defaultVariant }: JsonObject, { nameOf }: NamedVariants): string | null {
  if (defaultVariant === undefined || defaultVariant === null || defaultVariant === '') return null;
  if (typeof defaultVariant !== 'string')
    throw new Inexact(
      'defaultVariant',
      `${JSON.stringify(defaultVariant)} is no text: YAML reads on and off as words only in quotes`,
    );
  const name = defaultVariant;
  const ours = nameOf.get(name);
  if (ours === undefined)
    throw new Inexact('defaultVariant', `the flag has no variant ${JSON.stringify(name)}`);
  return ours;
}

function factsOf(
  definition: JsonObject,
  { metadata, note }: FlagInput,
): Pick<FlagFile, 'description' | 'metadata'> {
  const own = isObject(definition.metadata) ? definition.metadata : {};
  const all = { ...(isObject(metadata) ? metadata : {}), ...own };
  const { description, ...others } = all;
  const kept: FlatMetadata = carriedMetadata(typeof description === 'string' ? others : all, note);
  return {
    ...carriedDescription(typeof description === 'string' ? description : undefined, note),
    ...(Object.keys(kept).length === 0 ? {} : { metadata: kept }),
  };
}

/** What a boolean flag has where its file names no variants. */
function isPlainBoolean({ variants }: NamedVariants): boolean {
  const { on, off, ...others } = variants;
  return on === true && off === false && Object.keys(others).length === 0;
}

interface StateInput {
  readonly isDisabled: boolean;
  readonly otherwise: string | null;
  readonly named: NamedVariants;
}

/** flagd gives every caller of a disabled flag their own default; here the off variant counts, where there is one. */
function stateOf(cases: readonly Case[], { isDisabled, otherwise, named }: StateInput): EnvironmentState {
  if (!isDisabled) return { enabled: true, ...enabledState(cases, otherwise) };
  const state = plainState(cases, otherwise);
  if (!Object.hasOwn(named.variants, 'off')) return { enabled: false, ...state };
  const rules = [{ id: 'disabled', description: DISABLED, serve: null }, ...(state.rules ?? [])];
  return { enabled: true, ...state, rules };
}

const DISABLED =
  "Disabled in flagd: everyone gets the caller's own default. Take this rule out to enable the flag.";

/** A split for all the rest is what is served: who cannot be placed gets the off variant, which flagd calls the default. */
function enabledState(cases: readonly Case[], otherwise: string | null): Omit<EnvironmentState, 'enabled'> {
  const last = cases.at(-1);
  if (otherwise === null || last?.gives.kind !== 'split') return plainState(cases, otherwise);
  if (last.when.length > 0 || last.gives.bucketBy !== 'targetingKey') return plainState(cases, otherwise);
  const rules = rulesOf(cases.slice(0, -1), { otherwise, rest: undefined });
  return {
    ...(otherwise === 'off' ? {} : { offVariant: otherwise }),
    ...(rules.length === 0 ? {} : { rules }),
    serve: last.gives.weights,
  };
}

function plainState(cases: readonly Case[], otherwise: string | null): Omit<EnvironmentState, 'enabled'> {
  const last = cases.at(-1);
  const rest = last?.when.length === 0 && last.gives.kind === 'variant' ? last.gives : undefined;
  const serve = rest === undefined ? otherwise : rest.variant;
  const rules = rulesOf(rest === undefined ? cases : cases.slice(0, -1), { otherwise, rest: serve });
  return {
    ...(rules.length === 0 ? {} : { rules }),
    ...(serve === 'on' ? {} : { serve }),
  };
}
