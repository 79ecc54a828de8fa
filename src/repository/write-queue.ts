import type { LockWait } from './git-lock.js';
import { isKill } from './judge.js';
import type { Outcome } from './write-group.js';
import type { WriteRequest, WriteResult } from './write-request.js';

/** A write that waits for its turn. */
export interface Waiting {
  readonly request: WriteRequest;
  /** How long it waits for locks. */
  readonly wait: LockWait;
  /** The pushes of it that nobody knew the end of, by their newest commit, and how it ends where one of them arrived. */
  readonly tried: { readonly tip: string; readonly outcome: Outcome }[];
  /** How often it was put back for kills. */
  postponed: number;
  readonly fulfil: (result: WriteResult) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The writes that wait, oldest first. Those that only kill or unkill go before all others, in the order in which they
 * came: an unkill that waited for others would release a later kill. One turn of the others is between two of theirs.
 */
export class WriteQueue {
  readonly #kills: Waiting[] = [];
  readonly #others: Waiting[] = [];
  #wasKillsTurn = false;

  get hasKills(): boolean {
    return this.#kills.length > 0;
  }

  get length(): number {
    return this.#kills.length + this.#others.length;
  }

  add(waiting: Waiting): void {
    this.#of(waiting).push(waiting);
  }

  /** The next ones. */
  take(most: number): readonly Waiting[] {
    const isOthersTurn = this.#wasKillsTurn && this.#others.length > 0;
    this.#wasKillsTurn = this.hasKills && !isOthersTurn;
    return (this.#wasKillsTurn ? this.#kills : this.#others).splice(0, most);
  }

  /** Those that were taken and not begun are the next of their kind again. */
  putBack(group: readonly Waiting[]): void {
    for (const waiting of group.toReversed()) this.#of(waiting).unshift(waiting);
  }

  takeAll(): readonly Waiting[] {
    return [...this.#kills.splice(0), ...this.#others.splice(0)];
  }

  #of(waiting: Waiting): Waiting[] {
    return isUrgent(waiting) ? this.#kills : this.#others;
  }
}

/** True for a kill, or several. */
export function isUrgent({ request: { changes } }: Waiting): boolean {
  return changes.length > 0 && changes.every(isKill);
}
