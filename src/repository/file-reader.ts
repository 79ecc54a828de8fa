import type { FileKind, ParsedFile } from '../files/parsed.js';
import { type ApplyAnswer, type ApplyTask, applyTask, sizeOf } from './apply-task.js';
import type { GitRepository } from './git.js';
import { ParsePool } from './parse-pool.js';
import { type ByteSource, LargeFile } from './reading.js';
import { type FileRequest, type LocateRequest, perform, type ReadingTask } from './reading-task.js';

/** From here on it pays to wake a worker, and hurts readers not to. */
const MANY_FILES = 50;
const LARGE_BYTES = 8 * 1024;
/** So many characters are edited and parsed on the main thread: they hold it for some tens of milliseconds. */
const MOST_TO_EDIT = 16 * 1024;
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

/** Reads, parses and edits files: few and small ones at once in slices, all others in workers. */
export class FileReader {
  readonly #pool: ParsePool;
  readonly #smallFiles: ByteSource;

  constructor(repository: GitRepository) {
    const { workDir, commonDir } = repository;
    this.#pool = new ParsePool({ workDir, commonDir });
    this.#smallFiles = { workDir, mostBytes: LARGE_BYTES, readBlob: (oid) => repository.readBlob(oid) };
  }

  /** One result for each request, in their order. */
  async parse(files: readonly FileRequest[]): Promise<readonly ReadFile[]> {
    const entries = await this.#perform({ task: 'parse', files });
    return files.map(({ kind }, index) => readFileOf(kind, entries[index]));
  }

  /** The positions of each request's places; undefined for a file that cannot be read. */
  async locate(files: readonly LocateRequest[]): Promise<readonly (readonly Position[] | undefined)[]> {
    const entries = await this.#perform({ task: 'locate', files });
    return entries.map((entry) => (Array.isArray(entry) ? (entry as readonly Position[]) : undefined));
  }

  /** Applies the changes of a write; at once where there is little to read. */
  async apply(task: ApplyTask): Promise<ApplyAnswer> {
    if (sizeOf(task) <= MOST_TO_EDIT) return applyTask(task);
    const [answer] = await this.#pool.run(task);
    return answer as ApplyAnswer;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #perform(task: ReadingTask): Promise<readonly unknown[]> {
    if (task.files.length > MANY_FILES) return this.#performInWorkers(task);
    try {
      return await perform(this.#smallFiles, task);
    } catch (error) {
      if (error instanceof LargeFile) return this.#pool.run(task);
      throw error;
    }
  }

  async #performInWorkers(task: ReadingTask): Promise<readonly unknown[]> {
    const batches = batchesOf(task).map((batch) => this.#pool.run(batch));
    return (await Promise.all(batches)).flat();
  }
}

function batchesOf(task: ReadingTask): readonly ReadingTask[] {
  const batches: ReadingTask[] = [];
  for (let at = 0; at < task.files.length; at += BATCH_FILES) {
    batches.push({ ...task, files: task.files.slice(at, at + BATCH_FILES) } as ReadingTask);
  }
  return batches;
}

/** A text stands for a file that git has lost: it is broken, so its last good version keeps being served. */
function readFileOf(kind: FileKind, entry: unknown): ReadFile {
  if (typeof entry !== 'string') return { parsed: entry as ParsedFile, isReadable: true };
  const problem = { line: 1, column: 1, code: 'MISSING_FILE', severity: 'error', message: entry } as const;
  return { parsed: { kind, value: undefined, problems: [problem] }, isReadable: false };
}
