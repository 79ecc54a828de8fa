import { SharedRuns } from '../shared-runs.js';
import type { PushedPending } from '../write-request.js';
import { delayBeforeAsking } from './poll.js';

/** What pushes in the background. */
export interface PendingPusherOptions {
  readonly push: () => Promise<PushedPending>;
  /** The remote has moved on: what is pending is to be made again on what it has now. */
  readonly onMoved: () => void;
  /** Gets why a push failed, as it was thrown; undefined once one went well again. */
  readonly onOutcome: (error: unknown) => void;
  readonly pollMs: number;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
}

/** Pushes what is pending, one push at a time, and less often the longer the remote does not take it. */
export class PendingPusher {
  readonly #options: PendingPusherOptions;
  readonly #runs = new SharedRuns(() => this.#push());
  #failuresInARow = 0;
  /** Not before then, in epoch milliseconds. */
  #nextAt = 0;

  constructor(options: PendingPusherOptions) {
    this.#options = options;
  }

  /** Pushes, unless the last one failed a moment ago: each answer of the remote is an occasion to ask this again. */
  pushSoon(): void {
    if (this.#options.now() < this.#nextAt) return;
    this.#runs.ask().catch(() => undefined);
  }

  settled(): Promise<void> {
    return this.#runs.settled();
  }

  async #push(): Promise<void> {
    const { push, onMoved, onOutcome } = this.#options;
    try {
      const { hasMoved } = await push();
      this.#failuresInARow = 0;
      this.#nextAt = 0;
      onOutcome(undefined);
      if (hasMoved) onMoved();
    } catch (error) {
      this.#waitLonger();
      onOutcome(error);
    }
  }

  #waitLonger(): void {
    const { pollMs, now, chance } = this.#options;
    this.#failuresInARow += 1;
    const delay = delayBeforeAsking({ pollMs, failuresInARow: this.#failuresInARow, chance: chance() });
    this.#nextAt = now() + delay;
  }
}
