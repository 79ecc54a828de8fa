import type { OrgKey } from '../../model/keys.js';
import type { Delivery } from './delivery-store.js';

/** The messages that wait, organization by organization, so that none of them is at the mercy of another. */
export class WaitingDeliveries {
  /** By id. The organization that was served longest ago comes first; one for which nothing waits is not here. */
  readonly #orgs = new Map<OrgKey, Map<string, Delivery>>();

  constructor(deliveries: readonly Delivery[]) {
    for (const delivery of deliveries) this.set(delivery);
  }

  get size(): number {
    let size = 0;
    for (const messages of this.#orgs.values()) size += messages.size;
    return size;
  }

  /** All of them. */
  values(): readonly Delivery[] {
    return [...this.#orgs.values()].flatMap((messages) => [...messages.values()]);
  }

  has({ org, id }: Pick<Delivery, 'org' | 'id'>): boolean {
    return this.#orgs.get(org)?.has(id) === true;
  }

  set(delivery: Delivery): void {
    const messages = this.#orgs.get(delivery.org) ?? new Map<string, Delivery>();
    this.#orgs.set(delivery.org, messages.set(delivery.id, delivery));
  }

  delete({ org, id }: Delivery): void {
    const messages = this.#orgs.get(org);
    messages?.delete(id);
    if (messages?.size === 0) this.#orgs.delete(org);
  }

  /** What is due at a time, in epoch milliseconds, a list for each organization: in turn, and what is due longest first. */
  dueAt(now: number): readonly Delivery[][] {
    return [...this.#orgs.values()].map((messages) =>
      [...messages.values()].filter((one) => one.dueAt <= now).sort(byDueTime),
    );
  }

  /** It had its turn: the others come first. */
  hadTurn(org: OrgKey): void {
    const messages = this.#orgs.get(org);
    if (messages === undefined) return;
    this.#orgs.delete(org);
    this.#orgs.set(org, messages);
  }

  /** The oldest of the organization that has most of those that may go; undefined where none may. */
  oldestOfMost(mayGo: (delivery: Delivery) => boolean): Delivery | undefined {
    let most: readonly Delivery[] = [];
    for (const messages of this.#orgs.values()) {
      const idle = [...messages.values()].filter(mayGo);
      if (idle.length > most.length) most = idle;
    }
    return most.toSorted(byComing)[0];
  }
}

/** In order of their coming. */
export function byComing(one: Delivery, other: Delivery): number {
  return one.number - other.number;
}

function byDueTime(one: Delivery, other: Delivery): number {
  return one.dueAt - other.dueAt || byComing(one, other);
}
