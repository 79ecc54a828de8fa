import { type IncomingMessage, request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestSecure } from 'node:https';
import {
  type AllowedHosts,
  ForbiddenAddress,
  isAllowed,
  publicLookup,
  reasonAgainst,
} from './public-address.js';

/** What is sent, and where to. */
export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowed: AllowedHosts;
  readonly signal: AbortSignal;
  /** How long a receiver may take, from the name's look-up to its status; 15 seconds where it is left out. */
  readonly timeLimitMs?: number;
}

/** How it went. */
export type Sent =
  | { readonly kind: 'delivered'; readonly status: number }
  /** 410: the receiver wants no more. */
  | { readonly kind: 'gone' }
  /** The address is one that nothing is sent to, whenever it is tried. */
  | { readonly kind: 'forbidden'; readonly reason: string }
  /** Why not, in a few words without secrets. */
  | { readonly kind: 'failed'; readonly reason: string };

const TIME_LIMIT_MS = 15_000;
/** So much of an answer is let pass before the connection is ended: nobody reads it. */
const ANSWER_BYTES = 16 * 1024;

/** Sends it by POST. A status of 2xx is a delivery; a redirect is none, and is not followed. Never rejects. */
export async function send(sending: Sending): Promise<Sent> {
  try {
    const url = new URL(sending.url);
    const reason = reasonAgainst(url, sending.allowed);
    if (reason !== undefined) return { kind: 'forbidden', reason };
    const status = await statusOf(url, sending);
    if (status >= 200 && status < 300) return { kind: 'delivered', status };
    return status === 410 ? { kind: 'gone' } : { kind: 'failed', reason: `answered ${status}` };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

function statusOf(
  url: URL,
  { headers, body, allowed, signal, timeLimitMs = TIME_LIMIT_MS }: Sending,
): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]),
    headers: { ...headers, 'Content-Type': 'application/json', 'User-Agent': 'flagstaff' },
    ...(isAllowed(url, allowed) ? {} : { lookup: publicLookup }),
  };
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'https:' ? requestSecure : requestPlain;
    const sent = begin(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      passOver(response);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function passOver(response: IncomingMessage): void {
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
}

/** Node's code says what happened; its message may hold more than that. */
function reasonOf(error: unknown): string {
  if (error instanceof ForbiddenAddress) return error.message;
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError' || error.cause instanceof DOMException) return 'took too long';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
