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

  constructor(objects: string) {
    this.#path = join(objects, 'pack');
  }

  /** Undefined where no pack has it. Throws `Failure` REPOSITORY_DAMAGED where it is not what its name says. */
  read(oid: string): GitObject | undefined {
    return this.#search(oid) ?? (this.#hasChanged() ? this.#search(oid) : undefined);
  }

  /** Closes the packs; the next read opens those that are there then. */
  forget(): void {
    for (const pack of this.#packs ?? []) pack.close();
    this.#packs = undefined;
  }

  #search(oid: string): GitObject | undefined {
    this.#packs ??= this.#open();
    for (const pack of this.#packs) {
      const object = pack.read(oid);
      if (object === undefined) continue;
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
    const indexes = readdirSync(this.#path).filter((name) => name.endsWith('.idx'));
    return indexes.flatMap((name) => PackFile.open(join(this.#path, name)) ?? []);
  }

  #stampNow(): bigint | undefined {
    return statSync(this.#path, { throwIfNoEntry: false, bigint: true })?.mtimeNs;
  }
}

function objectId({ type, bytes }: GitObject): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}
