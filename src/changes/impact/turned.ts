import type { Answered, CompiledFlag, CompiledSegment } from '../../evaluation/compiled.js';
import { askFlag, askSegment } from '../../evaluation/reference.js';
import type { Evaluation, EvaluationContext } from '../../model/evaluation.js';
import type { ComparedFlag } from './comparison.js';
import { isSameOutcome, outcomeOf } from './outcome.js';
import { type Asker, type Pair, targets } from './pair.js';

/** So many flags and segments are asked of everybody who moves. */
const MOST_ASKED = 50;

/**
 * Tells apart those whom one answer object reaches in several ways: by which of the other flags and segments that a
 * flag asks, however far away, say something else to them than before.
 */
export class Turned {
  readonly #asked: readonly Asked[];
  /** False where there are too many to be asked. */
  readonly isWhole: boolean;
  /** What gives the same answer gives the same object: its number stands for what decided. */
  readonly #numbers = new WeakMap<Evaluation, number>();
  #next = 1;

  constructor(flag: ComparedFlag) {
    const all = changedBelow(flag);
    this.#asked = all.slice(0, MOST_ASKED);
    this.isWhole = all.length <= MOST_ASKED;
  }

  /** A text that is the same for two callers to whom the same ones turned in the same way; empty where none did. */
  of(context: EvaluationContext, now: number): string {
    if (this.#asked.length === 0) return '';
    const books = { before: newBook(), after: newBook() };
    let text = '';
    for (const [place, asked] of this.#asked.entries()) {
      if (asked.kind === 'segment') {
        const [was, is] = [
          asked.before !== undefined && askSegment(asked.before, context, now, books.before),
          asked.after !== undefined && askSegment(asked.after, context, now, books.after),
        ];
        if (was !== is) text += `${place} `;
        continue;
      }
      const was = asked.before && askFlag(asked.before, context, now, books.before);
      const is = asked.after && askFlag(asked.after, context, now, books.after);
      if (!isSameOutcome(outcomeOf(was), outcomeOf(is))) {
        text += `${place}:${this.#number(was)}:${this.#number(is)} `;
      }
    }
    return text;
  }

  #number(evaluation: Evaluation | undefined): number {
    if (evaluation === undefined) return 0;
    const known = this.#numbers.get(evaluation);
    if (known !== undefined) return known;
    const number = this.#next;
    this.#next += 1;
    this.#numbers.set(evaluation, number);
    return number;
  }
}

type Asked =
  | ({ readonly kind: 'flag' } & Pair<CompiledFlag>)
  | ({ readonly kind: 'segment' } & Pair<CompiledSegment>);

/** What is the same object on both sides asks nothing that is not. */
function changedBelow(flag: ComparedFlag): readonly Asked[] {
  const found = new Map<string, Asked>();
  const open: Pair<Asker>[] = [flag];
  for (let asker = open.pop(); asker !== undefined; asker = open.pop()) {
    for (const { kind, key } of [...(asker.before?.uses ?? []), ...(asker.after?.uses ?? [])]) {
      const name = `${kind} ${key}`;
      if (found.has(name)) continue;
      const asked: Asked =
        kind === 'flag'
          ? { kind, key, ...targets(asker, kind, key) }
          : { kind, key, ...targets(asker, kind, key) };
      if (asked.before === asked.after) continue;
      found.set(name, asked);
      open.push(asked);
    }
  }
  return [...found.values()];
}

function newBook(): Answered {
  return { flags: new Map(), segments: new Map() };
}
