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

/** By its path. */
type NamedFile = readonly [string, FileAsParsed];

/** What a worker was given: the answers come in the order of the files. */
interface Batch {
  readonly files: readonly FileRequest[];
  readonly entries: Promise<readonly unknown[]>;
}

/** Parses the files of a folder that needs no git: few at once, many in workers. To be closed. */
export class DirectoryParser {
  readonly #dir: string;
  readonly #pool: ParsePool;
  /** Files that are known to be wanted, and are given to no worker yet. */
  #offered: FileRequest[] = [];
  readonly #batches: Batch[] = [];

  constructor(dir: string) {
    this.#dir = dir;
    this.#pool = new ParsePool({ workDir: dir, commonDir: dir });
  }

  /** Takes a file that `parse` will be asked for: while others are still looked for, workers begin with it. */
  offer({ kind, blob, path, parsed }: UnreadFile): void {
    if (kind === undefined || parsed !== undefined) return;
    this.#offered.push({ kind, blob, path });
    const isMany = this.#batches.length > 0 || this.#offered.length >= MANY_FILES;
    if (isMany && this.#offered.length >= BATCH_FILES) this.#begin();
  }

  /** One result for each file, in their order; those that were offered are among them. */
  async parse(files: readonly UnreadFile[], signal?: AbortSignal): Promise<readonly FileAsParsed[]> {
    const isOffered = new Set(
      [...this.#batches.flatMap((batch) => batch.files), ...this.#offered].map(pathOf),
    );
    for (const file of files) if (!isOffered.has(file.path)) this.offer(file);
    if (this.#batches.length > 0) this.#begin();
    const here = this.#offered.splice(0);
    const byPath = new Map([...(await this.#parseThere()), ...(await this.#parseHere(here, signal))]);
    return files.map(({ path, blob, parsed }) => byPath.get(path) ?? { blob, parsed });
  }

  #begin(): void {
    const offered = this.#offered;
    this.#offered = [];
    for (let at = 0; at < offered.length; at += BATCH_FILES) {
      const files = offered.slice(at, at + BATCH_FILES);
      const entries = this.#pool.run({ task: 'parse', files });
      // Whoever asks for the files hears of it; they may be given up before.
      entries.catch(() => undefined);
      this.#batches.push({ files, entries });
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #parseHere(
    requests: readonly FileRequest[],
    signal: AbortSignal | undefined,
  ): Promise<readonly NamedFile[]> {
    const parsed: NamedFile[] = [];
    for (const request of requests) {
      parsed.push([request.path, this.#parseOne(request)]);
      await pause(signal);
    }
    return parsed;
  }

  async #parseThere(): Promise<readonly NamedFile[]> {
    const batches = this.#batches.splice(0);
    const answers = await Promise.all(batches.map(({ entries }) => entries));
    return batches.flatMap(({ files }, place) =>
      files.map((file, index): NamedFile => {
        const entry = answers[place]?.[index];
        // A text stands for a file that is another by now.
        const isAnother = typeof entry === 'string';
        return [
          file.path,
          isAnother ? this.#parseOne(file) : { blob: file.blob, parsed: entry as ParsedFile },
        ];
      }),
    );
  }

  /** What is parsed goes by the id of those very bytes: the file may be as it was listed again by the next time. */
  #parseOne({ kind, path }: FileRequest): FileAsParsed {
    const bytes = readFileSync(join(this.#dir, path));
    return { blob: blobId(bytes), parsed: parseFile<FileKind>(kind, bytes) };
  }
}

function pathOf({ path }: FileRequest): string {
  return path;
}
