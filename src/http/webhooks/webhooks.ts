import { endsWithin, PUT_AWAY_MS } from '../../repository/ending.js';
import type { FollowedRemote } from '../../repository/remote/remote.js';
import { readOrCreateSecret } from '../../repository/secret.js';
import type { FlagCache } from '../../repository/served.js';
import { type DeliveryCounts, DeliveryQueue, type LastAttempt, SCHEDULE } from './delivery-queue.js';
import { type Delivery, DeliveryStore } from './delivery-store.js';
import { type Sent, send } from './send.js';
import { secretOf, signatureHeaders } from './signature.js';
import { type Destination, digestOf, isSubscribed } from './subscriber.js';
import { Teller } from './teller.js';
import { disabledAt, WebhookNote } from './webhook-note.js';

/** How a server tells webhooks. */
export interface WebhookRules {
  /** False tells nobody: for replicas of a server that does. */
  readonly isOn: boolean;
  /** What the secrets of all webhooks follow from, the same on all replicas; the secret of the git folder where it is left out. */
  readonly secret?: string | undefined;
  /** Hosts with their ports, as `parseHost` gives them, that may be asked by `http`, or in private networks: `10.0.0.7:8443`. */
  readonly allow: readonly string[];
  /** How long to wait before each attempt, in milliseconds; the schedule of Standard Webhooks where it is left out. */
  readonly schedule?: readonly number[] | undefined;
}

/** What webhooks are told by. */
export interface WebhookOptions {
  readonly repository: { readonly stateDir: string };
  readonly cache: FlagCache;
  readonly remote?: FollowedRemote | undefined;
  readonly rules: WebhookRules;
  readonly log: (line: string) => void;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** How things stand with one webhook. */
export interface WebhookState {
  /** What its receiver checks signatures with: `whsec_…`. */
  readonly secret: string;
  readonly isOn: boolean;
  /** When its receiver said that it wants no more, in epoch milliseconds. */
  readonly disabledAt: number | undefined;
  readonly queued: number;
  /** Undefined where nothing was sent since the start. */
  readonly lastAttempt: LastAttempt | undefined;
}

/** The outbound webhooks of a server. */
export interface Webhooks {
  readonly counts: DeliveryCounts;
  stateOf(destination: Destination): Promise<WebhookState>;
  /**
   * Tells nothing more. What is under way is told after the next start. It does not wait for long, neither for receivers
   * nor for a disk that hangs.
   */
  close(): Promise<void>;
}

/** Opens the webhooks of all projects that are served. It waits for nothing; what goes wrong later goes to the log. */
export function openWebhooks(options: WebhookOptions): Webhooks {
  const { repository, cache, remote, rules, log } = options;
  const note = new WebhookNote(repository);
  const sender = createSender(options);
  const queue = new DeliveryQueue({
    ...{ store: new DeliveryStore(repository), log, now: options.now, send: sender.send },
    schedule: rules.schedule ?? SCHEDULE,
    isWanted: (destination) =>
      disabledAt(note, destination) === undefined && isSubscribed(cache, destination),
    onGone: (destination) => disable(options, note, destination),
  });
  const teller = rules.isOn ? new Teller({ cache, remote, note, queue, log }) : undefined;
  return {
    get counts() {
      return queue.counts;
    },
    stateOf: async (destination) => ({
      secret: secretOf(await sender.master(), destination),
      isOn: rules.isOn,
      disabledAt: disabledAt(note, destination),
      queued: queue.queuedFor(destination),
      lastAttempt: queue.lastAttempt(destination),
    }),
    close: async () => {
      const ends = Promise.all([teller?.close(), queue.close()]).then(() => undefined);
      if (!(await endsWithin(PUT_AWAY_MS, ends))) log(LATE);
    },
  };
}

const LATE = 'webhooks: the disk does not answer; what nobody was told of yet is told after the next start';

/** What signs and sends. The secret is read once it is needed: most servers have no webhooks. */
function createSender({ repository, rules, now }: WebhookOptions): {
  readonly master: () => Promise<string>;
  readonly send: (delivery: Delivery, signal: AbortSignal) => Promise<Sent>;
} {
  const allowed = new Set(rules.allow);
  let known = rules.secret;
  const master = async (): Promise<string> => {
    known ??= await readOrCreateSecret(repository);
    return known;
  };
  return {
    master,
    send: async (delivery, signal) => {
      const seconds = Math.floor(now() / 1_000);
      const place = { master: await master(), destination: delivery, seconds };
      const { url, body } = delivery;
      return send({ url, body, allowed, signal, headers: signatureHeaders(delivery, place) });
    },
  };
}

/** Until the project names the address no more: who removes it and adds it again starts anew. */
function disable({ log, now }: WebhookOptions, note: WebhookNote, destination: Destination): void {
  const disabled = { ...note.now.disabled, [digestOf(destination)]: now() };
  note.change({ disabled }).catch((error: unknown) => log(`webhooks: not kept that one is off: ${error}`));
}
