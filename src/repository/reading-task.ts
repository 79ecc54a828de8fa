import { locateAll } from '../files/locate.js';
import { parseFile } from '../files/parse.js';
import type { FileKind } from '../files/parsed.js';
import type { Pointer } from '../model/problem.js';
import type { ApplyTask } from './apply-task.js';
import { isDamage } from './damage.js';
import { type FileAsParsed, type FileToParse, readAndParse } from './read-and-parse.js';
import { type ByteSource, readBytes, type Wanted } from './reading.js';
import { pause } from './slices.js';

/** A file to read and parse. */
export interface FileRequest extends Wanted {
  readonly kind: FileKind;
}

/** Places in one file whose lines are wanted. */
export interface LocateRequest extends Wanted {
  readonly places: readonly Pointer[];
}

/** What a worker, or the main thread, does in one go. */
export type ReadingTask =
  | { readonly task: 'parse'; readonly files: readonly FileRequest[] }
  | { readonly task: 'locate'; readonly files: readonly LocateRequest[] };

/** Files of the work tree to parse as they are there, whatever git has. */
export interface WorkTreeTask {
  readonly task: 'read';
  readonly files: readonly FileToParse[];
}

/** All that a worker does. */
export type WorkerTask = ReadingTask | WorkTreeTask | ApplyTask;

/**
 * The entries of a reading, with null for what cannot be read, or the one answer of an application. Few workers
 * apply, so only those load what that takes.
 */
export async function performAny(source: ByteSource, task: WorkerTask): Promise<readonly unknown[]> {
  if (task.task === 'read') return task.files.map((file) => readIfPossible(source, file));
  if (task.task !== 'apply') return perform(source, task);
  const { applyTask } = await import('./apply-task.js');
  return [applyTask(task)];
}

/**
 * One entry for each file, in their order: the parsed file, or the positions. For a file that git has lost it is a
 * text, the reason. Throws `LargeFile` where the source refuses one.
 */
export async function perform(source: ByteSource, task: ReadingTask): Promise<readonly unknown[]> {
  const entries: unknown[] = [];
  for (const file of task.files) {
    entries.push(await entryOf(source, file));
    await pause();
  }
  return entries;
}

async function entryOf(source: ByteSource, file: FileRequest | LocateRequest): Promise<unknown> {
  try {
    const bytes = await readBytes(source, file);
    return 'kind' in file ? parseFile(file.kind, bytes) : locateAll(bytes.toString('utf8'), file.places);
  } catch (error) {
    if (isDamage(error)) return error.message;
    throw error;
  }
}

function readIfPossible({ workDir }: ByteSource, file: FileToParse): FileAsParsed | null {
  if (workDir === undefined) return null;
  try {
    return readAndParse(workDir, file) ?? null;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null;
    throw error;
  }
}
