import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git';
import { Failure } from '../../model/failure.js';
import { authorization } from './address.js';
import { denied, unreachable } from './remote-failure.js';
import type { RemoteAddress } from './transport.js';

/** How long nothing may come, in milliseconds. */
const IDLE_MS = 30_000;
const DENIED: ReadonlySet<number> = new Set([401, 403, 404]);

/**
 * Asks a remote over http, each time on a connection of its own: one that is kept may have ended meanwhile, and of a push
 * nobody would know then. Follows no redirect. Throws `Failure` REMOTE_UNREACHABLE or REMOTE_DENIED, also where an answer
 * breaks off.
 */
export function httpClient(address: RemoteAddress, signal: AbortSignal): HttpClient {
  return { request: (asked) => ask(asked, address, signal) };
}

async function ask(
  asked: GitHttpRequest,
  address: RemoteAddress,
  signal: AbortSignal,
): Promise<GitHttpResponse> {
  const { url, method = 'GET', body } = asked;
  const { credentials } = address;
  const headers = {
    ...asked.headers,
    'User-Agent': 'git/flagstaff',
    ...(credentials === undefined ? {} : { Authorization: authorization(credentials) }),
  };
  const bytes = body === undefined ? undefined : await joined(body);
  const answer = await send({ url, method, headers, bytes, signal }).catch((error: unknown) => {
    throw unreachable(address, reasonOf(error), error);
  });
  const status = answer.statusCode ?? 0;
  if (status !== 200) {
    answer.resume();
    // A POST may have arrived all the same: not only the remote answers, but what stands before it too.
    throw method === 'GET' && DENIED.has(status)
      ? denied(address, `it answers with status ${status}`)
      : unreachable(address, `it answers with status ${status}`);
  }
  return {
    ...{ url, method, statusCode: status, statusMessage: answer.statusMessage ?? '' },
    headers: {},
    body: chunksOf(answer, address),
  };
}

function send(what: {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer | undefined;
  readonly signal: AbortSignal;
}): Promise<IncomingMessage> {
  const { url, method, headers, bytes, signal } = what;
  return new Promise((fulfil, reject) => {
    const start = url.startsWith('https:') ? requestHttps : requestHttp;
    const request = start(url, { method, headers, signal, agent: false }, fulfil);
    request.setTimeout(IDLE_MS, () =>
      request.destroy(new Error(`nothing came for ${IDLE_MS / 1_000} seconds`)),
    );
    request.once('error', reject);
    request.end(bytes);
  });
}

async function* chunksOf(answer: IncomingMessage, address: RemoteAddress): AsyncIterableIterator<Uint8Array> {
  try {
    for await (const chunk of answer) yield chunk;
  } catch (error) {
    throw error instanceof Failure ? error : unreachable(address, reasonOf(error), error);
  }
}

async function joined(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | AsyncIterableIterator<Uint8Array>,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'AbortError' ? 'it took too long' : error.message;
}
