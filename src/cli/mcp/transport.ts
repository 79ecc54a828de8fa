import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

type Message = Parameters<StdioServerTransport['send']>[0];

/** Standard input and output, which stay open behind the end of the input until all that was asked is answered. */
export class AnsweringTransport extends StdioServerTransport {
  readonly #asked = new Set<unknown>();
  #onAnswered: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  /** Fulfilled when nothing is read and written any more. */
  readonly closed: Promise<void>;
  readonly #end: () => void;

  constructor(...streams: ConstructorParameters<typeof StdioServerTransport>) {
    super(...streams);
    let end = (): void => undefined;
    this.closed = new Promise((resolve) => {
      end = resolve;
    });
    this.#end = end;
  }

  override async start(): Promise<void> {
    const hear = this.onmessage;
    this.onmessage = (message) => {
      this.#note(message);
      hear?.(message);
    };
    await super.start();
  }

  override async send(message: Message): Promise<void> {
    try {
      await super.send(message);
    } finally {
      if ('id' in message && !('method' in message)) this.#settle(message.id);
    }
  }

  override close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#asked.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onAnswered = resolve;
      });
    }
    await super.close();
    this.#end();
  }

  /** What is taken back is never answered. */
  #note(message: Message): void {
    if (!('method' in message)) return;
    if ('id' in message) this.#asked.add(message.id);
    else if (message.method === 'notifications/cancelled') this.#settle(message.params?.requestId);
  }

  #settle(id: unknown): void {
    this.#asked.delete(id);
    if (this.#asked.size === 0) this.#onAnswered?.();
  }
}
