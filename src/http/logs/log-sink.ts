import { write } from 'node:fs';

/** Takes lines, each with its line end. */
export interface LogSink {
  write(line: string): void;
  /** How many lines were lost, because the disk or the reader was too slow for them. */
  readonly dropped: number;
  /** Fulfils when nothing waits any more, or nothing can be done for what does. */
  flush(): Promise<void>;
}

/** So many characters wait for a slow disk or reader; what comes after them is lost rather than kept in memory. */
const MOST_WAITING = 4_000_000;
/** How long lines gather before they are written, in milliseconds: a write for each would cost more than the lines. */
const GATHER_MS = 10;
/** How soon it is tried again where it went wrong, in milliseconds. */
const AGAIN_MS = 100;

/**
 * A sink on a file descriptor, which writes many lines at a time. A disk that is full or a reader that is gone stops
 * nothing: what could not be written is tried again. (pino's own destination, asked to flush, would try for ever.)
 */
export function openSink(fileDescriptor: number): LogSink {
  return new FileSink(fileDescriptor);
}

/** A sink on standard error: a pipe or a socket there waits for no reader once node has been asked for it. */
export function standardError(): LogSink {
  return openSink(process.stderr.fd);
}

class FileSink implements LogSink {
  readonly #fileDescriptor: number;
  #waiting = '';
  /** What is being written, or could not be. */
  #begun = Buffer.alloc(0);
  #isWriting = false;
  #gathering: NodeJS.Timeout | undefined;
  #dropped = 0;
  /** Whoever waits for the end of the writing. */
  #onIdle: (() => void)[] = [];

  constructor(fileDescriptor: number) {
    this.#fileDescriptor = fileDescriptor;
  }

  get dropped(): number {
    return this.#dropped;
  }

  write(line: string): void {
    if (this.#waiting.length + line.length > MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += line;
    this.#gathering ??= setTimeout(() => this.#writeOn(), GATHER_MS).unref();
  }

  async flush(): Promise<void> {
    this.#writeOn();
    if (!this.#isWriting) return;
    await new Promise<void>((fulfil) => this.#onIdle.push(fulfil));
  }

  #writeOn(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#isWriting) return;
    if (this.#begun.length === 0) {
      this.#begun = Buffer.from(this.#waiting);
      this.#waiting = '';
    }
    if (this.#begun.length === 0) return;
    this.#isWriting = true;
    write(this.#fileDescriptor, this.#begun, (error, count) => this.#end(error, count));
  }

  #end(error: Error | null, count: number): void {
    this.#isWriting = false;
    if (error === null) {
      this.#begun = this.#begun.subarray(count);
      this.#writeOn();
    }
    if (this.#isWriting) return;
    if (error !== null) this.#gathering ??= setTimeout(() => this.#writeOn(), AGAIN_MS).unref();
    for (const fulfil of this.#onIdle.splice(0)) fulfil();
  }
}
