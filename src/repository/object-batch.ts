import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { codeOf, createAnew, type Disk, renameInto } from './disk.js';
import type { GitObject } from './loose-object.js';
import { allInTurns, inTurns } from './slices.js';
import { storedZlib } from './stored-zlib.js';

/** Objects are never changed, so git makes them unwritable. */
const OBJECT_MODE = 0o444;
/** Up to here they are not compressed: on a disk that counts in blocks it saves one or none, and costs more than to write it. */
const STORED_BYTES = 8_192;
/** Objects are small: a better ratio costs more than it gives, and to get memory for a large window costs most. */
const COMPRESSION = { level: 1, windowBits: 13, memLevel: 6 };

/** So often they are written where git takes their folders away. */
const ATTEMPTS = 5;

/** Where objects go, and where they are made. */
export interface ObjectFolders {
  readonly commonDir: string;
  readonly temporary: string;
}

/** New objects in memory, until they are written as loose objects, all flushed together. */
export class ObjectBatch {
  readonly #objects = new Map<string, NewObject>();
  /** True where all of them are on disk. */
  #isWritten = false;

  /** Adds one and gives its id. */
  add(type: 'blob' | 'tree' | 'commit', bytes: Buffer): string {
    const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
    const oid = createHash('sha1').update(whole).digest('hex');
    this.#objects.set(oid, { type, bytes, whole });
    this.#isWritten = false;
    return oid;
  }

  /** Adds those of another batch. */
  addAll(other: ObjectBatch): void {
    for (const [oid, object] of other.#objects) this.#objects.set(oid, object);
    this.#isWritten = false;
  }

  /** All of them, by id. */
  get all(): Iterable<readonly [string, GitObject]> {
    return this.#objects;
  }

  get(oid: string): GitObject | undefined {
    return this.#objects.get(oid);
  }

  /** Has all of them on disk when it fulfils; then there is nothing left to prepare and to place. */
  async write(disk: Disk, folders: ObjectFolders): Promise<void> {
    await this.prepare(disk, folders);
    await this.place(disk, folders);
    this.#isWritten = true;
  }

  /** Makes their temporary files, flushed. Nothing points there, so they may be left behind. */
  async prepare(disk: Disk, { temporary }: ObjectFolders): Promise<void> {
    if (this.#isWritten) return;
    const create = ([oid, { whole }]: readonly [string, NewObject]): Promise<void> =>
      createAnew(disk, preparedAt(temporary, oid), {
        bytes: packed(whole),
        mode: OBJECT_MODE,
      });
    await allInTurns([...this.#objects], create);
  }

  /**
   * Gives the prepared files their names, and flushes the folders of those. One that is there already is replaced: it
   * may be broken, or not flushed, and to look would cost more. Git takes away the loose copy of what it has packed, and
   * its folder with it, at any moment; what went like that is written again.
   */
  async place(disk: Disk, folders: ObjectFolders): Promise<void> {
    if (this.#isWritten) return;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const toSync = await this.#rename(disk, folders);
        await allInTurns(toSync, (folder) => disk.sync(folder));
        return;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || attempt === ATTEMPTS) throw error;
        await this.prepare(disk, folders);
      }
    }
  }

  /** Gives the folders that are still to be flushed before anything may point to these objects. */
  async #rename(disk: Disk, { commonDir, temporary }: ObjectFolders): Promise<readonly string[]> {
    const objects = join(commonDir, 'objects');
    const toSync = new Set<string>();
    for await (const oid of inTurns(this.#objects.keys())) {
      const path = join(objects, oid.slice(0, 2), oid.slice(2));
      if (renameInto(disk, preparedAt(temporary, oid), path)) toSync.add(objects);
      toSync.add(dirname(path));
    }
    return [...toSync];
  }
}

function packed(whole: Buffer): Buffer {
  return whole.length > STORED_BYTES ? deflateSync(whole, COMPRESSION) : storedZlib(whole);
}

function preparedAt(temporary: string, oid: string): string {
  return join(temporary, `object-${oid}`);
}

interface NewObject extends GitObject {
  /** With the header. */
  readonly whole: Buffer;
}
