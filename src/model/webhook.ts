import { hash } from 'node:crypto';
import type { KebabText } from './values.js';

/** An address that is told what changes in the project. */
export interface Webhook {
  /**
   * Where changes are sent, by POST: an address with `https`, without name, password and `#`. One with `http`, or of a private network,
   * is only sent to where the server's FLAGSTAFF_WEBHOOK_ALLOW lists its host and port.
   * @pattern ^https?://[^\s/?#@\\]+(?:[/?][^\s#\\]*)?$
   * @maxLength 2000
   */
  readonly url: string;
  /**
   * Who listens there, and what for.
   * @maxLength 2000
   */
  readonly description?: string;
  /**
   * What is told: changes of these; of everything in the project where it is left out.
   * @minItems 1
   * @uniqueItems true
   */
  readonly events?: readonly WebhookEvent[];
  /**
   * Only changes that concern one of these environments; all where it is left out.
   * @minItems 1
   * @maxItems 100
   * @uniqueItems true
   */
  readonly environments?: readonly KebabText[];
}

/** What of a project changes: a flag, its overrides, its tests, a segment, the project itself, its API keys. */
export type WebhookEvent = 'flag' | 'overrides' | 'tests' | 'segment' | 'project' | 'api-keys';

/**
 * An address as it may be told to others: its origin, and so much of its SHA-256 that addresses of one host differ:
 * `https://hooks.example.com#3f2a9c1b`. Whoever knows the whole of it may often write there.
 */
export function shownAddress(url: string): string {
  const origin = URL.canParse(url) ? new URL(url).origin : '';
  return `${origin}#${hash('sha256', url, 'hex').slice(0, 8)}`;
}

/** A webhook as it may be told to others. */
export function shownWebhook(webhook: Webhook): Webhook {
  return { ...webhook, url: shownAddress(webhook.url) };
}
