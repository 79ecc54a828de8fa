import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import git from 'isomorphic-git';
import { damaged, isDamage } from './damage.js';
import { type GitObject, readLooseObject } from './loose-object.js';
import { PackFolder } from './pack-folder.js';

/** A folder `objects`: the repository's own, or one that it borrows from. */
interface Store {
  readonly gitDir: string;
  readonly objects: string;
  readonly packs: PackFolder;
}

/**
 * Reads objects by id, loose or packed, checked. The usual forms are read here: through isomorphic-git, which loads whole
 * packs and keeps no bases of deltas, one object costs 20 times as much. What is read here to no end is asked from it.
 */
export class ObjectStore {
  readonly #stores: readonly Store[];

  constructor(commonDir: string) {
    const folders = [commonDir, ...alternatesOf(join(commonDir, 'objects'))];
    this.#stores = folders.map((gitDir) => {
      const objects = join(gitDir, 'objects');
      return { gitDir, objects, packs: new PackFolder(objects) };
    });
  }

  async readAs(oid: string, type: GitObject['type']): Promise<Buffer> {
    const found = await this.read(oid);
    if (found.type !== type) throw damaged(`object ${oid} is a ${found.type}, not a ${type}`);
    return found.bytes;
  }

  async read(oid: string): Promise<GitObject> {
    try {
      const found = this.#readHere(oid);
      if (found !== undefined) return found;
    } catch {
      // A pack may just be going away, or this be a form that only the library reads.
    }
    return this.#readAgain(oid);
  }

  #readHere(oid: string): GitObject | undefined {
    for (const { objects, packs } of this.#stores) {
      const found = packs.read(oid) ?? readLooseObject(objects, oid);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Once more from the start: a repack may have moved the object between two looks. */
  async #readAgain(oid: string): Promise<GitObject> {
    for (const { packs } of this.#stores) packs.forget();
    try {
      const found = this.#readHere(oid);
      if (found !== undefined) return found;
    } catch (error) {
      if (isDamage(error)) throw error;
    }
    return this.#readThroughLibrary(oid);
  }

  /** With a cache of its own each time: one that is kept never lets go of a pack. */
  async #readThroughLibrary(oid: string): Promise<GitObject> {
    let failure: unknown;
    for (const { gitDir } of this.#stores) {
      try {
        const found = await git.readObject({ fs, gitdir: gitDir, oid, cache: {}, format: 'content' });
        const { buffer, byteOffset, byteLength } = found.object as Uint8Array;
        return { type: found.type as GitObject['type'], bytes: Buffer.from(buffer, byteOffset, byteLength) };
      } catch (error) {
        if (failure === undefined || !isNotFound(error)) failure = error;
      }
    }
    throw damaged(isNotFound(failure) ? `object ${oid} is missing` : `object ${oid} cannot be read`, failure);
  }
}

/** The git folders whose objects this one borrows (`git clone --shared`), theirs included. */
function alternatesOf(objects: string, seen = new Set<string>([objects])): readonly string[] {
  const list = join(objects, 'info', 'alternates');
  if (!fs.existsSync(list)) return [];
  const lines = fs.readFileSync(list, 'utf8').split('\n');
  const paths = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const fresh = paths.map((path) => resolve(objects, path)).filter((path) => !seen.has(path));
  for (const path of fresh) seen.add(path);
  return fresh.flatMap((path) => [dirname(path), ...alternatesOf(path, seen)]);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'NotFoundError';
}
