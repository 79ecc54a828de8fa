import { Failure } from '../../model/failure.js';

/** How many streams there may be. */
export interface StreamLimits {
  readonly inAll: number;
  /** Of one address. Behind a proxy everybody has the same. */
  readonly perAddress: number;
}

const RETRY_AFTER_SECONDS = 10;

/** Counts what is open, in all and of each address. */
export class StreamCounts {
  readonly #limits: StreamLimits;
  readonly #byAddress = new Map<string, number>();
  #inAll = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get inAll(): number {
    return this.#inAll;
  }

  /** Throws a `Failure` of kind `busy` where one more of this address would be too many. */
  demandRoom(address: string): void {
    const { inAll, perAddress } = this.#limits;
    const isFull = this.#inAll >= inAll || (this.#byAddress.get(address) ?? 0) >= perAddress;
    if (!isFull) return;
    throw new Failure('busy', 'TOO_MANY_STREAMS', 'as many streams are open as there may be: poll instead', {
      data: { retryAfterSeconds: RETRY_AFTER_SECONDS },
    });
  }

  add(address: string): void {
    this.#inAll += 1;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
  }

  remove(address: string): void {
    this.#inAll -= 1;
    const left = (this.#byAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}
