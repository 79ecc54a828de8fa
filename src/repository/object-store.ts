import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Failure } from '../model/failure.js';
import { damaged, isDamage, isRefusal, unreadable } from './damage.js';
import { GitObjects } from './git-objects.js';
import { type GitObject, looseIds, readLooseObject } from './loose-object.js';
import { PackFolder } from './pack-folder.js';

/** A folder `objects`: the repository's own, or one that it borrows from. */
interface Store {
  readonly objects: string;
  readonly packs: PackFolder;
}

/** No file that Flagstaff serves may be larger, so what is larger is seldom asked for. */
const LARGE_BYTES = 1_048_576;

/**
 * Reads objects by id, loose or packed, checked. It does so itself: through isomorphic-git, which loads whole packs,
 * keeps them for ever and keeps no bases of deltas, one object of a pack costs 20 times as much. Large ones it leaves to
 * git's own program, where there is one: to unpack them here would hold up everybody else.
 */
export class ObjectStore {
  readonly #stores: readonly Store[];
  readonly #large: GitObjects;

  constructor(commonDir: string) {
    this.#large = new GitObjects(commonDir);
    const folders = [join(commonDir, 'objects'), ...alternatesOf(join(commonDir, 'objects'))];
    this.#stores = folders.map((objects) => ({ objects, packs: new PackFolder(objects) }));
  }

  async readAs(oid: string, type: GitObject['type']): Promise<Buffer> {
    const found = await this.read(oid);
    if (found.type !== type) throw damaged(`object ${oid} is a ${found.type}, not a ${type}`);
    return found.bytes;
  }

  /**
   * Once more from the start where it is not found: a repack may have moved it between two looks. Throws `Failure`
   * REPOSITORY_DAMAGED where it is missing or broken, REPOSITORY_UNREADABLE where the machine refuses.
   */
  async read(oid: string): Promise<GitObject> {
    try {
      const found = this.#find(oid, LARGE_BYTES);
      const whole = found === 'large' ? await this.#large.read(oid) : found;
      if (whole !== undefined) return whole;
    } catch (error) {
      if (isDamage(error)) throw error;
    }
    for (const { packs } of this.#stores) packs.forget();
    return this.#findAgain(oid);
  }

  /** The ids of the objects whose names begin so, in order. Once more from the start where there is none, as in `read`. */
  idsWith(prefix: string): readonly string[] {
    const found = this.#idsNow(prefix);
    if (found.length > 0) return found;
    for (const { packs } of this.#stores) packs.forget();
    return this.#idsNow(prefix);
  }

  #idsNow(prefix: string): readonly string[] {
    const ids = this.#stores.flatMap(({ objects, packs }) => [
      ...looseIds(objects, prefix),
      ...packs.idsWith(prefix),
    ]);
    return [...new Set(ids)].sort();
  }

  #find(oid: string, mostBytes = Number.POSITIVE_INFINITY): GitObject | 'large' | undefined {
    for (const { objects, packs } of this.#stores) {
      const found = packs.read(oid, mostBytes) ?? readLooseObject(objects, oid, mostBytes);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #findAgain(oid: string): GitObject {
    let found: GitObject | 'large' | undefined;
    try {
      found = this.#find(oid);
    } catch (error) {
      throw failureOf(oid, 'cannot be read', error);
    }
    if (found !== undefined && found !== 'large') return found;
    const refusal = this.#stores.find(({ packs }) => packs.refusal !== undefined)?.packs.refusal;
    throw failureOf(oid, 'is missing', refusal);
  }
}

function failureOf(oid: string, what: string, cause: unknown): Failure {
  if (isDamage(cause)) return cause;
  return isRefusal(cause) ? unreadable(`object ${oid}`, cause) : damaged(`object ${oid} ${what}`, cause);
}

/** The folders `objects` that this one borrows from (`git clone --shared`), theirs included. */
function alternatesOf(objects: string, seen = new Set<string>([objects])): readonly string[] {
  const list = join(objects, 'info', 'alternates');
  if (!existsSync(list)) return [];
  const lines = readFileSync(list, 'utf8').split('\n');
  const paths = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const fresh = paths.map((path) => resolve(objects, path)).filter((path) => !seen.has(path));
  for (const path of fresh) seen.add(path);
  return fresh.flatMap((path) => [path, ...alternatesOf(path, seen)]);
}
