import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { until } from '../../support/until.js';

/** A message as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  readonly message: Message;
}

/** What a message tells. */
export interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: {
    readonly org: string;
    readonly project: string;
    readonly environments: readonly string[];
    readonly commit: string;
    readonly author: { readonly name: string; readonly email: string };
    readonly subject: string;
    readonly sentences: readonly string[];
    readonly changes: readonly { readonly before?: unknown; readonly after?: unknown }[];
    readonly isCut: boolean;
  };
}

/** A program that receives webhooks. */
export interface Receiver {
  /** `http://127.0.0.1:4711/hook` */
  readonly url: string;
  /** `127.0.0.1:4711` */
  readonly host: string;
  readonly received: readonly Received[];
  /** Fulfils when it has so many. */
  has(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts one; it answers 204 where nothing else is said, by the number of the request from 0. */
export async function startReceiver(
  statusOf: (count: number, request: IncomingMessage) => number | 'hang' = () => 204,
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { url: path = '', headers } = request;
    const status = statusOf(received.length, request);
    received.push({ path, headers, text: body, message: JSON.parse(body) });
    if (status === 'hang') return;
    response.writeHead(status, status >= 300 && status < 400 ? { Location: '/elsewhere' } : {});
    response.end();
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/hook`,
    host,
    received,
    has: (count) => until(() => received.length >= count),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Throws where the signature is not that of this secret, as the receivers' own library judges it. */
export function verify({ text: body, headers }: Received, secret: string): void {
  new Webhook(secret).verify(body, headers as Record<string, string>);
}
