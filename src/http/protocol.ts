import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SECURITY_HEADERS } from './security-headers.js';

/** A client that takes longer than this to send its headers or its whole request only holds a socket. */
const TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 8_000, connectionsCheckingInterval: 1_000 };

/** A server that survives slow clients and answers what is not HTTP. */
export function createProtocolServer(listener: RequestListener): Server {
  const server = createServer(TIMEOUTS, listener);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) socket.destroy();
    else socket.end(protocolAnswer(error.code));
  });
  return server;
}

/** Whether an answer is on its way on this socket: bytes of ours would then land in the middle of it. */
function isAnswering(socket: Duplex & { readonly _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}

function protocolAnswer(code: string | undefined): string {
  const [status, reason, word] = statusOf(code);
  const error = { code: word, message: `not a good request: ${reason}`, details: {} };
  const body = JSON.stringify({ error });
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function statusOf(code: string | undefined): readonly [number, string, string] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'Request Header Fields Too Large', 'HEADERS_TOO_LARGE'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'Request Timeout', 'REQUEST_TIMEOUT'];
  return [400, 'Bad Request', 'INVALID_REQUEST'];
}
