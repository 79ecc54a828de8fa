import type { EnvironmentState, FlagFile, Rule, Serve, Split } from '../../../model/flag.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact, type NamedVariants, type Note, nameVariants } from '../draft.js';
import { isDeep, objectsOf, textOf } from '../read.js';
import { listedObjects, shareOf, switchOf } from '../strict.js';
import { whenOf } from '../when.js';
import type { Segments } from './segments.js';

/** What a flag is read with. */
export interface FlagReading {
  readonly segments: Segments;
  readonly note: Note;
  /** Notes something about the whole source. */
  readonly about: Note;
}

/** A variant flag: its variants, and what it does in each environment. Throws `Inexact`. */
export function variantFlag(
  flag: JsonObject,
  reading: FlagReading,
): Pick<FlagFile, 'type' | 'variants'> & { readonly state: EnvironmentState } {
  const named = variantsOf(flag, reading);
  const chosen = objectsOf(flag.variants).find((variant) => switchOf(variant.default, 'default'));
  const otherwise = chosen === undefined ? null : (named.nameOf.get(textOf(chosen.key) ?? '') ?? null);
  const rules = sorted(listedObjects(flag.rules, 'rules')).flatMap((rule, place) =>
    rulesOf(rule, { ...reading, id: `rule-${place + 1}`, named, otherwise }),
  );
  return { type: named.type, variants: named.variants, state: stateOf({ flag, named, rules, otherwise }) };
}

/** A variant is its key, or its attachment where it has one. */
function variantsOf({ variants }: JsonObject, { note, about }: FlagReading): NamedVariants {
  const all = listedObjects(variants, 'variants').map(({ key, attachment }) => ({
    key: textOf(key) ?? '',
    attachment,
  }));
  const attached = all.filter(
    ({ attachment }) => attachment !== undefined && attachment !== null && attachment !== '',
  );
  if (attached.length > 0 && attached.length < all.length)
    throw new Inexact('attachment', 'some of its variants have an attachment and others have none');
  if (attached.length > 0) about('assumed', 'attachment', ATTACHED);
  const entries = all.map(
    ({ key, attachment }) => [key, attached.length === 0 ? key : valueIn(attachment ?? null)] as const,
  );
  return nameVariants(entries, note);
}

const ATTACHED =
  'callers read the attachment of variants that have one: it is the value here, and the key is the name of the variant';

/** Files may have the JSON of an attachment as a text. */
function valueIn(attachment: JsonValue): JsonValue {
  if (typeof attachment !== 'string') return attachment;
  try {
    const value = JSON.parse(attachment) as JsonValue;
    if (isDeep(value)) throw new Inexact('attachment', 'it is nested too deep');
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return attachment;
    throw error;
  }
}

/** In order of the ranks, where they are written down. */
export function sorted(rules: readonly JsonObject[]): readonly JsonObject[] {
  const rank = ({ rank }: JsonObject, place: number): number => (typeof rank === 'number' ? rank : place + 1);
  return rules
    .map((rule, place) => ({ rule, rank: rank(rule, place) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ rule }) => rule);
}

interface RuleReading extends FlagReading {
  readonly id: string;
  readonly named: NamedVariants;
  /** The default variant, or null for the caller's own default. */
  readonly otherwise: string | null;
}

function rulesOf(rule: JsonObject, reading: RuleReading): readonly Rule[] {
  const { segments, id, otherwise, note } = reading;
  const when = segments.condition(rule.segment ?? rule.segments, rule.operator ?? rule.segmentOperator);
  if (when === false) return [];
  const conditions = whenOf(when);
  const shares = sharesOf(rule, reading);
  const [first, second] = shares.keys();
  if (first === undefined) {
    note(
      'assumed',
      'distributions',
      'callers take their own default where a rule that holds has no distributions and the flag no default variant',
    );
    return [{ id, ...conditions, ...serving(otherwise) }];
  }
  if (second === undefined) return [{ id, ...conditions, ...serving(first) }];
  note(
    'moved',
    'distributions',
    'a checksum of the flag and the entity places people there, in parts of a thousand',
  );
  return [{ id, ...conditions, serve: plainWeights(shares) }];
}

/** The share of each variant that somebody gets, in hundredths of a per cent. Throws `Inexact` where they are not the whole. */
function sharesOf(rule: JsonObject, { named }: RuleReading): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { variant, rollout } of listedObjects(rule.distributions, 'distributions')) {
    const name = named.nameOf.get(textOf(variant) ?? '');
    if (name === undefined)
      throw new Inexact('distributions', `the flag has no variant ${JSON.stringify(variant)}`);
    const share = Math.max(0, Math.round(shareOf(rollout, 'rollout') * 100));
    if (share > 0) shares.set(name, (shares.get(name) ?? 0) + share);
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  // Three times 33.33 % are as good as the whole.
  const missing = Math.abs(WHOLE - total);
  if (shares.size > 0 && missing > (shares.size === 1 ? 0 : 5)) throw new Inexact('distributions', NOT_WHOLE);
  return shares;
}

/** Hundredths of a per cent. */
const WHOLE = 10_000;

const NOT_WHOLE =
  'they do not add up to 100 %: the server of Flipt gives the others no variant, and its clients divide everyone among them';

function plainWeights(shares: ReadonlyMap<string, number>): Split {
  const unit = [...shares.values()].every((share) => share % 100 === 0) ? 100 : 1;
  return Object.fromEntries([...shares].map(([name, share]) => [name, share / unit]));
}

function serving(serve: Serve): { readonly serve?: Serve } {
  return serve === 'on' ? {} : { serve };
}

interface StateInput {
  readonly flag: JsonObject;
  readonly named: NamedVariants;
  readonly rules: readonly Rule[];
  readonly otherwise: string | null;
}

/** A disabled flag gives its default variant, or no value: where it has a variant off, only a rule says that here. */
function stateOf({ flag, named, rules, otherwise }: StateInput): EnvironmentState {
  const shared = serving(otherwise);
  const listed = (all: readonly Rule[]): Pick<EnvironmentState, 'rules'> =>
    all.length === 0 ? {} : { rules: all };
  if (switchOf(flag.enabled, 'enabled')) return { enabled: true, ...listed(rules), ...shared };
  if (otherwise !== null)
    return {
      enabled: false,
      ...(otherwise === 'off' ? {} : { offVariant: otherwise }),
      ...listed(rules),
      ...shared,
    };
  if (!Object.hasOwn(named.variants, 'off')) return { enabled: false, ...listed(rules), ...shared };
  return {
    enabled: true,
    rules: [{ id: 'disabled', description: DISABLED, serve: null }, ...rules],
    ...shared,
  };
}

const DISABLED =
  "Disabled in Flipt: everyone gets the caller's own default. Take this rule out to enable the flag.";
