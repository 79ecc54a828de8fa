import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Says whether a request shows the token of those who collect metrics: FLAGSTAFF_METRICS_TOKEN. */
export type IsScraper = (request: IncomingMessage) => boolean;

/** Nobody is one where there is no token. How long the comparison takes tells nothing of the token. */
export function scraperOf(token: string | undefined): IsScraper {
  if (token === undefined) return () => false;
  const wanted = digest(token);
  return ({ headers }) => {
    const sent = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return sent !== undefined && timingSafeEqual(digest(sent), wanted);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
