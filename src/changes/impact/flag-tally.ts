import { evaluateFlag } from '../../evaluation/evaluate.js';
import type { Evaluation, EvaluationContext } from '../../model/evaluation.js';
import type { ComparedFlag } from './comparison.js';
import { Examples } from './examples.js';
import type { Move, Outcome, Share } from './impact.js';
import { isSameOutcome, outcomeOf } from './outcome.js';

/** So many pairs of answers of one flag are asked for their cause; of exceptions fewer, for each person's is an answer of its own. */
const MOST_ASKED = { step: 100, exception: 25 };
/** Of one pair of answers so many callers are asked: the same two answers may have come about in two ways. */
const CALLERS_ASKED = 3;

/** Those who got one answer object and get another. What gives the same answer gives the same object. */
interface Pair {
  readonly from: Outcome;
  readonly to: Outcome;
  /** Undefined where the caller sees no difference. */
  readonly move: MoveTally | undefined;
  contexts: number;
  /** Some of them, for their cause; undefined where it is not asked for. */
  readonly callers: Examples | undefined;
}

interface MoveTally {
  readonly from: Outcome;
  readonly to: Outcome;
  readonly examples: Examples;
  contexts: number;
}

/** Some who moved in one way, and how many did. */
export interface Moved {
  readonly contexts: number;
  readonly callers: readonly EvaluationContext[];
}

/** Counts what one flag answers in one environment, before and after. */
export class FlagTally {
  readonly #flag: ComparedFlag;
  readonly #examples: number;
  readonly #pairs = new Map<Evaluation | undefined, Map<Evaluation | undefined, Pair>>();
  readonly #moves: MoveTally[] = [];
  readonly #left = { ...MOST_ASKED };

  constructor(flag: ComparedFlag, examples: number) {
    this.#flag = flag;
    this.#examples = examples;
  }

  get key(): ComparedFlag['key'] {
    return this.#flag.key;
  }

  /** Asks both versions; true where the caller sees a difference. `hash` tells one caller from another, and is only called then. */
  add(context: EvaluationContext, count: number, asking: Asking): boolean {
    const { before, after } = this.#flag;
    const from = before && evaluateFlag(before, context, asking.now);
    const to = after && evaluateFlag(after, context, asking.now);
    const pair = this.#pairs.get(from)?.get(to) ?? this.#addPair(from, to);
    pair.contexts += count;
    if (pair.move === undefined) return false;
    pair.move.contexts += count;
    const hash = asking.hash(context);
    pair.move.examples.add(context, hash);
    pair.callers?.add(context, hash);
    return true;
  }

  /** Most contexts first. */
  get moves(): readonly Move[] {
    return this.#moves
      .map(({ from, to, contexts, examples }) => ({ from, to, contexts, examples: examples.contexts }))
      .sort(byContexts);
  }

  /** Those of whom the cause may be asked; most contexts first. */
  get moved(): readonly Moved[] {
    return this.#all()
      .flatMap(({ contexts, callers }) => callers && { contexts, callers: callers.contexts })
      .filter((moved) => moved !== undefined)
      .sort(byContexts);
  }

  get before(): readonly Share[] {
    return shares(this.#all().map(({ from: outcome, contexts }) => ({ outcome, contexts })));
  }

  get after(): readonly Share[] {
    return shares(this.#all().map(({ to: outcome, contexts }) => ({ outcome, contexts })));
  }

  #all(): Pair[] {
    return [...this.#pairs.values()].flatMap((pairs) => [...pairs.values()]);
  }

  #addPair(before: Evaluation | undefined, after: Evaluation | undefined): Pair {
    const [from, to] = [outcomeOf(before), outcomeOf(after)];
    const move = isSameOutcome(from, to) ? undefined : this.#moveOf(from, to);
    const callers = move && this.#callers([before, after].some(isException) ? 'exception' : 'step');
    const pair = { from, to, move, contexts: 0, callers };
    const pairs = this.#pairs.get(before) ?? new Map<Evaluation | undefined, Pair>();
    this.#pairs.set(before, pairs.set(after, pair));
    return pair;
  }

  #callers(kind: keyof typeof MOST_ASKED): Examples | undefined {
    this.#left[kind] -= 1;
    return this.#left[kind] < 0 ? undefined : new Examples(CALLERS_ASKED);
  }

  #moveOf(from: Outcome, to: Outcome): MoveTally {
    const known = this.#moves.find((move) => isSameOutcome(move.from, from) && isSameOutcome(move.to, to));
    if (known !== undefined) return known;
    const move = { from, to, contexts: 0, examples: new Examples(this.#examples) };
    this.#moves.push(move);
    return move;
  }
}

/** What all flags are asked with. */
export interface Asking {
  /** The moment of the question, in epoch milliseconds. */
  readonly now: number;
  readonly hash: (context: EvaluationContext) => number;
}

function isException(evaluation: Evaluation | undefined): boolean {
  if (evaluation === undefined || evaluation.kind === 'missing') return false;
  return Object.hasOwn(evaluation.metadata, 'override');
}

function shares(all: readonly Share[]): readonly Share[] {
  const sums: { outcome: Outcome; contexts: number }[] = [];
  for (const { outcome, contexts } of all) {
    const known = sums.find((sum) => isSameOutcome(sum.outcome, outcome));
    if (known === undefined) sums.push({ outcome, contexts });
    else known.contexts += contexts;
  }
  return sums.sort(byContexts);
}

function byContexts(one: { readonly contexts: number }, other: { readonly contexts: number }): number {
  return other.contexts - one.contexts;
}
