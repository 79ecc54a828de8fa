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
