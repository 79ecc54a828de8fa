import type { LockWait } from './git-lock.js';
import { isKill } from './judge.js';
import type { WriteRequest, WriteResult } from './write-request.js';

/** A write that waits for its turn. */
export interface Waiting {
  readonly request: WriteRequest;
  /** How long it waits for locks. */
  readonly wait: LockWait;
  readonly fulfil: (result: WriteResult) => void;
  readonly reject: (reason: unknown) => void;
}

/** The writes that wait, oldest first; those that only kill or unkill go before all others. */
export class WriteQueue {
  #kills: Waiting[] = [];
  #others: Waiting[] = [];

  get hasKills(): boolean {
    return this.#kills.length > 0;
  }

  add(waiting: Waiting): void {
    (isUrgent(waiting) ? this.#kills : this.#others).push(waiting);
  }

  /** The next ones; kills never wait for what others need. */
  take(most: number): readonly Waiting[] {
    return (this.hasKills ? this.#kills : this.#others).splice(0, most);
  }

  /** Those that were taken and not begun are next again. */
  putBack(group: readonly Waiting[]): void {
    this.#others = [...group, ...this.#others];
  }

  takeAll(): readonly Waiting[] {
    const all = [...this.#kills, ...this.#others];
    this.#kills = [];
    this.#others = [];
    return all;
  }
}

/** True for a kill, or several. */
export function isUrgent({ request: { changes } }: Waiting): boolean {
  return changes.length > 0 && changes.every(isKill);
}
