import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import type { Rule, Serve, Split } from '../model/flag.js';
import type { JsonValue } from '../model/values.js';
import { attributeReader } from './attribute.js';
import type { Answer, Bucketer } from './compiled.js';
import { give } from './outcome.js';

/**
 * What places a caller by a hash. A gate of 100 %, or a split in which one variant has all the weight, is none: it
 * chooses nothing, so it needs no value to bucket by, and the reason of the answer is that of a plain rule or serve.
 */
export interface Dial {
  readonly salt: string;
  /** The attribute whose value places the caller. */
  readonly bucketBy: string;
  /** Its value as text; undefined where there is none. */
  readonly read: (context: EvaluationContext) => string | undefined;
  /** In how many parts people are divided. */
  readonly total: number;
  readonly bucketer: Bucketer;
}

/** Lets in those whose bucket is below the threshold. */
export interface Gate extends Dial {
  readonly threshold: number;
}

/** Gives the first variant whose bound is above the caller's bucket. */
export interface Shares extends Dial {
  readonly bounds: readonly Bound[];
}

/** One variant of a split. */
export interface Bound {
  readonly variant: string;
  /** The sum of the weights up to this variant's. */
  readonly below: number;
  readonly answer: Answer;
}

/** The caller's part, from 0, or undefined without a value to bucket by. */
export function bucketOf(dial: Dial, context: EvaluationContext): number | undefined {
  const value = dial.read(context);
  return value === undefined ? undefined : dial.bucketer(dial.salt, value, dial.total);
}

/** True where the gate lets the caller in. */
export function isLetIn(gate: Gate, context: EvaluationContext): boolean {
  const bucket = bucketOf(gate, context);
  return bucket !== undefined && bucket < gate.threshold;
}

/** What the caller gets of a split; undefined without a value to bucket by. */
export function choose(shares: Shares, context: EvaluationContext): Evaluation | undefined {
  const bucket = bucketOf(shares, context);
  if (bucket === undefined) return undefined;
  for (const { below, answer } of shares.bounds) if (bucket < below) return answer.made ?? give(answer);
  return undefined;
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
  const read = bucketValueReader(bucketBy);
  return { salt: `${salt}:${rule.id}`, bucketBy, read, total: GATE_TOTAL, bucketer, threshold };
}

/** Makes what a split serves: an answer where one variant has all the weight, undefined where there is no weight at all. */
export function compileShares(
  split: Split,
  { salt, bucketBy, bucketer }: Dialing,
  answerOf: (variant: string, isChosen: boolean) => Answer,
): Shares | Answer | undefined {
  const variants = Object.keys(split).filter((variant) => weightOf(split, variant) > 0);
  const [first, second] = variants;
  if (first === undefined) return undefined;
  if (second === undefined) return answerOf(first, false);
  let total = 0;
  const bounds = variants.map((variant) => {
    total += weightOf(split, variant);
    return { variant, below: total, answer: answerOf(variant, true) };
  });
  return { salt, bucketBy, read: bucketValueReader(bucketBy), total, bucketer, bounds };
}

function weightOf(split: Split, variant: string): number {
  return split[variant] ?? 0;
}

/** True for weights, false for a variant or null. */
export function isSplit(serve: Serve): serve is Split {
  return typeof serve === 'object' && serve !== null;
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
