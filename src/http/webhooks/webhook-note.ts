import { join } from 'node:path';
import { createAnew, machineDisk } from '../../repository/disk.js';
import { ensureStateFolder, temporaryName } from '../../repository/state-folder.js';
import { type Destination, digestOf } from './subscriber.js';

/** What is remembered from start to start. */
export interface Note {
  /** The commits that were told last, the newest first; undefined where nothing is to be told yet. */
  readonly told: readonly string[] | undefined;
  /** By digest of the destination, when its receiver answered that it wants no more, in epoch milliseconds. */
  readonly disabled: Readonly<Record<string, number>>;
}

const FOLDER = 'webhooks';
const NOTHING: Note = { told: undefined, disabled: {} };

/** Up to where webhooks were told, and who wants no more: a small file that survives the loss of power. */
export class WebhookNote {
  readonly #place: { readonly stateDir: string };
  #note: Note;
  #writing: Promise<void> = Promise.resolve();

  constructor(place: { readonly stateDir: string }) {
    this.#place = place;
    this.#note = readNote(this.#path);
  }

  get now(): Note {
    return this.#note;
  }

  /** Fulfilled when it is kept. Throws what the disk refuses. */
  change(part: Partial<Note>): Promise<void> {
    this.#note = { ...this.#note, ...part };
    const writing = this.#writing.then(() => this.#write());
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  get #path(): string {
    return join(this.#place.stateDir, FOLDER, 'note.json');
  }

  async #write(): Promise<void> {
    const folder = ensureStateFolder(this.#place, FOLDER);
    const temporary = temporaryName(this.#path);
    await createAnew(machineDisk, temporary, { bytes: Buffer.from(`${JSON.stringify(this.#note)}\n`) });
    machineDisk.rename(temporary, this.#path);
    await machineDisk.sync(folder);
  }
}

/** When a destination's receiver said that it wants no more, in epoch milliseconds; undefined where it did not. */
export function disabledAt({ now }: WebhookNote, destination: Destination): number | undefined {
  return now.disabled[digestOf(destination)];
}

/** A file that is damaged tells nothing: webhooks begin anew then, with what comes. */
function readNote(path: string): Note {
  const text = machineDisk.read(path)?.toString();
  if (text === undefined) return NOTHING;
  try {
    return { ...NOTHING, ...(JSON.parse(text) as Partial<Note>) };
  } catch (error) {
    if (error instanceof SyntaxError) return NOTHING;
    throw error;
  }
}
