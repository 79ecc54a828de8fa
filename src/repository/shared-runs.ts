/**
 * Runs a piece of work again and again, one run at a time. Who asks while one runs shares the next one, so that every
 * answer is from a run that began after the question, and a crowd of questions costs one run.
 */
export class SharedRuns<Result> {
  readonly #work: () => Promise<Result>;
  /** The end of the last that was asked for. */
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<Result> | undefined;

  constructor(work: () => Promise<Result>) {
    this.#work = work;
  }

  ask(): Promise<Result> {
    this.#next ??= this.alone(() => {
      this.#next = undefined;
      return this.#work();
    });
    return this.#next;
  }

  /** Does something else while none of them runs. */
  alone<Other>(work: () => Promise<Other>): Promise<Other> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** Fulfilled when what was asked for by now has ended, well or not. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
