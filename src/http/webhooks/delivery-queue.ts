import { unreachable } from '../../model/unreachable.js';
import type { Delivery, DeliveryStore, NewDelivery } from './delivery-store.js';
import type { Sent } from './send.js';
import { type Destination, isSameDestination, keyOf, nameOf } from './subscriber.js';
import { WaitingDeliveries } from './waiting-deliveries.js';

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
const AT_ONCE = 64;
/** So many of one organization, so that its receivers that hang delay those of no other. */
const AT_ONCE_OF_ORG = 4;
/** So many wait at most; the oldest of the organization that has most gives way, so that none can crowd out another. */
const MOST_QUEUED = 1_000;
/** How often it is looked whether an organization is served by now, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;
/** Attempts of many servers, or of many messages, do not come at one moment. */
const JITTER = 0.1;

/** A message that is under way. */
interface Attempt {
  readonly delivery: Delivery;
  readonly done: Promise<void>;
}

/** The messages that are under way, kept on disk until their receivers have them. */
export class DeliveryQueue {
  readonly #options: QueueOptions;
  readonly #waiting: WaitingDeliveries;
  /** By key of their destinations. What is here is waiting too, and nothing else takes it away. */
  readonly #sending = new Map<string, Attempt>();
  /** By key of the destinations. */
  readonly #last = new Map<string, LastAttempt>();
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #number: number;
  #delivered = 0;
  #failed = 0;
  #dead = 0;

  constructor(options: QueueOptions) {
    const kept = options.store.read();
    this.#options = options;
    this.#waiting = new WaitingDeliveries(kept);
    this.#number = kept.at(-1)?.number ?? 0;
  }

  get counts(): DeliveryCounts {
    return { queued: this.#waiting.size, delivered: this.#delivered, failed: this.#failed, dead: this.#dead };
  }

  lastAttempt(destination: Destination): LastAttempt | undefined {
    return this.#last.get(keyOf(destination));
  }

  /** How many wait for this destination. */
  queuedFor(destination: Destination): number {
    return this.#waiting.values().filter((one) => isSameDestination(one, destination)).length;
  }

  /** Forgets the last attempts of all other destinations. */
  rememberOnly(destinations: readonly Destination[]): void {
    const kept = new Set(destinations.map(keyOf));
    for (const key of this.#last.keys()) if (!kept.has(key)) this.#last.delete(key);
  }

  /**
   * Fulfilled when they are kept; then `go` sends them. None is sent before `noted` has fulfilled, which runs once they are on
   * disk. Throws what the disk refuses, and what `noted` throws.
   */
  async add(messages: readonly NewDelivery[], noted: () => Promise<void>): Promise<void> {
    const fresh = messages
      .filter((message) => !this.#waiting.has(message))
      .map((message) => this.#begun(message));
    if (fresh.length > 0) await this.#options.store.add(fresh);
    await noted();
    for (const delivery of fresh) this.#waiting.set(delivery);
    this.#makeRoom();
  }

  /** Sends what is due, and what becomes due: of each organization in turn what is due longest. */
  go(): void {
    clearTimeout(this.#timer);
    if (this.#end.signal.aborted) return;
    const lines = this.#waiting.dueAt(this.#options.now());
    while (lines.filter((line) => this.#beginOne(line)).length > 0);
    this.#timer = setTimeout(() => this.go(), this.#untilNext()).unref();
  }

  /** What is under way is broken off; it is tried again after the next start. */
  async close(): Promise<void> {
    this.#end.abort();
    clearTimeout(this.#timer);
    await Promise.all([...this.#sending.values()].map(({ done }) => done));
  }

  #begun(message: NewDelivery): Delivery {
    this.#number += 1;
    const dueAt = this.#options.now() + this.#delayOf(0);
    return { ...message, number: this.#number, attempts: 0, dueAt };
  }

  /** Begins the first of an organization's line that can be, and takes it and those before it out of the line. */
  #beginOne(line: Delivery[]): boolean {
    for (let next = line.shift(); next !== undefined; next = line.shift()) {
      if (this.#hasPlaceFor(next) && this.#isWanted(next)) {
        this.#begin(next);
        return true;
      }
    }
    return false;
  }

  #hasPlaceFor(delivery: Delivery): boolean {
    if (this.#sending.size >= AT_ONCE || this.#sending.has(keyOf(delivery))) return false;
    const ofOrg = [...this.#sending.values()].filter((attempt) => attempt.delivery.org === delivery.org);
    return ofOrg.length < AT_ONCE_OF_ORG;
  }

  /** What is not wanted any more goes. */
  #isWanted(delivery: Delivery): boolean {
    const isWanted = this.#options.isWanted(delivery);
    if (isWanted === false) this.#drop(delivery);
    return isWanted === true;
  }

  #begin(delivery: Delivery): void {
    const key = keyOf(delivery);
    const done = this.#attempt(delivery)
      // Whatever it is, it must stop neither this message nor the others.
      .catch((error: unknown) => this.#postpone(delivery, String(error)))
      .finally(() => {
        this.#sending.delete(key);
        this.go();
      });
    this.#sending.set(key, { delivery, done });
    this.#waiting.hadTurn(delivery.org);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const sent = await this.#options.send(delivery, this.#end.signal);
    if (this.#end.signal.aborted && sent.kind !== 'delivered') return;
    const outcome = outcomeOf(sent);
    this.#last.set(keyOf(delivery), { at: this.#options.now(), outcome });
    switch (sent.kind) {
      case 'delivered':
        this.#delivered += 1;
        return this.#drop(delivery);
      case 'gone':
        this.#options.onGone(delivery);
        return this.#drop(delivery);
      case 'forbidden':
        this.#failed += 1;
        return this.#giveUp(delivery, `because ${outcome}`);
      case 'failed':
        return this.#postpone(delivery, outcome);
      default:
        return unreachable(sent);
    }
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
    this.#waiting.set(later);
    // Where the disk refuses, a restart tries it sooner.
    await this.#options.store.change(later).catch(() => undefined);
  }

  #giveUp(delivery: Delivery, why: string): void {
    this.#dead += 1;
    this.#options.log(`${nameOf(delivery)}: commit ${delivery.commit} is not told any more, ${why}`);
    this.#drop(delivery);
  }

  #drop(delivery: Delivery): void {
    this.#waiting.delete(delivery);
    try {
      this.#options.store.remove(delivery);
    } catch (error) {
      this.#options.log(`${nameOf(delivery)}: told again after a restart, its file stays: ${error}`);
    }
  }

  /** What is under way stays: it may arrive. */
  #makeRoom(): void {
    while (this.#waiting.size > MOST_QUEUED) {
      const oldest = this.#waiting.oldestOfMost((delivery) => this.#isIdle(delivery));
      if (oldest === undefined) return;
      this.#giveUp(oldest, `because more than ${MOST_QUEUED} messages wait`);
    }
  }

  #isIdle(delivery: Delivery): boolean {
    return this.#sending.get(keyOf(delivery))?.delivery.id !== delivery.id;
  }

  #delayOf(attempts: number): number {
    const delay = this.#options.schedule[attempts] ?? 0;
    return delay * (1 + JITTER * (2 * Math.random() - 1));
  }

  /** Until something that is not under way is due. Whatever is due and not begun waits for a place, or to be wanted. */
  #untilNext(): number {
    const now = this.#options.now();
    const idle = this.#waiting.values().filter((delivery) => this.#isIdle(delivery));
    const next = Math.min(...idle.map(({ dueAt }) => dueAt));
    if (next === Number.POSITIVE_INFINITY) return LONGEST_MS;
    return Math.min(LONGEST_MS, next <= now ? LOOK_AGAIN_MS : next - now);
  }
}

/** Timers take no more than a signed number of 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

function outcomeOf(sent: Sent): string {
  if (sent.kind === 'failed' || sent.kind === 'forbidden') return sent.reason;
  return sent.kind === 'gone' ? 'answered 410' : `answered ${sent.status}`;
}
