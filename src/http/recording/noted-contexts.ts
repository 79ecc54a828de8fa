import type { OrgKey } from '../../model/keys.js';
import type { ContextPlace } from '../../repository/context-folder.js';
import type { Selected } from './recorded-context.js';

/** One question. */
export interface Noted {
  readonly place: ContextPlace;
  readonly selected: Selected;
}

/**
 * What waits for its writing, so many at most. Where more comes, each organization has its equal part: one that asks much
 * leaves out its own, and takes no room of the others.
 */
export class NotedContexts {
  readonly #most: number;
  #byOrg = new Map<OrgKey, Noted[]>();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** False where one more of the organization would be left out. */
  hasRoom(org: OrgKey): boolean {
    if (this.#count < this.#most) return true;
    const own = this.#byOrg.get(org)?.length ?? 0;
    const orgs = this.#byOrg.size + (own === 0 ? 1 : 0);
    return own < Math.floor(this.#most / orgs);
  }

  /** Adds one that has room. */
  add(noted: Noted): void {
    if (this.#count >= this.#most) this.#dropOne();
    const { org } = noted.place;
    const own = this.#byOrg.get(org);
    if (own === undefined) this.#byOrg.set(org, [noted]);
    else own.push(noted);
    this.#count += 1;
  }

  /** All of them; none is left. */
  take(): readonly Noted[] {
    const all = [...this.#byOrg.values()].flat();
    this.#byOrg = new Map();
    this.#count = 0;
    return all;
  }

  /** Who has less than an equal part comes seldom to a full place: that often, and no more, all are looked through. */
  #dropOne(): void {
    let most: Noted[] = [];
    for (const noted of this.#byOrg.values()) if (noted.length > most.length) most = noted;
    most.pop();
    this.#count -= 1;
  }
}
