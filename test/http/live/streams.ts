import { get, type IncomingMessage } from 'node:http';
import { singleHeaders } from '../../support/http.js';
import { checkExchange } from '../../support/openapi.js';
import { until } from '../../support/until.js';

/** One frame, by its fields: `id`, `event`, `data`, `retry`; a comment is under the empty name. */
export type Frame = Readonly<Record<string, string>>;

/** A stream as it comes over the wire. */
export interface OpenStream {
  readonly response: IncomingMessage;
  /** Every frame, in order. */
  readonly frames: readonly Frame[];
  /** What each read gave. */
  readonly chunks: readonly string[];
  readonly isOver: boolean;
  close(): void;
}

/** The same of a server of the API, whose description must have the answer. */
export async function openStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OpenStream> {
  const stream = await openBareStream(url, headers);
  const { pathname, search } = new URL(url);
  const { response, chunks } = stream;
  const answer = { status: response.statusCode ?? 0, text: chunks.join('') };
  const exchange = { method: 'GET', path: pathname + search, headers: singleHeaders(response.headers) };
  checkExchange({ ...exchange, ...answer });
  return stream;
}

/** Opens a stream and waits for its head and its first frame, or for the whole refusal. */
export async function openBareStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OpenStream> {
  const chunks: string[] = [];
  let isOver = false;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).once('error', reject);
  });
  response.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  response.once('close', () => {
    isOver = true;
  });
  response.on('error', () => undefined);
  await until(() => chunks.length > 0 || isOver);
  return {
    response,
    chunks,
    get frames() {
      return chunks.join('').split('\n\n').slice(0, -1).map(parseFrame);
    },
    get isOver() {
      return isOver;
    },
    close: () => response.destroy(),
  };
}

/** What the data of the frames says, with the name of the event where it has one, without times and heartbeats. */
export function newsOf({ frames }: Pick<OpenStream, 'frames'>): readonly string[] {
  return frames.flatMap(({ event, data }) => {
    if (data === undefined || event === 'heartbeat') return [];
    const { timestamp: _, lastModified: __, etag: ___, ...facts } = JSON.parse(data);
    return [[event ?? 'message', ...Object.values(facts)].join(' ')];
  });
}

function parseFrame(text: string): Frame {
  const fields = text.split('\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
  });
  return Object.fromEntries(fields);
}
