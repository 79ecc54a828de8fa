import { BoundedMap } from './bounded-map.js';
import { isDamage } from './damage.js';
import type { FileChange } from './file-events.js';
import type { GitRepository } from './git.js';
import { pause } from './slices.js';
import { differingEntries, parseTree, type TreeEntry } from './tree.js';

/** How many bytes of trees are kept: those of one commit are those of the next one's parent. */
const BYTES_KEPT = 4 * 1024 * 1024;

const NO_BYTES = Buffer.alloc(0);

/** Git has lost a tree, or it cannot be read at the moment. */
export class LostTree extends Error {
  readonly oid: string;

  constructor(oid: string, cause: unknown) {
    super(`tree ${oid} cannot be read`, { cause });
    this.oid = oid;
  }
}

/** Compares trees by id and goes into those that differ. It keeps its own few trees, and leaves the repository's alone. */
export class TreeDiff {
  readonly #repository: GitRepository;
  readonly #trees = new BoundedMap<string, Buffer>(BYTES_KEPT, (bytes) => bytes.length);

  constructor(repository: GitRepository) {
    this.#repository = repository;
  }

  /** The id of a folder at the top of a tree. Throws `LostTree`. */
  async folderOf(tree: string, name: string): Promise<string | undefined> {
    return parseTree(tree, await this.#bytesOf(tree)).find(
      (entry) => entry.name === name && entry.kind === 'tree',
    )?.oid;
  }

  /** The files that differ between two trees; undefined is an empty one. Throws `LostTree`. */
  async compare(
    before: string | undefined,
    after: string | undefined,
    prefix: string,
  ): Promise<readonly FileChange[]> {
    const changes: FileChange[] = [];
    await this.#compareTrees({ before, after, prefix: `${prefix}/`, changes });
    return changes;
  }

  async #compareTrees(pair: TreePair): Promise<void> {
    if (pair.before === pair.after) return;
    await pause();
    const before = await this.#bytesOf(pair.before);
    const after = await this.#bytesOf(pair.after);
    for (const [was, is] of differingEntries(pair.after ?? '', before, after))
      await this.#compareEntries(pair, was, is);
  }

  async #compareEntries(
    pair: TreePair,
    was: TreeEntry | undefined,
    is: TreeEntry | undefined,
  ): Promise<void> {
    const path = pair.prefix + (is ?? was)?.name;
    const before = was?.kind === 'tree' ? was.oid : undefined;
    const after = is?.kind === 'tree' ? is.oid : undefined;
    if (isLeaf(is)) pair.changes.push({ path, oid: is.oid, isFile: is.kind === 'file' });
    else if (isLeaf(was)) pair.changes.push({ path, oid: undefined, isFile: false });
    await this.#compareTrees({ ...pair, before, after, prefix: `${path}/` });
  }

  async #bytesOf(tree: string | undefined): Promise<Buffer> {
    if (tree === undefined) return NO_BYTES;
    const known = this.#trees.get(tree);
    if (known !== undefined) return known;
    try {
      const { bytes } = await this.#repository.readObject(tree);
      this.#trees.set(tree, bytes);
      return bytes;
    } catch (error) {
      throw isDamage(error) ? new LostTree(tree, error) : error;
    }
  }
}

interface TreePair {
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly prefix: string;
  readonly changes: FileChange[];
}

function isLeaf(entry: TreeEntry | undefined): entry is TreeEntry {
  return entry !== undefined && entry.kind !== 'tree';
}
