import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { damaged } from './damage.js';
import type { GitObject } from './loose-object.js';
import { PackFile } from './pack-file.js';

/** The packs of one `objects/pack`. They are opened when first needed, and let go of when the folder changes. */
export class PackFolder {
  readonly #path: string;
  #packs: readonly PackFile[] | undefined;
  #stamp: bigint | undefined;
  #refusal: Error | undefined;

  constructor(objects: string) {
    this.#path = join(objects, 'pack');
  }

  /**
   * Undefined where no pack has it, `large` where it takes more than so many bytes to read. Throws `Failure`
   * REPOSITORY_DAMAGED where it is not what its name says.
   */
  read(oid: string, mostBytes = Number.POSITIVE_INFINITY): GitObject | 'large' | undefined {
    return this.#search(oid, mostBytes) ?? (this.#hasChanged() ? this.#search(oid, mostBytes) : undefined);
  }

  /** The ids of the packed objects whose names begin so. */
  idsWith(prefix: string): readonly string[] {
    if (this.#stampNow() !== this.#stamp) this.forget();
    this.#packs ??= this.#open();
    return this.#packs.flatMap((pack) => pack.idsWith(prefix));
  }

  /** Why one of the packs could not be opened; what it has is missing, and all else is not. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  /** Closes the packs; the next read opens those that are there then. */
  forget(): void {
    for (const pack of this.#packs ?? []) pack.close();
    this.#packs = undefined;
  }

  #search(oid: string, mostBytes: number): GitObject | 'large' | undefined {
    this.#packs ??= this.#open();
    for (const pack of this.#packs) {
      const object = pack.read(oid, mostBytes);
      if (object === undefined) continue;
      if (object === 'large') return object;
      if (objectId(object) !== oid) throw damaged(`object ${oid} is not what its name says`);
      return object;
    }
    return undefined;
  }

  /** Asked at each miss, and new commits are loose at first: so packs that are gone are soon let go of. */
  #hasChanged(): boolean {
    const hasChanged = this.#stampNow() !== this.#stamp;
    if (hasChanged) this.forget();
    return hasChanged;
  }

  #open(): readonly PackFile[] {
    this.#stamp = this.#stampNow();
    if (this.#stamp === undefined) return [];
    this.#refusal = undefined;
    const indexes = readdirSync(this.#path).filter((name) => name.endsWith('.idx'));
    return indexes.flatMap((name) => this.#openOne(join(this.#path, name)) ?? []);
  }

  #openOne(index: string): PackFile | undefined {
    try {
      return PackFile.open(index);
    } catch (error) {
      this.#refusal = error instanceof Error ? error : new Error(String(error));
      return undefined;
    }
  }

  #stampNow(): bigint | undefined {
    return statSync(this.#path, { throwIfNoEntry: false, bigint: true })?.mtimeNs;
  }
}

function objectId({ type, bytes }: GitObject): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}
