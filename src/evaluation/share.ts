import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import type { Rule, Serve, Split } from '../model/flag.js';
import type { JsonValue } from '../model/values.js';
import { attributeReader } from './attribute.js';
import type { Bucketer } from './compiled.js';

/**
 * What places a caller by a hash. A gate of 100 %, or a split in which one variant has all the weight, is none: it
 * chooses nothing, so it needs no value to bucket by, and the reason of the answer is that of a plain rule or serve.
 */
export interface Dial {
  readonly salt: string;
  /** The attribute whose value places the caller. */
  readonly bucketBy: string;
  /** In how many parts people are divided. */
  readonly total: number;
  /** The caller's part, from 0, or undefined without a value to bucket by. */
  readonly bucketOf: (context: EvaluationContext) => number | undefined;
}

/** Lets in those whose bucket is below the threshold. */
export interface Gate extends Dial {
  readonly threshold: number;
}

/** Gives the first variant whose bound is above the caller's bucket. */
export interface Shares extends Dial {
  readonly bounds: readonly Bound[];
  /** Undefined without a value to bucket by. */
  readonly choose: (context: EvaluationContext) => Evaluation | undefined;
}

/** One variant of a split. */
export interface Bound {
  readonly variant: string;
  /** The sum of the weights up to this variant's. */
  readonly below: number;
  readonly answer: Evaluation;
}

/** What the gates and splits of one flag have in common. */
export interface Dialing {
  readonly salt: string;
  readonly bucketBy: string;
  readonly bucketer: Bucketer;
}

/** A gate's parts: a percentage has up to three decimals. */
const GATE_TOTAL = 100_000;

/** Makes a rule's gate; true where it lets everybody in, false where nobody. */
export function compileGate(rule: Rule, { salt, bucketBy, bucketer }: Dialing): Gate | boolean {
  const threshold = Math.round((rule.percentage ?? 100) * (GATE_TOTAL / 100));
  if (threshold >= GATE_TOTAL) return true;
  if (threshold <= 0) return false;
  return { ...dial({ salt: `${salt}:${rule.id}`, bucketBy, bucketer }, GATE_TOTAL), threshold };
}

/** Makes what a split serves: an answer where one variant has all the weight, undefined where there is no weight at all. */
export function compileShares(
  split: Split,
  dialing: Dialing,
  answerOf: (variant: string, isChosen: boolean) => Evaluation,
): Shares | Evaluation | undefined {
  const weighted = Object.entries(split).filter(([, weight]) => weight > 0);
  const [first, second] = weighted;
  if (first === undefined) return undefined;
  if (second === undefined) return answerOf(first[0], false);
  let below = 0;
  const bounds = weighted.map(([variant, weight]) => {
    below += weight;
    return { variant, below, answer: answerOf(variant, true) };
  });
  const placed = dial(dialing, below);
  return { ...placed, bounds, choose: chooser(bounds, placed.bucketOf) };
}

/** True for weights, false for a variant or null. */
export function isSplit(serve: Serve): serve is Split {
  return typeof serve === 'object' && serve !== null;
}

function chooser(bounds: readonly Bound[], bucketOf: Dial['bucketOf']): Shares['choose'] {
  return (context) => {
    const bucket = bucketOf(context);
    if (bucket === undefined) return undefined;
    for (const bound of bounds) if (bucket < bound.below) return bound.answer;
    return undefined;
  };
}

function dial({ salt, bucketBy, bucketer }: Dialing, total: number): Dial {
  const read = bucketValueReader(bucketBy);
  const bucketOf = (context: EvaluationContext) => {
    const value = read(context);
    return value === undefined ? undefined : bucketer(salt, value, total);
  };
  return { salt, bucketBy, total, bucketOf };
}

function bucketValueReader(name: string): (context: EvaluationContext) => string | undefined {
  if (name === 'targetingKey') return readPerson;
  const read = attributeReader(name);
  return (context) => bucketText(read(context));
}

/** Without a targetingKey the userId places the caller. */
function readPerson({ targetingKey, userId }: EvaluationContext): string | undefined {
  return bucketText(targetingKey) ?? bucketText(userId);
}

/** Empty text would place all who have none in one bucket; a number counts as its text. */
function bucketText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}
