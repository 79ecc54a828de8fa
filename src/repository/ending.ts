/** How long a kill waits for others that wait for the remote, in milliseconds; and how long the end of the writer does. */
export const HURRY_MS = 1_000;

/** A time limit that begins when somebody is in a hurry. */
export class Hurry {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  begin(): void {
    this.#timer ??= setTimeout(() => this.abort(), HURRY_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  abort(): void {
    this.#controller.abort();
  }
}

/** Ends all that runs in it. (A signal that lives long keeps something of each `AbortSignal.any` that it is part of.) */
export class Ending {
  readonly #running = new Set<AbortController>();
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The signal tells the work to end: because of this, or once its time is over, in milliseconds. */
  async run<Result>(limit: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    if (this.#isOver) controller.abort();
    const timer = setTimeout(() => controller.abort(new DOMException('too late', 'TimeoutError')), limit);
    this.#running.add(controller);
    try {
      return await work(controller.signal);
    } finally {
      clearTimeout(timer);
      this.#running.delete(controller);
    }
  }

  end(): void {
    this.#isOver = true;
    for (const controller of this.#running) controller.abort();
  }
}
