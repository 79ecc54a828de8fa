import { join } from 'node:path';
import { createAnew, type Disk } from './disk.js';
import type { TreeFile } from './tree-edit.js';

/** A write as it was meant, on disk before its commit is: what a crash leaves undone can be done from it. */
export interface JournalEntry {
  /** The branch, without `refs/heads/`. */
  readonly branch: string;
  readonly oldCommit: string;
  readonly newCommit: string;
  readonly files: readonly JournalFile[];
}

/** One file of the write. */
export interface JournalFile {
  readonly path: string;
  /** Null where it was not there. */
  readonly before: TreeFile | null;
  /** Null where it is to go. */
  readonly after: TreeFile | null;
}

/** The journal: one file, written whole, there only while a write is not whole. */
export class Journal {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #prepared: string;
  readonly #folder: string;

  constructor(disk: Disk, stateDir: string) {
    this.#disk = disk;
    this.#folder = stateDir;
    this.#path = join(stateDir, 'journal.json');
    this.#prepared = `${this.#path}.new`;
  }

  /** Its content is on disk when it fulfils; it is no journal before it is placed. */
  async prepare(entry: JournalEntry): Promise<void> {
    await createAnew(this.#disk, this.#prepared, { bytes: Buffer.from(JSON.stringify(entry)) });
  }

  /** On disk when it fulfils. */
  async place(): Promise<void> {
    this.#disk.rename(this.#prepared, this.#path);
    await this.#disk.sync(this.#folder);
  }

  /** The write that may not be whole; undefined where there is none. A torn one was never followed by a commit. */
  read(): JournalEntry | undefined {
    const bytes = this.#disk.read(this.#path);
    try {
      return bytes === undefined ? undefined : (JSON.parse(bytes.toString()) as JournalEntry);
    } catch {
      return undefined;
    }
  }

  clear(): void {
    this.#disk.remove(this.#path);
  }
}
