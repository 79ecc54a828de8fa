import { constants, fstatSync, openSync, write } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Takes lines, each with its line end. */
export interface LogSink {
  write(line: string): void;
  /** Fulfils when nothing waits any more, or nothing can be done for what does. */
  flush(): Promise<void>;
}

/** So many characters wait for a slow disk or reader; what comes after them is lost rather than kept in memory. */
const MOST_WAITING = 4_000_000;
/** How long lines gather before they are written, in milliseconds: a write for each would cost more than the lines. */
const GATHER_MS = 10;
/** How soon it is tried again where it went wrong, in milliseconds. */
const AGAIN_MS = 100;
/** How long the last lines may take, in milliseconds. */
const FLUSH_MS = 500;

/**
 * A sink on a file descriptor, which writes many lines at a time. A disk that is full or a reader that is gone stops
 * nothing: what could not be written is tried again. (pino's own destination, asked to flush, would try for ever.)
 */
export function openSink(fileDescriptor: number): LogSink {
  return new FileSink(fileDescriptor);
}

/** A sink on standard error, which waits for no reader: a write that did would hold up the end of the process. */
export function standardError(): LogSink {
  const { fd } = process.stderr;
  return openSink(fstatSync(fd).isFIFO() ? withoutWaiting(fd) : fd);
}

/** The same pipe, opened anew: what is set on one's own end of it is set for nobody else. Where that cannot be, as it is. */
function withoutWaiting(fd: number): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return fd;
  }
}

class FileSink implements LogSink {
  readonly #fileDescriptor: number;
  #waiting = '';
  /** What is being written, or could not be. */
  #begun = Buffer.alloc(0);
  #isWriting = false;
  #gathering: NodeJS.Timeout | undefined;
  /** Whoever waits for the end of the writing. */
  #onIdle: (() => void)[] = [];

  constructor(fileDescriptor: number) {
    this.#fileDescriptor = fileDescriptor;
  }

  write(line: string): void {
    if (this.#waiting.length + line.length > MOST_WAITING) return;
    this.#waiting += line;
    this.#gathering ??= setTimeout(() => this.#writeOn(), GATHER_MS).unref();
  }

  async flush(): Promise<void> {
    this.#writeOn();
    if (!this.#isWriting) return;
    const idle = new Promise<void>((fulfil) => this.#onIdle.push(fulfil));
    await Promise.race([idle, wait(FLUSH_MS, undefined, { ref: false })]);
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
