import { murmur3 } from '../../evaluation/bucket.js';
import type { EvaluationContext } from '../../model/evaluation.js';

/**
 * A few of many contexts: those with the smallest hashes, so that the same few are kept whatever the order in which
 * they come, and however many there are. A caller who comes twice is kept once.
 */
export class Examples {
  readonly #most: number;
  readonly #kept: { readonly hash: number; readonly text: string; readonly context: EvaluationContext }[] =
    [];

  constructor(most: number) {
    this.#most = most;
  }

  add(context: EvaluationContext, hash: number): void {
    const last = this.#kept.at(-1);
    if (this.#kept.length >= this.#most && (last === undefined || hash > last.hash)) return;
    const text = JSON.stringify(context);
    if (this.#kept.some((kept) => kept.hash === hash && kept.text === text)) return;
    this.#kept.push({ hash, text, context });
    this.#kept.sort((one, other) => one.hash - other.hash || (one.text < other.text ? -1 : 1));
    this.#kept.length = Math.min(this.#kept.length, this.#most);
  }

  /** Smallest hash first. */
  get contexts(): readonly EvaluationContext[] {
    return this.#kept.map(({ context }) => context);
  }
}

/** By the caller's name where there is one: it is short, and most contexts have it. */
export function exampleHash(context: EvaluationContext): number {
  const { targetingKey, userId } = context;
  const name = typeof targetingKey === 'string' ? targetingKey : userId;
  return murmur3(typeof name === 'string' ? name : JSON.stringify(context));
}
