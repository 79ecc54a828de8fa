import { Failure } from '../../model/failure.js';
import type { WriterRemote } from './remote.js';
import type { Pushed } from './transport.js';

/** What is being pushed: the commit, and what of the remote it stands on. */
export interface BegunPush {
  readonly head: string;
  readonly base: string | undefined;
}

/** The branch of a remote, and what it has answered so far. */
export class AskedRemote {
  readonly #remote: WriterRemote;
  /** What it had when it was last asked; undefined where it had no such branch, or was not asked yet. */
  #tip: string | undefined;
  #isAsked = false;
  #isFresh = false;
  #isDown = false;
  #isRefused = false;

  constructor(remote: WriterRemote) {
    this.#remote = remote;
  }

  get tip(): string | undefined {
    return this.#tip;
  }

  /** True once it has answered. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** True where it did not answer the last question. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** True where it refused the last push. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** What it has, where somebody else asked it, or it is known from a push. */
  note(tip: string): void {
    this.#tip = tip;
    this.#isAsked = true;
    this.#isFresh = false;
  }

  /** It has answered somebody else, who knows no more than that. */
  noteAnswer(): void {
    this.#isDown = false;
    this.#isFresh = false;
  }

  /** What it has: the last answer, where nobody has followed that yet. */
  async askUnlessFresh(signal: AbortSignal): Promise<string | undefined> {
    const tip = this.#isFresh ? this.#tip : await this.ask(signal);
    this.#isFresh = false;
    return tip;
  }

  async ask(signal: AbortSignal): Promise<string | undefined> {
    const { transport, ref, trackingRef } = this.#remote;
    const refs = new Map([[ref, trackingRef]]);
    const fetched = await this.#noting(transport.fetch({ refs }, signal));
    this.#tip = fetched.get(ref);
    this.#isAsked = true;
    this.#isFresh = true;
    return this.#tip;
  }

  async push({ head, base }: BegunPush, signal: AbortSignal): Promise<Pushed> {
    const { transport, ref } = this.#remote;
    this.#isFresh = false;
    const pushed = await this.#noting(transport.push({ ref, commit: head, expected: base }, signal));
    if (pushed.kind !== 'moved') this.#isRefused = pushed.kind === 'refused';
    return pushed;
  }

  async #noting<Answer>(question: Promise<Answer>): Promise<Answer> {
    try {
      const answer = await question;
      this.#isDown = false;
      return answer;
    } catch (error) {
      this.#isDown = error instanceof Failure && error.code.startsWith('REMOTE_');
      throw error;
    }
  }
}
