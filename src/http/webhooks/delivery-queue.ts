import type { Delivery, DeliveryStore } from './delivery-store.js';
import type { Sent } from './send.js';
import { type Destination, digestOf, nameOf } from './subscriber.js';

/** What a queue works with. */
export interface QueueOptions {
  readonly store: DeliveryStore;
  readonly send: (delivery: Delivery, signal: AbortSignal) => Promise<Sent>;
  /** Whether it is still wanted; undefined where that is not known yet. */
  readonly isWanted: (destination: Destination) => boolean | undefined;
  /** The receiver answered that it wants no more. */
  readonly onGone: (destination: Destination) => void;
  readonly schedule: readonly number[];
  readonly log: (line: string) => void;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** How it went the last time. */
export interface LastAttempt {
  /** In epoch milliseconds. */
  readonly at: number;
  /** The status of a delivery, or why it was none. */
  readonly outcome: string;
}

/** What happened since the start. */
export interface DeliveryCounts {
  readonly queued: number;
  readonly delivered: number;
  /** Attempts that went wrong. */
  readonly failed: number;
  /** Messages that were given up. */
  readonly dead: number;
}

/** How long to wait before each attempt, in milliseconds: 5 s, 5 min, 30 min, then hours. The schedule of Standard Webhooks. */
export const SCHEDULE = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map(
  (seconds) => seconds * 1_000,
);

/** So many are sent at once, one to each address: a receiver that hangs delays no other. */
const AT_ONCE = 4;
/** So many wait at most; the oldest gives way. */
const MOST_QUEUED = 1_000;
/** How often it is looked whether an organization is served by now, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;
/** Attempts of many servers, or of many messages, do not come at one moment. */
const JITTER = 0.1;

/** The messages that are under way, kept on disk until their receivers have them. */
export class DeliveryQueue {
  readonly #options: QueueOptions;
  /** In order of their coming. */
  readonly #waiting = new Map<string, Delivery>();
  /** By digest of their destinations. */
  readonly #sending = new Map<string, Promise<void>>();
  readonly #last = new Map<string, LastAttempt>();
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #delivered = 0;
  #failed = 0;
  #dead = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
    for (const delivery of options.store.read()) this.#waiting.set(delivery.id, delivery);
  }

  get counts(): DeliveryCounts {
    return { queued: this.#waiting.size, delivered: this.#delivered, failed: this.#failed, dead: this.#dead };
  }

  lastAttempt(destination: Destination): LastAttempt | undefined {
    return this.#last.get(digestOf(destination));
  }

  /** How many wait for this destination. */
  queuedFor(destination: Destination): number {
    const digest = digestOf(destination);
    return [...this.#waiting.values()].filter((delivery) => digestOf(delivery) === digest).length;
  }

  /** Fulfilled when they are kept; then `go` sends them. Throws what the disk refuses. */
  async add(messages: readonly Omit<Delivery, 'attempts' | 'dueAt'>[]): Promise<void> {
    const fresh = messages
      .filter(({ id }) => !this.#waiting.has(id))
      .map((message) => ({ ...message, attempts: 0, dueAt: this.#options.now() + this.#delayOf(0) }));
    if (fresh.length === 0) return;
    await this.#options.store.add(fresh);
    for (const delivery of fresh) this.#waiting.set(delivery.id, delivery);
    this.#makeRoom();
  }

  /** Sends what is due, and what becomes due. */
  go(): void {
    clearTimeout(this.#timer);
    if (this.#end.signal.aborted) return;
    for (const delivery of this.#waiting.values()) this.#begin(delivery);
    this.#timer = setTimeout(() => this.go(), this.#untilNext()).unref();
  }

  /** What is under way is broken off; it is tried again after the next start. */
  async close(): Promise<void> {
    this.#end.abort();
    clearTimeout(this.#timer);
    await Promise.all(this.#sending.values());
  }

  #begin(delivery: Delivery): void {
    const digest = digestOf(delivery);
    if (this.#sending.size >= AT_ONCE || this.#sending.has(digest)) return;
    if (delivery.dueAt > this.#options.now()) return;
    const isWanted = this.#options.isWanted(delivery);
    if (isWanted === false) this.#drop(delivery);
    if (isWanted !== true) return;
    const attempt = this.#attempt(delivery)
      // Whatever it is, it must stop neither this message nor the others.
      .catch((error: unknown) => this.#postpone(delivery, String(error)))
      .finally(() => {
        this.#sending.delete(digest);
        this.go();
      });
    this.#sending.set(digest, attempt);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const sent = await this.#options.send(delivery, this.#end.signal);
    if (this.#end.signal.aborted && sent.kind !== 'delivered') return;
    const outcome = outcomeOf(sent);
    this.#last.set(digestOf(delivery), { at: this.#options.now(), outcome });
    if (sent.kind === 'failed') return this.#postpone(delivery, outcome);
    if (sent.kind === 'delivered') this.#delivered += 1;
    else this.#options.onGone(delivery);
    this.#drop(delivery);
  }

  async #postpone(delivery: Delivery, outcome: string): Promise<void> {
    this.#failed += 1;
    const attempts = delivery.attempts + 1;
    if (attempts >= this.#options.schedule.length) {
      this.#giveUp(delivery, `after ${attempts} attempts: ${outcome}`);
      return;
    }
    if (attempts === 1) {
      this.#options.log(`${nameOf(delivery)}: ${outcome}; commit ${delivery.commit} is told again later`);
    }
    const later = { ...delivery, attempts, dueAt: this.#options.now() + this.#delayOf(attempts) };
    if (this.#waiting.has(delivery.id)) this.#waiting.set(delivery.id, later);
    // Where the disk refuses, a restart tries it sooner.
    await this.#options.store.change(later).catch(() => undefined);
  }

  #giveUp(delivery: Delivery, why: string): void {
    this.#dead += 1;
    this.#options.log(`${nameOf(delivery)}: commit ${delivery.commit} is not told any more, ${why}`);
    this.#drop(delivery);
  }

  #drop(delivery: Delivery): void {
    this.#waiting.delete(delivery.id);
    try {
      this.#options.store.remove(delivery);
    } catch (error) {
      this.#options.log(`${nameOf(delivery)}: told again after a restart, its file stays: ${error}`);
    }
  }

  #makeRoom(): void {
    for (const delivery of this.#waiting.values()) {
      if (this.#waiting.size <= MOST_QUEUED) return;
      this.#giveUp(delivery, `because more than ${MOST_QUEUED} messages wait`);
    }
  }

  #delayOf(attempts: number): number {
    const delay = this.#options.schedule[attempts] ?? 0;
    return delay * (1 + JITTER * (2 * Math.random() - 1));
  }

  /** Until something that is not under way is due. Whatever is due and not begun waits for a place, or to be wanted. */
  #untilNext(): number {
    const now = this.#options.now();
    const next = Math.min(...[...this.#waiting.values()].map(({ dueAt }) => dueAt));
    if (next === Number.POSITIVE_INFINITY) return LONGEST_MS;
    return Math.min(LONGEST_MS, next <= now ? LOOK_AGAIN_MS : next - now);
  }
}

/** Timers take no more than a signed number of 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

function outcomeOf(sent: Sent): string {
  if (sent.kind === 'failed') return sent.reason;
  return sent.kind === 'gone' ? 'answered 410' : `answered ${sent.status}`;
}
