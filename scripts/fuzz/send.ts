import { Agent } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { headersOf } from '../../test/http/matrix-callers.js';
import { askServer } from '../../test/support/http.js';
import type { BytesInput, FuzzInput, RequestInput } from './input.js';

/** How an input was answered: the status, 0 for a connection that was closed without, or why that is wrong. */
export type Outcome = { readonly status: number } | { readonly fault: string };

/** Longer than a server takes for whatever it is asked, and shorter than anybody waits for a test. */
const GIVE_UP_MS = 20_000;
/** From here on a server may answer and close before it has read all. */
const LARGE_BYTES = 1024 * 1024;

/** Each on a connection of its own: that one is closed says nothing of the others. */
const agent = new Agent({ keepAlive: false });

/** Sends one input, and judges its answer: no 5xx, and nothing that the description of the API has not. */
export async function send(url: string, input: FuzzInput): Promise<Outcome> {
  const sent = input.kind === 'bytes' ? sendBytes(url, input) : sendRequest(url, input);
  const outcome = await Promise.race([sent, silence()]);
  if ('status' in outcome && outcome.status >= 500) return { fault: `answered ${outcome.status}` };
  return outcome;
}

async function sendRequest(
  url: string,
  { method, path, headers, body, caller }: RequestInput,
): Promise<Outcome> {
  const shown =
    caller === 'bad credential' ? { Authorization: 'Bearer bad.bad.bad' } : await headersOf(caller);
  try {
    const ask = { method, headers: { ...shown, ...headers }, ...(body === undefined ? {} : { body }) };
    const { status, text: told } = await askServer({ url, agent, path, ask });
    return status >= 500 ? { fault: `answered ${status}: ${told}` } : { status };
  } catch (error) {
    if (isClosed(error) && body !== undefined && body.length > LARGE_BYTES) return { status: 0 };
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** The server may close whatever is no HTTP, or say that it is none. */
async function sendBytes(url: string, { bytes }: BytesInput): Promise<Outcome> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.end(bytes);
  const answered = await text(socket).catch((error: unknown) => {
    if (isClosed(error)) return '';
    throw error;
  });
  if (answered === '') return { status: 0 };
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(answered)?.[1];
  return status === undefined ? { fault: `answered ${answered.slice(0, 200)}` } : { status: Number(status) };
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function silence(): Promise<Outcome> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ fault: `no answer within ${GIVE_UP_MS} ms` }), GIVE_UP_MS).unref();
  });
}
