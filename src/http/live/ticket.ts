import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Caller, KeyCaller, PersonCaller } from '../access.js';
import type { OfrepScope } from '../ofrep-path.js';
import type { Audience } from './audience.js';

/** What a ticket says: on whose behalf a stream is opened, and which flags it is about. */
export interface Ticket {
  /** Undefined for the anonymous: such a ticket gives nothing that its bearer may not have anyway. */
  readonly holder: KeyCaller | PersonCaller | undefined;
  /** The environment as the evaluation named it; undefined for the one of callers who name none. */
  readonly scope: OfrepScope | undefined;
}

/** Tickets for event streams: an `EventSource` sends no headers, so what it may hear stands in its URL. */
export interface Tickets {
  /** A ticket for what somebody may evaluate. The same one is given out for a while. */
  issue(audience: Audience): string;
  /** Undefined for one that is not ours, or that has ended. */
  read(text: string): Ticket | undefined;
}

/** What is sealed into one. */
interface Sealed extends Ticket {
  /** In epoch milliseconds. */
  readonly until: number;
}

const PREFIX = 'fs_ticket_';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** How long a secret may stand in a URL: it is for connecting, and an open stream goes on. */
const SECRET_LIFE_MS = 120_000;
/** A browser that was away connects again with the URL that it has, and its ticket says no more than its page does. */
const OPEN_LIFE_MS = 86_400_000;
const GIVEN_AGAIN_MS = 30_000;

/**
 * Seals tickets with a key made from this secret: nobody can read one or make one, and every server with the secret takes
 * it. `now` gives epoch milliseconds.
 */
export function openTickets(secret: string, now: () => number): Tickets {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'flagstaff: tickets of event streams, 1', 32));
  const issued = new WeakMap<Caller, Map<string, { readonly text: string; readonly madeAt: number }>>();
  return {
    issue: ({ caller, scope }) => {
      const time = now();
      const known = issued.get(caller) ?? new Map();
      const place = scope === undefined ? '' : `${scope.org}/${scope.project}/${scope.environment}`;
      const last = known.get(place);
      if (last !== undefined && time - last.madeAt < GIVEN_AGAIN_MS) return last.text;
      const holder = caller.kind === 'anonymous' ? undefined : caller;
      const text = PREFIX + seal(key, { holder, scope, until: time + lifeOf(caller) });
      issued.set(caller, known.set(place, { text, madeAt: time }));
      return text;
    },
    read: (text) => {
      const sealed = text.startsWith(PREFIX) ? unseal(key, text.slice(PREFIX.length)) : undefined;
      return sealed !== undefined && now() < sealed.until ? sealed : undefined;
    },
  };
}

/** The key of a browser is no secret, and the anonymous have none. */
function lifeOf(caller: Caller): number {
  const isOpen = caller.kind === 'anonymous' || (caller.kind === 'key' && caller.keyKind === 'client');
  return isOpen ? OPEN_LIFE_MS : SECRET_LIFE_MS;
}

function seal(key: Buffer, sealed: Sealed): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  const body = cipher.update(JSON.stringify(sealed), 'utf8');
  return Buffer.concat([iv, body, cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** What opens with our key, we have sealed. */
function unseal(key: Buffer, text: string): Sealed | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length <= IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== text) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const body = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
  try {
    return JSON.parse(Buffer.concat([body, decipher.final()]).toString('utf8'));
  } catch {
    return undefined;
  }
}
