import { join } from 'node:path';
import type { OrgKey, ProjectKey } from '../../model/keys.js';
import { createAnew, machineDisk } from '../../repository/disk.js';
import { ensureStateFolder, replaceFile } from '../../repository/state-folder.js';
import { byComing } from './waiting-deliveries.js';

/** A message that a receiver does not have yet. */
export interface Delivery {
  /** That of the message: letters, digits and `_`. */
  readonly id: string;
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly url: string;
  /** What it tells of. */
  readonly commit: string;
  readonly body: string;
  /** A later one has a higher number. */
  readonly number: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** When it is tried next, in epoch milliseconds. */
  readonly dueAt: number;
}

/** One before it waits. */
export type NewDelivery = Omit<Delivery, 'number' | 'attempts' | 'dueAt'>;

const FOLDER = ['webhooks', 'queue'];
const ENDING = '.json';

/** The deliveries on disk, a file each. */
export class DeliveryStore {
  readonly #place: { readonly stateDir: string };

  constructor(place: { readonly stateDir: string }) {
    this.#place = place;
  }

  /** All of them, in order of their coming. A file that a crash left half written is none, and goes. */
  read(): readonly Delivery[] {
    const deliveries = machineDisk.list(this.#folder).flatMap((name) => {
      const delivery = name.endsWith(ENDING) ? this.#readOne(name) : undefined;
      if (delivery === undefined) machineDisk.remove(join(this.#folder, name));
      return delivery ?? [];
    });
    return deliveries.sort(byComing);
  }

  /** Fulfilled when they survive the loss of power. Throws what the disk refuses. */
  async add(deliveries: readonly Delivery[]): Promise<void> {
    ensureStateFolder(this.#place, ...FOLDER);
    for (const delivery of deliveries) {
      await createAnew(machineDisk, this.#pathOf(delivery), { bytes: Buffer.from(textOf(delivery)) });
    }
    await machineDisk.sync(this.#folder);
  }

  /** Notes that it was tried. After a crash it may be tried once more than the schedule has. */
  async change(delivery: Delivery): Promise<void> {
    await replaceFile(this.#pathOf(delivery), [textOf(delivery)]);
  }

  remove(delivery: Delivery): void {
    machineDisk.remove(this.#pathOf(delivery));
  }

  get #folder(): string {
    return join(this.#place.stateDir, ...FOLDER);
  }

  #pathOf({ id }: Delivery): string {
    return join(this.#folder, `${id}${ENDING}`);
  }

  #readOne(name: string): Delivery | undefined {
    const text = machineDisk.read(join(this.#folder, name))?.toString() ?? '';
    try {
      return JSON.parse(text) as Delivery;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

function textOf(delivery: Delivery): string {
  return `${JSON.stringify(delivery)}\n`;
}
