import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFile } from '../files/parse.js';
import type { FileKind, ParsedFile } from '../files/parsed.js';
import type { UnreadFile } from './listing.js';
import { blobId } from './loose-object.js';
import { ParsePool } from './parse-pool.js';
import type { FileRequest } from './reading-task.js';
import { pause } from './slices.js';

/** From here on it pays to start workers, which have to load the parser first. */
const MANY_FILES = 400;
/** Files in one message: their answer is read in about a millisecond. */
const BATCH_FILES = 128;

/** A file as it was when it was parsed. */
export interface FileAsParsed {
  /** Another one than it was listed with, where the file changed meanwhile. */
  readonly blob: string;
  /** Undefined for what is of no kind. */
  readonly parsed: ParsedFile | undefined;
}

/** Parses the files of a folder that needs no git: few at once, many in workers. To be closed. */
export class DirectoryParser {
  readonly #dir: string;
  readonly #pool: ParsePool;

  constructor(dir: string) {
    this.#dir = dir;
    this.#pool = new ParsePool({ workDir: dir, commonDir: dir });
  }

  /** One result for each file, in their order. */
  async parse(files: readonly UnreadFile[], signal?: AbortSignal): Promise<readonly FileAsParsed[]> {
    const requests = files.flatMap(({ kind, blob, path, parsed }) =>
      kind === undefined || parsed !== undefined ? [] : [{ kind, blob, path }],
    );
    const read =
      requests.length < MANY_FILES
        ? await this.#parseHere(requests, signal)
        : await this.#parseThere(requests);
    const byPath = new Map(requests.map(({ path }, index) => [path, read[index]]));
    return files.map(({ path, blob, parsed }) => byPath.get(path) ?? { blob, parsed });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #parseHere(
    requests: readonly FileRequest[],
    signal: AbortSignal | undefined,
  ): Promise<readonly FileAsParsed[]> {
    const parsed: FileAsParsed[] = [];
    for (const request of requests) {
      parsed.push(this.#parseOne(request));
      await pause(signal);
    }
    return parsed;
  }

  async #parseThere(files: readonly FileRequest[]): Promise<readonly FileAsParsed[]> {
    const batches: Promise<readonly unknown[]>[] = [];
    for (let at = 0; at < files.length; at += BATCH_FILES) {
      batches.push(this.#pool.run({ task: 'parse', files: files.slice(at, at + BATCH_FILES) }));
    }
    const entries = (await Promise.all(batches)).flat();
    // A text stands for a file that is another by now.
    return files.map((file, index) => {
      const entry = entries[index];
      if (typeof entry === 'string') return this.#parseOne(file);
      return { blob: file.blob, parsed: entry as ParsedFile };
    });
  }

  /** What is parsed goes by the id of those very bytes: the file may be as it was listed again by the next time. */
  #parseOne({ kind, path }: FileRequest): FileAsParsed {
    const bytes = readFileSync(join(this.#dir, path));
    return { blob: blobId(bytes), parsed: parseFile<FileKind>(kind, bytes) };
  }
}
