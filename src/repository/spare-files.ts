import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** An empty file that is open for writing, under a name that nobody else uses. */
interface SpareFile {
  readonly path: string;
  readonly file: number;
}

/** By permissions, how many are kept, of which objects of git, the unwritable ones, are the most in a write. */
const KEPT: ReadonlyMap<number, number> = new Map([
  [0o444, 10],
  [0o666, 4],
]);

/** How many are made at the same time: the next write may come soon, and each trip off the thread and back takes time. */
const LANES = 10;

const open = promisify(fs.open);

/**
 * Empty files that wait to become the next new ones of a folder. To make a file is the slowest step of a small write
 * where the disk looks for a free place among those that were just given up; this does it before, off the thread.
 * Nothing waits for them or needs them: what goes wrong with one means that it is not there.
 */
export class SpareFiles {
  readonly #folders = new Map<string, ReadonlyMap<number, SpareFile[]>>();
  #making: Promise<void> = Promise.resolve();
  #made = 0;
  #taken = 0;

  /** Makes those that are missing in the folder. Never rejects. */
  make(folder: string): Promise<void> {
    this.#making = this.#making.then(async () => {
      const kinds = this.#folders.get(folder) ?? new Map([...KEPT.keys()].map((mode) => [mode, []]));
      this.#folders.set(folder, kinds);
      for (const [mode, spares] of kinds) await this.#fillUp(folder, { spares, mode });
    });
    return this.#making;
  }

  /** One that now has this name, to be written and closed; undefined where there is none, or the name is taken. */
  take(path: string, mode: number): number | undefined {
    this.#taken += 1;
    const spare = this.#folders.get(dirname(path))?.get(mode)?.pop();
    if (spare === undefined) return undefined;
    try {
      if (fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) {
        fs.renameSync(spare.path, path);
        return spare.file;
      }
    } catch {
      // Somebody has cleaned the folder: the file is made anew.
    }
    giveUp(spare);
    return undefined;
  }

  /** Takes those of the folder away. Never rejects. */
  async drop(folder: string): Promise<void> {
    await this.#making;
    const kinds = this.#folders.get(folder);
    this.#folders.delete(folder);
    for (const spares of kinds?.values() ?? []) for (const spare of spares) giveUp(spare);
  }

  /** Many at a time, and none more once a write has begun: that finds the disk free. */
  async #fillUp(
    folder: string,
    kind: { readonly spares: SpareFile[]; readonly mode: number },
  ): Promise<void> {
    await Promise.all(Array.from({ length: LANES }, () => this.#fillLane(folder, kind)));
  }

  async #fillLane(
    folder: string,
    { spares, mode }: { readonly spares: SpareFile[]; readonly mode: number },
  ): Promise<void> {
    const count = KEPT.get(mode) ?? 0;
    const taken = this.#taken;
    while (spares.length < count && this.#taken === taken) {
      const spare = await spareAt(this.#name(folder), mode);
      if (spare === undefined) return;
      spares.push(spare);
    }
  }

  #name(folder: string): string {
    this.#made += 1;
    return join(folder, `spare-${PROCESS}-${this.#made}`);
  }
}

const PROCESS = randomBytes(6).toString('hex');

async function spareAt(path: string, mode: number): Promise<SpareFile | undefined> {
  try {
    return { path, file: await open(path, 'wx', mode) };
  } catch {
    return undefined;
  }
}

function giveUp({ path, file }: SpareFile): void {
  fs.closeSync(file);
  fs.rmSync(path, { force: true });
}
