import { createHmac } from 'node:crypto';
import type { Destination } from './subscriber.js';

/** What a message is sent as. */
export interface Signed {
  readonly id: string;
  /** The body, as it is sent. */
  readonly body: string;
}

/**
 * The secret of a destination, as Standard Webhooks writes it. It follows from the server's own secret, so that replicas that
 * share one sign alike and nothing has to be kept; and it is another one for each address, so that no receiver can sign
 * for others.
 */
export function secretOf(master: string, { org, project, url }: Destination): string {
  return `${PREFIX}${keyOf(master, { org, project, url }).toString('base64')}`;
}

/** The headers of Standard Webhooks for a message that is sent now, in seconds since 1970. */
export function signatureHeaders(
  { id, body }: Signed,
  { master, destination, seconds }: SigningPlace,
): Readonly<Record<string, string>> {
  const signature = createHmac('sha256', keyOf(master, destination)).update(`${id}.${seconds}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature.digest('base64')}`,
  };
}

/** Whose secret signs, for whom, and when. */
export interface SigningPlace {
  readonly master: string;
  readonly destination: Destination;
  readonly seconds: number;
}

const PREFIX = 'whsec_';
/** The server's secret signs tokens too; what is signed for one purpose means nothing for the other. */
const PURPOSE = 'flagstaff outbound webhook';

function keyOf(master: string, { org, project, url }: Destination): Buffer {
  return createHmac('sha256', master).update([PURPOSE, org, project, url].join('\n')).digest();
}
