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

/** After a push it rests so many times as long as that took: replicas that wait for theirs have a turn. */
const REST = 2;
const LONGEST_REST_MS = 2_000;

/** Pushes what is pending, one push at a time, and less often the longer the remote does not take it. */
export class PendingPusher {
  readonly #options: PendingPusherOptions;
  /** Until the one that runs has ended. */
  #running: Promise<void> | undefined;
  /** True where somebody asked while one ran. */
  #isAskedAgain = false;
  #failuresInARow = 0;
  /** Not before then, in epoch milliseconds. */
  #nextAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PendingPusherOptions) {
    this.#options = options;
  }

  /** Pushes, unless the last one failed a moment ago: each answer of the remote is an occasion to ask this again. */
  pushSoon(): void {
    if (this.#isClosed) return;
    const rest = this.#nextAt - this.#options.now();
    if (this.#running !== undefined) this.#isAskedAgain = true;
    else if (rest <= 0) this.#start();
    else if (this.#failuresInARow === 0) this.#pushAfter(rest);
  }

  /** The same, whatever was a moment ago: what was in the way is away. */
  pushNow(): void {
    this.#failuresInARow = 0;
    this.#nextAt = 0;
    this.pushSoon();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  #start(): void {
    this.#isAskedAgain = false;
    this.#running = this.#push().finally(() => {
      this.#running = undefined;
      if (this.#isAskedAgain) this.pushSoon();
    });
  }

  #pushAfter(rest: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.pushSoon(), Math.min(rest, LONGEST_REST_MS)).unref();
  }

  async #push(): Promise<void> {
    const { push, onMoved, onOutcome, now } = this.#options;
    const startedAt = now();
    try {
      const { hasMoved } = await push();
      this.#failuresInARow = 0;
      const rest = hasMoved ? 0 : REST * (now() - startedAt);
      this.#nextAt = now() + Math.min(rest, LONGEST_REST_MS);
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
