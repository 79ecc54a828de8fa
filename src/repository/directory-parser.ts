import { availableParallelism } from 'node:os';
import { ParsePool } from './parse-pool.js';
import { type FileAsParsed, type FileToParse, readAndParse } from './read-and-parse.js';
import { pause } from './slices.js';

/** From here on it pays to start workers, which have to load the parser first: this thread parses 700 files meanwhile. */
const MANY_FILES = 1_000;
/** Files in one message: their answer is read in about a millisecond. */
const BATCH_FILES = 128;
/** This thread parses too. Each worker has to warm up by itself, so more hardly pay. */
const MOST_WORKERS = Math.min(2, availableParallelism() - 1);

/** Parses the files of a folder that needs no git: few at once, many in workers too. To be closed. */
export class DirectoryParser {
  readonly #dir: string;
  readonly #pool: ParsePool;

  constructor(dir: string) {
    this.#dir = dir;
    this.#pool = new ParsePool({ workDir: dir, commonDir: dir });
  }

  /** One result for each file, in their order; undefined where it is gone. Throws the disk's own error. */
  async parse(
    files: readonly FileToParse[],
    signal?: AbortSignal,
  ): Promise<readonly (FileAsParsed | undefined)[]> {
    const share = new Share(files);
    const workers = files.length < MANY_FILES ? 0 : MOST_WORKERS;
    await Promise.all([
      ...Array.from({ length: workers }, () => this.#parseThere(share)),
      this.#parseHere(share, signal),
    ]);
    return share.results;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #parseThere(share: Share): Promise<void> {
    for (let taken = share.takeFirst(); taken !== undefined; taken = share.takeFirst()) {
      const { at, files } = taken;
      const entries = await this.#pool.run({ task: 'read', files });
      for (const [index, entry] of entries.entries()) {
        // As JSON has it. What the worker could not read is told, or left out, here.
        share.results[at + index] = (entry as FileAsParsed | null) ?? this.#parseOne(files[index]);
      }
    }
  }

  async #parseHere(share: Share, signal: AbortSignal | undefined): Promise<void> {
    for (let taken = share.takeLast(); taken !== undefined; taken = share.takeLast()) {
      share.results[taken.at] = this.#parseOne(taken.file);
      await pause(signal);
    }
  }

  #parseOne(file: FileToParse | undefined): FileAsParsed | undefined {
    return file && readAndParse(this.#dir, file);
  }
}

/** Files that several parse: workers take them from the front, this thread from the back, until they meet. */
class Share {
  readonly results: (FileAsParsed | undefined)[] = [];
  readonly #files: readonly FileToParse[];
  #front = 0;
  #back: number;

  constructor(files: readonly FileToParse[]) {
    this.#files = files;
    this.#back = files.length;
    this.results.length = files.length;
  }

  takeFirst(): { readonly at: number; readonly files: readonly FileToParse[] } | undefined {
    if (this.#front === this.#back) return undefined;
    const at = this.#front;
    this.#front = Math.min(at + BATCH_FILES, this.#back);
    return { at, files: this.#files.slice(at, this.#front) };
  }

  takeLast(): { readonly at: number; readonly file: FileToParse | undefined } | undefined {
    if (this.#front === this.#back) return undefined;
    this.#back -= 1;
    return { at: this.#back, file: this.#files[this.#back] };
  }
}
