import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import git from 'isomorphic-git';
import { damaged } from './damage.js';
import { type GitObject, readLooseObject } from './loose-object.js';

/**
 * Reads objects by id, loose or packed, checked. Loose ones are read here, because that is ten times as fast as
 * through the library, which undoes the deltas of the packed ones.
 */
export class ObjectStore {
  /** Folders that have `objects/`: the repository's own, then those that it borrows from. */
  readonly #stores: readonly string[];
  /** What isomorphic-git keeps between reads. It never lets go of a pack, so it lives only as long as the packs do. */
  #packs: object = {};
  #packsStamp = '';

  constructor(commonDir: string) {
    this.#stores = [commonDir, ...alternatesOf(join(commonDir, 'objects'))];
  }

  async readAs(oid: string, type: GitObject['type']): Promise<Buffer> {
    const found = await this.read(oid);
    if (found.type !== type) throw damaged(`object ${oid} is a ${found.type}, not a ${type}`);
    return found.bytes;
  }

  async read(oid: string): Promise<GitObject> {
    return this.#readLoose(oid) ?? (await this.#readPacked(oid));
  }

  /** Forgets the packs in memory; they are read again when somebody asks. */
  forgetPacks(): void {
    this.#packs = {};
  }

  #readLoose(oid: string): GitObject | undefined {
    for (const store of this.#stores) {
      const found = readLooseObject(join(store, 'objects'), oid);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Once more from the start: a repack may have moved the object between two looks. */
  async #readPacked(oid: string): Promise<GitObject> {
    try {
      return await this.#tryPacked(oid);
    } catch {
      this.forgetPacks();
    }
    const loose = this.#readLoose(oid);
    if (loose !== undefined) return loose;
    try {
      return await this.#tryPacked(oid);
    } catch (error) {
      throw damaged(isNotFound(error) ? `object ${oid} is missing` : `object ${oid} cannot be read`, error);
    }
  }

  async #tryPacked(oid: string): Promise<GitObject> {
    this.#forgetChangedPacks();
    const cache = this.#packs;
    let failure: unknown;
    for (const gitdir of this.#stores) {
      try {
        const found = await git.readObject({ fs, gitdir, oid, cache, format: 'content' });
        const { buffer, byteOffset, byteLength } = found.object as Uint8Array;
        return { type: found.type as GitObject['type'], bytes: Buffer.from(buffer, byteOffset, byteLength) };
      } catch (error) {
        failure ??= error;
        if (!isNotFound(error)) failure = error;
      }
    }
    throw failure;
  }

  #forgetChangedPacks(): void {
    const stamp = this.#stores.map((store) => modifiedAt(join(store, 'objects', 'pack'))).join();
    if (stamp !== this.#packsStamp) this.forgetPacks();
    this.#packsStamp = stamp;
  }
}

/** The git folders whose objects this one borrows (`git clone --shared`), theirs included. */
function alternatesOf(objects: string, seen = new Set<string>([objects])): readonly string[] {
  const list = join(objects, 'info', 'alternates');
  if (!fs.existsSync(list)) return [];
  const lines = fs.readFileSync(list, 'utf8').split('\n');
  const found = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => resolve(objects, line));
  const fresh = found.filter((path) => !seen.has(path));
  for (const path of fresh) seen.add(path);
  return fresh.flatMap((path) => [dirname(path), ...alternatesOf(path, seen)]);
}

function modifiedAt(path: string): string {
  return String(fs.statSync(path, { throwIfNoEntry: false, bigint: true })?.mtimeNs);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'NotFoundError';
}
