import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * True where the request comes from this machine and from nowhere behind it: a proxy on this machine says by
 * `Forwarded`, `X-Forwarded-*` or `Via` that it speaks for somebody else.
 */
export function isLoopback(request: IncomingMessage): boolean {
  return isLoopbackAddress(request.socket.remoteAddress) && !isForwarded(request.headers);
}

/** Whether a caller on this machine asked for a name that means this machine. Another name is a web page's trick (DNS rebinding). */
export function isLocalHost(host: string | undefined, ownName: string): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || name === ownName || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** Whether a browser says that one of our own pages asks, or one of a listed origin. Callers that are no browsers send no `Origin`. */
export function isGoodOrigin({ origin, host }: IncomingHttpHeaders, listed: ReadonlySet<string>): boolean {
  if (origin === undefined || listed.has(origin)) return true;
  return host !== undefined && /^https?:\/\/(.+)$/.exec(origin)?.[1] === host;
}

function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

/** Whether a proxy says that it speaks for somebody else. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) {
    if (name === 'via' || name === 'forwarded' || name.startsWith('x-forwarded-')) return true;
  }
  return false;
}
