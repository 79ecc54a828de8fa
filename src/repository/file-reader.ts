import { statSync } from 'node:fs';
import { join } from 'node:path';
import { locate } from '../files/locate.js';
import { parseFile } from '../files/parse.js';
import type { ParsedFile } from '../files/parsed.js';
import { isDamage } from './damage.js';
import type { GitRepository } from './git.js';
import { ParsePool } from './parse-pool.js';
import type { LocateRequest, WorkerPlace } from './parse-worker.js';
import { type FileRequest, readBytes, unreadable } from './reading.js';
import { pause } from './slices.js';

/** From here on it pays to wake a worker, and hurts readers not to. */
const MANY_FILES = 50;
const LARGE_BYTES = 64 * 1024;
/** Files in one message: their answer is parsed in about a millisecond. */
const BATCH_FILES = 64;

/** A line and a column, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What reading gave: parsed, and whether git had the bytes at all. */
export interface ReadFile {
  readonly parsed: ParsedFile;
  /** False where the object is missing or broken: to be tried again, not to be kept. */
  readonly isReadable: boolean;
}

/** Reads and parses files: few and small ones at once in slices, all others in workers. */
export class FileReader {
  readonly #repository: GitRepository;
  readonly #pool = new ParsePool();
  readonly #place: WorkerPlace;

  constructor(repository: GitRepository) {
    this.#repository = repository;
    this.#place = { workDir: repository.workDir, commonDir: repository.commonDir };
  }

  /** One result for each request, in their order. */
  async parse(requests: readonly FileRequest[]): Promise<readonly ReadFile[]> {
    if (requests.length > MANY_FILES) return this.#parseInWorkers(requests);
    const results: ReadFile[] = [];
    for (const request of requests) {
      results.push(await this.#parseOne(request));
      await pause();
    }
    return results;
  }

  /** The positions of each request's places; undefined for a file that cannot be read. */
  async locate(requests: readonly LocateRequest[]): Promise<readonly (readonly Position[] | undefined)[]> {
    if (requests.length > MANY_FILES) return this.#locateInWorkers(requests);
    const results: (readonly Position[] | undefined)[] = [];
    for (const request of requests) {
      results.push(await this.#locateOne(request));
      await pause();
    }
    return results;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #parseOne(request: FileRequest): Promise<ReadFile> {
    if (this.#isLarge(request.path)) return this.#parseLarge(request);
    try {
      const bytes = await readBytes(this.#repository, request);
      if (bytes.length > LARGE_BYTES) return await this.#parseLarge(request);
      return { parsed: parseFile(request.kind, bytes), isReadable: true };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { parsed: unreadable(request.kind, error.message), isReadable: false };
    }
  }

  async #parseLarge(request: FileRequest): Promise<ReadFile> {
    const [result] = await this.#parseInWorkers([request]);
    if (result === undefined) throw new Error('a worker gave no answer');
    return result;
  }

  async #parseInWorkers(requests: readonly FileRequest[]): Promise<readonly ReadFile[]> {
    const batches = batchesOf(requests).map(async (files) => {
      const entries = await this.#pool.run({ task: 'parse', place: this.#place, files });
      return files.map((file, index) => readFileOf(file, entries[index]));
    });
    return (await Promise.all(batches)).flat();
  }

  async #locateInWorkers(
    requests: readonly LocateRequest[],
  ): Promise<readonly (readonly Position[] | undefined)[]> {
    const batches = batchesOf(requests).map(async (files) => {
      const entries = await this.#pool.run({ task: 'locate', place: this.#place, files });
      return files.map((_, index) => positionsOf(entries[index]));
    });
    return (await Promise.all(batches)).flat();
  }

  async #locateOne(request: LocateRequest): Promise<readonly Position[] | undefined> {
    if (this.#isLarge(request.path)) return (await this.#locateInWorkers([request]))[0];
    try {
      const text = (await readBytes(this.#repository, request)).toString('utf8');
      return request.places.map((place) => locate(text, place));
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
  }

  #isLarge(path: string): boolean {
    if (this.#repository.workDir === undefined) return false;
    try {
      return statSync(join(this.#repository.workDir, path)).size > LARGE_BYTES;
    } catch {
      return false;
    }
  }
}

function batchesOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const batches: (readonly Item[])[] = [];
  for (let at = 0; at < items.length; at += BATCH_FILES) batches.push(items.slice(at, at + BATCH_FILES));
  return batches;
}

/** A worker answers a text where it could not read the file. */
function readFileOf(request: FileRequest, entry: unknown): ReadFile {
  if (typeof entry === 'string') return { parsed: unreadable(request.kind, entry), isReadable: false };
  return { parsed: entry as ParsedFile, isReadable: true };
}

function positionsOf(entry: unknown): readonly Position[] | undefined {
  return Array.isArray(entry) ? (entry as readonly Position[]) : undefined;
}
