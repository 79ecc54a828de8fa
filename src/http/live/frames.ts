import type { FlagKey } from '../../model/keys.js';

/** Whose words a stream speaks: those of OFREP's event streams, or those of seed 004's clients. */
export type Dialect = 'ofrep' | 'flags';

/** What is told to a stream. */
export type News =
  /** Flags whose state in the stream's environment changed. */
  | { readonly kind: 'flags'; readonly flags: readonly FlagKey[] }
  /** Anything may be another: the stream has just opened, or it is about another environment from now on. */
  | { readonly kind: 'all'; readonly reason: 'connected' | 'environment-changed' };

/** As of what it is told. */
export interface Moment {
  /** The commit that is served. */
  readonly revision: string;
  /** When that commit began to be served, in epoch milliseconds. */
  readonly servedAt: number;
  /** In epoch milliseconds. */
  readonly now: number;
}

/** Of more flags at once it is only told that there are many. */
const MOST_NAMED = 10;

/** The frames that tell it, each to be one write. Lines end in LF alone, and the id of each is the revision. */
export function framesOf(dialect: Dialect, news: News, moment: Moment): readonly string[] {
  if (dialect === 'ofrep') return [refetch(moment)];
  if (news.kind === 'all') return [configUpdated(news.reason, moment)];
  if (news.flags.length > MOST_NAMED) return [configUpdated('many-flags', moment)];
  return news.flags.map((flagKey) =>
    frame('flag-updated', { flagKey, timestamp: timestamp(moment) }, moment),
  );
}

/** A sign of life, which keeps what stands between from closing a stream that says nothing. */
export function heartbeatOf(dialect: Dialect, now: number): string {
  if (dialect === 'ofrep') return NOTHING;
  return `event: heartbeat\ndata: ${JSON.stringify({ timestamp: new Date(now).toISOString() })}\n\n`;
}

/** A comment: the stream is open, and its client knows what is served. */
export const NOTHING = ':\n\n';

/** How long clients are to wait before they connect again. */
export function retryLine(retryMs: number): string {
  return `retry: ${retryMs}\n`;
}

function refetch({ revision, servedAt }: Moment): string {
  const lastModified = Math.floor(servedAt / 1_000);
  const data = JSON.stringify({ type: 'refetchEvaluation', etag: revision, lastModified });
  return `id: ${revision}\ndata: ${data}\n\n`;
}

function configUpdated(reason: string, moment: Moment): string {
  return frame('config-updated', { reason, timestamp: timestamp(moment) }, moment);
}

function frame(event: string, data: object, { revision }: Moment): string {
  return `id: ${revision}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function timestamp({ now }: Moment): string {
  return new Date(now).toISOString();
}
