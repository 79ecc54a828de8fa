import { BoundedMap } from './bounded-map.js';
import { type Commit, parseCommit } from './commit.js';
import { checkFormat, type GitFolders, locateFolders } from './git-folders.js';
import { type Head, readBranch, readHead } from './head.js';
import type { GitObject } from './loose-object.js';
import { ObjectStore } from './object-store.js';
import { parseTree, type TreeEntry } from './tree.js';

/** One git repository, for reading. Every object that it hands out was checked against its id. */
export interface GitRepository {
  /** The top folder of the work tree; undefined in a bare repository. */
  readonly workDir: string | undefined;
  /** The folder that holds HEAD and the index: `.git`, or the linked work tree's own folder below it. */
  readonly gitDir: string;
  /** The folder that holds objects and branches; the same as `gitDir` but for linked work trees. */
  readonly commonDir: string;
  /** Where Flagstaff keeps what is its own: `<commonDir>/flagstaff`. It may not exist yet. */
  readonly stateDir: string;
  /** What is checked out now. Throws `Failure` REPOSITORY_DAMAGED for an empty or unreadable ref. */
  head(): Promise<Head>;
  /** The commit of `refs/heads/<name>`, or undefined where there is no such branch. Throws as `head` does. */
  resolveBranch(name: string): Promise<string | undefined>;
  /**
   * Throws `Failure` REPOSITORY_DAMAGED where the object is missing, broken or of another type, REPOSITORY_UNREADABLE
   * where the machine refuses to read it (EMFILE, EACCES); so do the next ones.
   */
  readCommit(oid: string): Promise<Commit>;
  /** The entries in git's order. Kept in memory by id as long as there is room. */
  readTree(oid: string): Promise<readonly TreeEntry[]>;
  readBlob(oid: string): Promise<Buffer>;
  /** The object's bytes without its header, whatever its type is. */
  readObject(oid: string): Promise<GitObject>;
  /** The ids of all objects that begin with these hexadecimal digits, at least two; in order. */
  findObjects(prefix: string): Promise<readonly string[]>;
  /** Takes objects that are on disk now, so that whoever reads them next need not go there. Few are kept. */
  remember(objects: Iterable<readonly [string, GitObject]>): void;
}

/** A write changes the bytes of the trees whose entries it has looked at, so both are kept. */
interface KnownTree {
  readonly entries: readonly TreeEntry[];
  readonly bytes: Buffer;
}

/** How many entries of trees are kept: about 7 MB. */
const TREE_ENTRIES_KEPT = 30_000;
/** How much is kept of what was written: that of the last writes is read again, by what serves it and by the next. */
const WRITTEN_BYTES_KEPT = 1_048_576;

/**
 * Opens the repository whose top folder (or bare git folder) this is. Throws `Failure` NO_REPOSITORY where it is none,
 * REPOSITORY_UNSUPPORTED for sha256 objects and reftable refs, which it cannot read.
 */
export async function openRepository(dir: string): Promise<GitRepository> {
  const folders = locateFolders(dir);
  await checkFormat(folders);
  return new Repository(folders);
}

class Repository implements GitRepository {
  readonly workDir: string | undefined;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly stateDir: string;
  readonly #objects: ObjectStore;
  readonly #trees = new Map<string, KnownTree>();
  #treeEntries = 0;
  readonly #written = new BoundedMap<string, GitObject>(WRITTEN_BYTES_KEPT, ({ bytes }) => bytes.length);

  constructor(folders: GitFolders) {
    this.workDir = folders.workDir;
    this.gitDir = folders.gitDir;
    this.commonDir = folders.commonDir;
    this.stateDir = folders.stateDir;
    this.#objects = new ObjectStore(folders.commonDir);
  }

  async head(): Promise<Head> {
    return readHead(this);
  }

  async resolveBranch(name: string): Promise<string | undefined> {
    return readBranch(this.commonDir, name);
  }

  async readCommit(oid: string): Promise<Commit> {
    return parseCommit(oid, await this.#readAs(oid, 'commit'));
  }

  async readTree(oid: string): Promise<readonly TreeEntry[]> {
    const known = this.#trees.get(oid);
    if (known !== undefined) return known.entries;
    const bytes = await this.#readAs(oid, 'tree');
    const entries = parseTree(oid, bytes);
    // A copy: what was unpacked may be a small part of a large buffer.
    this.#keepTree(oid, { entries, bytes: Buffer.from(bytes) });
    return entries;
  }

  async readBlob(oid: string): Promise<Buffer> {
    return this.#readAs(oid, 'blob');
  }

  async readObject(oid: string): Promise<GitObject> {
    const known = this.#trees.get(oid);
    if (known !== undefined) return { type: 'tree', bytes: known.bytes };
    return this.#written.get(oid) ?? this.#objects.read(oid);
  }

  async findObjects(prefix: string): Promise<readonly string[]> {
    return this.#objects.idsWith(prefix);
  }

  remember(objects: Iterable<readonly [string, GitObject]>): void {
    for (const [oid, { type, bytes }] of objects) this.#written.set(oid, { type, bytes });
  }

  async #readAs(oid: string, type: GitObject['type']): Promise<Buffer> {
    const written = this.#written.get(oid);
    return written?.type === type ? written.bytes : this.#objects.readAs(oid, type);
  }

  /** Insertion order is age, so the first of the map is the oldest. */
  #keepTree(oid: string, tree: KnownTree): void {
    if (this.#trees.has(oid)) return;
    this.#trees.set(oid, tree);
    this.#treeEntries += tree.entries.length + 1;
    for (const [oldest, { entries }] of this.#trees) {
      if (this.#treeEntries <= TREE_ENTRIES_KEPT || oldest === oid) return;
      this.#trees.delete(oldest);
      this.#treeEntries -= entries.length + 1;
    }
  }
}
