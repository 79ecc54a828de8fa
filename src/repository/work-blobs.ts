import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { oversizedFile } from '../files/parse.js';
import { kindAt, type UnreadFile } from './listing.js';
import { blobId } from './loose-object.js';
import { identityOf } from './work-stamp.js';

/** What is larger is not read: no kind of file may have a tenth of it. */
const MOST_BYTES = 16 * 1024 * 1024;
/** A file that changed so shortly before it was read may change once more at what the system takes for the same time. */
const RACY_MS = 2_000;

/** The bytes of a file; undefined for what is none, is gone, or is too large to be read. Links are not followed. */
export function readPlainFile(path: string): Buffer | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true || stat.size > MOST_BYTES) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}

/** What a file was when it was read. */
interface KnownBlob {
  readonly identity: string;
  readonly blob: string;
}

/**
 * By folder, then by path. There is one for the whole process: what judges the files on each save and what serves them
 * need not both read them all.
 */
const kept = new Map<string, ReadonlyMap<string, KnownBlob>>();

/** The files of a folder with the ids of their blobs; only what may have changed since the last time is read. */
export class WorkBlobs {
  readonly #dir: string;
  readonly #known: ReadonlyMap<string, KnownBlob>;
  readonly #seen = new Map<string, KnownBlob>();

  constructor(dir: string) {
    this.#dir = dir;
    this.#known = kept.get(dir) ?? new Map();
  }

  /** Links are not followed. */
  fileAt(path: string): UnreadFile {
    const full = join(this.#dir, path);
    const stat = lstatSync(full);
    if (stat.isSymbolicLink()) return { path, blob: '', mode: 'symlink', kind: undefined };
    if (!stat.isFile()) return { path, blob: '', mode: 'special', kind: undefined };
    const kind = kindAt(path);
    if (stat.size <= MOST_BYTES) return { path, blob: this.#blobOf(path, stat), mode: 'file', kind };
    const blob = createHash('sha1').update(identityOf(stat)).digest('hex');
    const parsed = kind && oversizedFile(kind, stat.size);
    return { path, blob, mode: 'file', kind, ...(parsed === undefined ? {} : { parsed }) };
  }

  /** To be called once every file was asked for: those that are gone are forgotten. */
  keep(): void {
    kept.set(this.#dir, this.#seen);
  }

  #blobOf(path: string, stat: Stats): string {
    const identity = identityOf(stat);
    const before = this.#known.get(path);
    const isSettled = Date.now() - stat.ctimeMs > RACY_MS;
    const blob = before?.identity === identity ? before.blob : blobId(readFileSync(join(this.#dir, path)));
    if (isSettled) this.#seen.set(path, { identity, blob });
    return blob;
  }
}
