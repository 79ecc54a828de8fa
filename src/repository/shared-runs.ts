/**
 * Runs a piece of work again and again, one run at a time. Who asks while one runs shares the next one, so that every
 * answer is from a run that began after the question, and a crowd of questions costs one run.
 */
export class SharedRuns<Result> {
  readonly #work: () => Promise<Result>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Result> | undefined;

  constructor(work: () => Promise<Result>) {
    this.#work = work;
  }

  ask(): Promise<Result> {
    this.#next ??= this.#running.then(() => this.#begin());
    return this.#next;
  }

  /** Fulfilled when what runs now has ended, well or not. */
  async settled(): Promise<void> {
    await this.#running;
  }

  #begin(): Promise<Result> {
    this.#next = undefined;
    const run = this.#work();
    this.#running = run.catch(() => undefined);
    return run;
  }
}
