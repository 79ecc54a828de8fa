import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import { isRefusal } from './damage.js';
import { machineDisk } from './disk.js';
import type { FoundFile } from './found-files.js';
import { type CachedFolder, cachedFolder, readCacheTree } from './index-cache-tree.js';
import { CTIME_AT, INODE_AT, MODE_AT, MTIME_AT, OID_AT, SIZE_AT } from './index-entry.js';
import { entriesBelow, type IndexFile, parseIndex, startOf } from './index-file.js';
import { blobId } from './loose-object.js';

/**
 * What git's index knows of the settings and the files below flags/, by git's own rule: a file with the times, the inode
 * and the size of its entry has the entry's content, unless it is as young as the index. So what nobody has touched since
 * git wrote it need not be read. Of a missing index, and of one that cannot be read here, nothing is known. Where
 * attributes convert more than line ends (`hasFilters`), its ids are not those of the files' bytes: it is not to be asked
 * then.
 */
export class IndexedFiles {
  readonly #index: IndexFile | undefined;
  readonly #starts: ReadonlyMap<string, number>;
  readonly #trees: CachedFolder | undefined;
  readonly #writtenMs: number;

  constructor({ gitDir }: { readonly gitDir: string }) {
    const path = join(gitDir, 'index');
    // Looked at before it is read: one that replaces it meanwhile is taken for older than it is, and trusted less.
    this.#writtenMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    this.#index = readIndex(path);
    this.#starts = this.#index === undefined ? new Map() : startsIn(this.#index);
    const cache = this.#index?.extensions.find(({ name }) => name === 'TREE');
    this.#trees = cache && readCacheTree(cache.bytes);
  }

  /** The id of a file's content, where the index knows it. */
  blobOf(file: FoundFile): string | undefined {
    const at = this.#startOf(file);
    return at === undefined ? undefined : this.#idAt(at);
  }

  /**
   * The id of the bytes of a file without CR before LF, where git has taken a file of this size for that content: it
   * writes other line ends to the work tree than it keeps.
   */
  idOf({ path }: FoundFile, bytes: Buffer): string | undefined {
    const at = this.#starts.get(path);
    const isSeen = at !== undefined && this.#index?.entries.readUInt32BE(at + SIZE_AT) === bytes.length;
    if (!isSeen || !bytes.includes('\r\n')) return undefined;
    const kept = this.#idAt(at);
    return blobId(Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')) === kept
      ? kept
      : undefined;
  }

  /** The tree that a folder with exactly these files is, where the index knows it. */
  treeOf(folder: string, files: readonly FoundFile[]): string | undefined {
    const known = cachedFolder(this.#trees, folder);
    if (known?.oid === undefined || known.count !== files.length) return undefined;
    return files.every((file) => this.#startOf(file) !== undefined) ? known.oid.toString('hex') : undefined;
  }

  #idAt(at: number): string | undefined {
    return this.#index?.entries.toString('hex', at + OID_AT, at + OID_AT + OID_BYTES);
  }

  /** Where the entry of a file is that has the entry's content. */
  #startOf({ path, stat }: FoundFile): number | undefined {
    const at = this.#starts.get(path);
    if (at === undefined || this.#index === undefined || stat.mtimeMs >= this.#writtenMs) return undefined;
    return isSame(this.#index.entries, at, stat) ? at : undefined;
  }
}

const OID_BYTES = 20;
/** Those of a mode that tell a file from a link. */
const KIND_BITS = 0o170000;

function readIndex(path: string): IndexFile | undefined {
  try {
    return parseIndex(machineDisk.read(path));
  } catch (error) {
    if (error instanceof Failure || isRefusal(error)) return undefined;
    throw error;
  }
}

function startsIn(index: IndexFile): ReadonlyMap<string, number> {
  const starts = new Map(entriesBelow(index, FLAGS_FOLDER));
  const settings = startOf(index, CONFIG_PATH);
  if (settings !== undefined) starts.set(CONFIG_PATH, settings);
  return starts;
}

/** The sides of a conflict have no times; a size of 0 is git's mark of an entry that is not to be trusted. */
function isSame(entries: Buffer, at: number, stat: Stats): boolean {
  return (
    stat.size > 0 &&
    (entries.readUInt32BE(at + MODE_AT) & KIND_BITS) === (stat.mode & KIND_BITS) &&
    milliseconds(entries, at + MTIME_AT) === stat.mtimeMs &&
    milliseconds(entries, at + CTIME_AT) === stat.ctimeMs &&
    entries.readUInt32BE(at + INODE_AT) === lowBits(stat.ino) &&
    entries.readUInt32BE(at + SIZE_AT) === lowBits(stat.size)
  );
}

/** As the system's are made of seconds and nanoseconds, rounding and all. */
function milliseconds(entries: Buffer, at: number): number {
  return entries.readUInt32BE(at) * 1_000 + entries.readUInt32BE(at + 4) / 1_000_000;
}

/** Of a whole number, which may have more bits than an inode of the index. */
function lowBits(value: number): number {
  return value % 0x1_0000_0000;
}
