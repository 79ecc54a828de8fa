import { evaluateFlag } from '../../evaluation/evaluate.js';
import type { Evaluation, EvaluationContext } from '../../model/evaluation.js';
import type { ComparedFlag } from './comparison.js';
import { Examples } from './examples.js';
import type { Move, Outcome, Share } from './impact.js';
import { isSameOutcome, outcomeOf } from './outcome.js';
import { Turned } from './turned.js';

/** So many ways of one flag are asked for their cause; of exceptions fewer, for each person's is an answer of its own. */
const MOST_ASKED = { step: 100, exception: 25 };
/** So many callers are asked who went one way. */
const CALLERS_ASKED = 3;

/** Those who got one answer object and get another. What gives the same answer gives the same object. */
interface Pair {
  readonly from: Outcome;
  readonly to: Outcome;
  /** Undefined where the caller sees no difference. */
  readonly move: MoveTally | undefined;
  contexts: number;
  readonly kind: keyof typeof MOST_ASKED;
  /** Those who came to it in the same way, as far as their cause is asked for. */
  readonly ways: Map<string, Way>;
}

interface Way {
  readonly callers: Examples;
  contexts: number;
}

interface MoveTally {
  readonly from: Outcome;
  readonly to: Outcome;
  readonly examples: Examples;
  contexts: number;
}

/** Some who moved in the same way, and how many did. */
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
  readonly #turned: Turned;
  #isSample: boolean;

  constructor(flag: ComparedFlag, examples: number) {
    this.#flag = flag;
    this.#turned = new Turned(flag);
    this.#isSample = !this.#turned.isWhole;
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
    const way = this.#wayOf(pair, this.#turned.of(context, asking.now));
    if (way !== undefined) {
      way.contexts += count;
      way.callers.add(context, hash);
    }
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
      .flatMap(({ ways }) => [...ways.values()])
      .map(({ contexts, callers }) => ({ contexts, callers: callers.contexts }))
      .sort(byContexts);
  }

  /** True where more moved, in other ways. */
  get isSample(): boolean {
    return this.#isSample;
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
    const kind = [before, after].some(isException) ? 'exception' : 'step';
    const pair: Pair = { from, to, move, contexts: 0, kind, ways: new Map() };
    const pairs = this.#pairs.get(before) ?? new Map<Evaluation | undefined, Pair>();
    this.#pairs.set(before, pairs.set(after, pair));
    return pair;
  }

  #wayOf({ kind, ways }: Pair, name: string): Way | undefined {
    const known = ways.get(name);
    if (known !== undefined) return known;
    if (this.#left[kind] === 0) {
      this.#isSample = true;
      return undefined;
    }
    this.#left[kind] -= 1;
    const way: Way = { callers: new Examples(CALLERS_ASKED), contexts: 0 };
    ways.set(name, way);
    return way;
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
