import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createAnew, type Disk } from './disk.js';
import type { TreeFile } from './tree-edit.js';

/** A write as it was meant, on disk before its commit is: what a crash leaves undone can be done from it. */
export interface JournalEntry {
  /** The branch, without `refs/heads/`. */
  readonly branch: string;
  readonly oldCommit: string;
  readonly newCommit: string;
  readonly files: readonly JournalFile[];
}

/** One file of the write. */
export interface JournalFile {
  readonly path: string;
  /** Null where it was not there. */
  readonly before: TreeFile | null;
  /** Null where it is to go. */
  readonly after: TreeFile | null;
}

/** What stands at the start of the file while all writes are whole. */
const DONE = Buffer.from('done\n');
/** Bytes and their SHA-1, in a line before the entry: what an older, longer one left behind it is no part of it. */
const HEADER = /^(\d+) ([0-9a-f]{40})$/;
/** A file that a large write has made longer than this goes when that is done. */
const BYTES_KEPT = 65_536;

/**
 * The journal: one entry, of the write that is not whole. Its file stays and is written over: to make one for each
 * write, and to give it up again, takes the disk longer than all that is in it.
 */
export class Journal {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #folder: string;

  constructor(disk: Disk, stateDir: string) {
    this.#disk = disk;
    this.#folder = stateDir;
    this.#path = join(stateDir, 'journal');
  }

  /** On disk when it fulfils. */
  async write(entry: JournalEntry): Promise<void> {
    const content = Buffer.from(JSON.stringify(entry));
    const bytes = Buffer.concat([Buffer.from(`${content.length} ${digest(content)}\n`), content]);
    if (await this.#disk.overwrite(this.#path, bytes)) return;
    await createAnew(this.#disk, this.#path, { bytes });
    await this.#disk.sync(this.#folder);
  }

  /** The write that may not be whole; undefined where there is none. A torn one was never followed by a commit. */
  read(): JournalEntry | undefined {
    const bytes = this.#disk.read(this.#path);
    if (bytes === undefined) return undefined;
    const end = bytes.indexOf('\n');
    const [, length, wanted] = HEADER.exec(bytes.toString('latin1', 0, Math.max(end, 0))) ?? [];
    const content = bytes.subarray(end + 1, end + 1 + Number(length));
    return digest(content) === wanted ? (JSON.parse(content.toString()) as JournalEntry) : undefined;
  }

  /** Not flushed: an entry that comes back is one of a write that is whole. */
  clear(): void {
    const size = this.#disk.stat(this.#path)?.size ?? 0n;
    if (size > BYTES_KEPT) this.#disk.remove(this.#path);
    else if (size > 0n) this.#disk.overwriteQuickly(this.#path, DONE);
  }
}

function digest(content: Buffer): string {
  return createHash('sha1').update(content).digest('hex');
}
