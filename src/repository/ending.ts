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

/**
 * How long the end of a server waits for what is put away beside the flags, in milliseconds: a disk that hangs must not
 * hold it. What is lost then can be done without, or is made up for after the next start.
 */
export const PUT_AWAY_MS = 300;

/** False where the work did not end in that many milliseconds: it goes on, and nobody waits. Throws what it throws in time. */
export async function endsWithin(milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((fulfil) => {
    timer = setTimeout(() => fulfil(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
