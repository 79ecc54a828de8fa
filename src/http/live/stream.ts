import type { ServerResponse } from 'node:http';
import { type Dialect, framesOf, type Moment, NOTHING, retryLine } from './frames.js';

/** How much may wait for a reader, in bytes: some hundred frames. */
const MOST_WAITING_BYTES = 64 * 1_024;

/** What every stream is answered with. What stands between must neither keep frames back nor pack them. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** What a client says when it connects. */
export interface StreamStart {
  readonly dialect: Dialect;
  /** The id of the last frame that it has; undefined for a new one. */
  readonly lastEventId: string | undefined;
  /** How long it is to wait before it connects again. */
  readonly retryMs: number;
}

/** The same in the words of each dialect: it is made once for all who hear it. */
export type Texts = Readonly<Record<Dialect, readonly string[]>>;

/** One open stream of server-sent events. */
export class Stream {
  readonly #response: ServerResponse;
  readonly #dialect: Dialect;

  /** Begins the answer, and tells what may have changed since the client last heard. */
  constructor(response: ServerResponse, { dialect, lastEventId, retryMs }: StreamStart, moment: Moment) {
    this.#response = response;
    this.#dialect = dialect;
    // It has no end that its connection could be used again after.
    response.shouldKeepAlive = false;
    response.writeHead(200, STREAM_HEADERS);
    const knowsAll = dialect === 'ofrep' && lastEventId === moment.revision;
    const first = knowsAll ? [NOTHING] : framesOf(dialect, { kind: 'all', reason: 'connected' }, moment);
    response.write(retryLine(retryMs) + first.join(''));
  }

  /** Each text is a frame, and one write. */
  send(texts: Texts): void {
    for (const text of texts[this.#dialect]) this.#write(text);
  }

  end(): void {
    this.#response.end();
  }

  /** A reader who does not keep up is dropped: it connects again and hears what it missed, and memory is for the others. */
  #write(frame: string): void {
    if (this.#response.writableLength > MOST_WAITING_BYTES) this.#response.destroy();
    else this.#response.write(frame);
  }
}
