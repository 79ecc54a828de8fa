import { BoundedMap } from '../../repository/bounded-map.js';
import type { PersonCaller } from '../access.js';

/** About a kilobyte each. */
const MOST = 10_000;

/**
 * Tokens that were found good. They are good until they end, whatever becomes of the key that signed them. A token is known by all of its text: its signature alone would let the same
 * signature under other claims pass.
 */
export class KnownTokens {
  readonly #people = new BoundedMap<string, PersonCaller>(MOST);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whose token it is; undefined where it is not known to be good. */
  find(token: string): PersonCaller | undefined {
    const person = this.#people.get(token);
    if (person === undefined || this.#now() < person.token.expiresAt) return person;
    this.#people.delete(token);
    return undefined;
  }

  add(token: string, person: PersonCaller): void {
    this.#people.set(token, person);
  }
}
