import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { createQuicklyAnew, type Disk } from './disk.js';
import { type IndexFile, parseIndex, serializeIndex } from './index-file.js';

/** Git's index on disk, read again only when somebody else has written it: 10,000 entries take their time. */
export class IndexStore {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #temporary: string;
  #known: { readonly stamp: string; readonly index: IndexFile } | undefined;

  constructor(disk: Disk, place: { readonly path: string; readonly temporary: string }) {
    this.#disk = disk;
    this.#path = place.path;
    this.#temporary = join(place.temporary, 'index');
  }

  /** The index of now. Throws as `parseIndex` does. */
  read(): IndexFile {
    const stamp = stampOf(this.stat());
    if (this.#known?.stamp === stamp) return this.#known.index;
    const index = parseIndex(this.#disk.read(this.#path));
    this.#known = { stamp, index };
    return index;
  }

  /** Replaces it whole; whoever calls holds its lock. It is not flushed. */
  write(index: IndexFile): void {
    createQuicklyAnew(this.#disk, this.#temporary, serializeIndex(index));
    this.#disk.rename(this.#temporary, this.#path);
    this.#known = { stamp: stampOf(this.stat()), index };
  }

  /** When and what it was written as; undefined where there is none. */
  stat(): BigIntStats | undefined {
    return this.#disk.stat(this.#path);
  }

  /** Flushes it. */
  async sync(): Promise<void> {
    await this.#disk.sync(this.#path);
  }
}

/** Every writer makes a new file, so the inode differs too. */
function stampOf(stat: BigIntStats | undefined): string {
  return stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}
