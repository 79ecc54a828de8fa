import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { oversizedFile } from '../files/parse.js';
import type { FoundFile } from './found-files.js';
import type { IndexedFiles } from './indexed-files.js';
import { kindAt, type UnreadFile } from './listing.js';
import { blobId } from './loose-object.js';
import { MOST_BYTES, readPlainFile } from './plain-file.js';
import { identityOf } from './work-stamp.js';

/** A file that changed so shortly before it was read may change once more at what the system takes for the same time. */
const RACY_MS = 2_000;

/** A file of a work tree. `blob` is undefined where only its bytes tell. */
export type WorkFileEntry = Omit<UnreadFile, 'blob'> & { readonly blob: string | undefined };

/** What a found file is, whatever it holds. */
export function fileEntry({ path, stat }: FoundFile): WorkFileEntry {
  if (stat.isSymbolicLink()) return { path, blob: '', mode: 'symlink', kind: undefined };
  if (!stat.isFile()) return { path, blob: '', mode: 'special', kind: undefined };
  const kind = kindAt(path);
  if (stat.size <= MOST_BYTES) return { path, blob: undefined, mode: 'file', kind };
  const blob = createHash('sha1').update(identityOf(stat)).digest('hex');
  const parsed = kind && oversizedFile(kind, stat.size);
  return { path, blob, mode: 'file', kind, ...(parsed === undefined ? {} : { parsed }) };
}

/** What a file was when it was read. */
type ReadFile = Pick<Stats, 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'> & { readonly blob: string };

/**
 * By folder, then by path, the ids of the bytes as they stand there. There is one for the whole process: what judges the
 * files on each save and what serves them need not both read them all.
 */
const kept = new Map<string, ReadonlyMap<string, ReadFile>>();

/** The ids of the files of a folder; what cannot have changed since the last time is not read again. */
export class WorkBlobs {
  readonly #dir: string;
  readonly #index: IndexedFiles | undefined;
  readonly #known: ReadonlyMap<string, ReadFile>;
  readonly #seen = new Map<string, ReadFile>();
  /** Before any of them was looked at. */
  readonly #startedAt = Date.now();

  /**
   * With an index the ids are those that git gives, which may be of other line ends: they are kept for nobody, nor taken
   * from those who read the bytes alone.
   */
  constructor(dir: string, index?: IndexedFiles) {
    this.#dir = dir;
    this.#index = index;
    this.#known = (index === undefined ? kept.get(dir) : undefined) ?? new Map();
  }

  /** The id that it has as it stands there now, where that is known already. */
  known(file: FoundFile): string | undefined {
    const before = this.#known.get(file.path);
    if (before === undefined || !isSame(before, file.stat)) return this.#index?.blobOf(file);
    this.learn(file, before.blob);
    return before.blob;
  }

  /** Takes the id of bytes that were read after the file was found. */
  learn({ path, stat }: FoundFile, blob: string): void {
    const { ino, size, mtimeMs, ctimeMs } = stat;
    if (this.#startedAt - ctimeMs > RACY_MS) this.#seen.set(path, { ino, size, mtimeMs, ctimeMs, blob });
  }

  /** The id, read where it is not known; undefined where it is no file by now. Throws the disk's own error. */
  blobOf(file: FoundFile): string | undefined {
    const known = this.known(file);
    if (known !== undefined) return known;
    const bytes = readPlainFile(`${this.#dir}/${file.path}`);
    if (bytes === undefined) return undefined;
    const blob = this.#index?.idOf(file, bytes) ?? blobId(bytes);
    this.learn(file, blob);
    return blob;
  }

  /** To be called once every file was asked for: those that are gone are forgotten. */
  keep(): void {
    if (this.#index === undefined) kept.set(this.#dir, this.#seen);
  }
}

function isSame(one: ReadFile, other: Stats): boolean {
  return (
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs &&
    one.size === other.size &&
    one.ino === other.ino
  );
}
