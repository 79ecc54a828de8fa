import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFile } from '../files/parse.js';
import type { FileKind, ParsedFile } from '../files/parsed.js';
import type { UnreadFile } from './listing.js';
import { ParsePool } from './parse-pool.js';
import type { FileRequest } from './reading-task.js';
import { pause } from './slices.js';

/** From here on it pays to start workers, which have to load the parser first. */
const MANY_FILES = 400;
/** Files in one message: their answer is read in about a millisecond. */
const BATCH_FILES = 128;

/** Parses the files of a folder that needs no git: few at once, many in workers. To be closed. */
export class DirectoryParser {
  readonly #dir: string;
  readonly #pool: ParsePool;

  constructor(dir: string) {
    this.#dir = dir;
    this.#pool = new ParsePool({ workDir: dir, commonDir: dir });
  }

  /** One result for each file, in their order; undefined for what is of no kind. */
  async parse(files: readonly UnreadFile[]): Promise<readonly (ParsedFile | undefined)[]> {
    const requests = files.flatMap(({ kind, blob, path }) =>
      kind === undefined ? [] : [{ kind, blob, path }],
    );
    const parsed =
      requests.length < MANY_FILES ? await this.#parseHere(requests) : await this.#parseThere(requests);
    const byPath = new Map(requests.map(({ path }, index) => [path, parsed[index]]));
    return files.map(({ path }) => byPath.get(path));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #parseHere(requests: readonly FileRequest[]): Promise<readonly ParsedFile[]> {
    const parsed: ParsedFile[] = [];
    for (const request of requests) {
      parsed.push(this.#parseOne(request));
      await pause();
    }
    return parsed;
  }

  async #parseThere(files: readonly FileRequest[]): Promise<readonly ParsedFile[]> {
    const batches: Promise<readonly unknown[]>[] = [];
    for (let at = 0; at < files.length; at += BATCH_FILES) {
      batches.push(this.#pool.run({ task: 'parse', files: files.slice(at, at + BATCH_FILES) }));
    }
    const entries = (await Promise.all(batches)).flat();
    // A text stands for a file that is another by now.
    return files.map((file, index) => {
      const entry = entries[index];
      return typeof entry === 'string' ? this.#parseOne(file) : (entry as ParsedFile);
    });
  }

  #parseOne({ kind, path }: FileRequest): ParsedFile {
    return parseFile<FileKind>(kind, readFileSync(join(this.#dir, path)));
  }
}
