import type { Split } from '../../../model/flag.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact, type Note } from '../draft.js';
import { isObject, textOf } from '../read.js';
import { listedObjects, shareOf } from '../strict.js';
import { attributeOf, kindOf } from './attribute.js';

/** What a rule or the fallthrough gives. */
export type Given =
  | { readonly kind: 'variant'; readonly variant: string }
  | {
      readonly kind: 'split';
      readonly weights: Split;
      readonly bucketBy: string;
      /** What callers without a value to place them by get. */
      readonly first: string;
    };

interface Reading {
  /** Our names of the variations, by their place. */
  readonly names: readonly string[];
  readonly note: Note;
}

/** Reads the variation or the rollout that a rule or the fallthrough has. Throws `Inexact`. */
export function givenOf(part: JsonValue | undefined, reading: Reading): Given {
  if (!isObject(part))
    throw new Inexact('fallthrough', 'the flag does not say what all others get: is it only a summary?');
  if (part.variation !== undefined && part.variation !== null)
    return { kind: 'variant', variant: variantOf(part.variation, reading.names) };
  if (!isObject(part.rollout)) throw new Inexact('rule', 'it has neither a variation nor a rollout');
  return rolloutOf(part.rollout, reading);
}

/** Our name of the variation at this place. Throws `Inexact` where there is none. */
export function variantOf(index: JsonValue | undefined, names: readonly string[]): string {
  const name = typeof index === 'number' ? names[index] : undefined;
  if (name === undefined)
    throw new Inexact('variation', `the flag has no variation ${JSON.stringify(index)}`);
  return name;
}

/** All weights together. */
const WHOLE = 100_000;

function rolloutOf(rollout: JsonObject, { names, note }: Reading): Given {
  const shares = sharesOf(listedObjects(rollout.variations, 'rollout'), names);
  const [first, second] = shares.keys();
  if (first === undefined) throw new Inexact('rollout', 'it has no variations');
  if (second === undefined) return { kind: 'variant', variant: first };
  const kind = textOf(rollout.contextKind);
  const isExperiment = rollout.kind === 'experiment';
  const reference = (isExperiment ? undefined : textOf(rollout.bucketBy)) ?? 'key';
  const bucketBy = attributeOf({ reference, kind }, note);
  note(
    'moved',
    isExperiment ? 'experiment' : 'rollout',
    `it hashes the flag's key, its salt and ${kindOf(kind)} ${reference} in another way`,
  );
  return { kind: 'split', weights: plainWeights(shares), bucketBy, first };
}

/** The weight of each variation that somebody gets; what is missing of the whole belongs to the last. */
function sharesOf(variations: readonly JsonObject[], names: readonly string[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  let left = WHOLE;
  for (const [place, { variation, weight }] of variations.entries()) {
    const name = variantOf(variation, names);
    const isLast = place === variations.length - 1;
    const share = isLast ? left : Math.min(left, Math.max(0, Math.round(shareOf(weight, 'weight'))));
    left -= share;
    if (share > 0) shares.set(name, (shares.get(name) ?? 0) + share);
  }
  return shares;
}

/** Percentages where they are whole. */
function plainWeights(shares: ReadonlyMap<string, number>): Split {
  const unit = [...shares.values()].every((share) => share % 1000 === 0) ? 1000 : 1;
  return Object.fromEntries([...shares].map(([name, share]) => [name, share / unit]));
}
