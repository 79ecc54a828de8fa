/** A map that lets go of what was not asked for the longest, once what it holds weighs too much. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #mostWeight: number;
  readonly #weigh: (value: Value, key: Key) => number;
  #weight = 0;

  /** Each entry weighs 1 unless `weigh` says otherwise, which says the same of it each time. */
  constructor(mostWeight: number, weigh: (value: Value, key: Key) => number = () => 1) {
    this.#mostWeight = mostWeight;
    this.#weigh = weigh;
  }

  /** How much of its weight it holds, from 0 to 1. */
  get fullness(): number {
    return this.#weight / this.#mostWeight;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** What alone weighs too much is not kept. */
  set(key: Key, value: Value): void {
    this.delete(key);
    const weight = this.#weigh(value, key);
    if (weight > this.#mostWeight) return;
    this.#entries.set(key, value);
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#mostWeight) return;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    this.#weight -= this.#weigh(value, key);
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  /** Those not asked for the longest come first. */
  entries(): Iterable<readonly [Key, Value]> {
    return this.#entries;
  }
}
