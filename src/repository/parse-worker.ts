import { parentPort } from 'node:worker_threads';
import { locate } from '../files/locate.js';
import { parseFile } from '../files/parse.js';
import type { Pointer } from '../model/problem.js';
import { isDamage } from './damage.js';
import { ObjectStore } from './object-store.js';
import { type ByteSource, type FileRequest, readBytes } from './reading.js';

/** What a worker is asked: it reads the files itself, so that neither their bytes nor their reading touch the main thread. */
export type WorkerTask =
  | { readonly task: 'parse'; readonly place: WorkerPlace; readonly files: readonly FileRequest[] }
  | { readonly task: 'locate'; readonly place: WorkerPlace; readonly files: readonly LocateRequest[] };

/** Where the bytes are. */
export interface WorkerPlace {
  readonly workDir: string | undefined;
  readonly commonDir: string;
}

/** Places in one file whose lines are wanted. */
export interface LocateRequest {
  readonly path: string;
  readonly blob: string;
  readonly places: readonly Pointer[];
}

/**
 * The answer: JSON text of one entry for each file, in the order of the request. JSON.parse is quicker than a
 * structured clone, and the text goes to the disk as it is. For a file that cannot be read the entry is a text, the
 * reason.
 */
export interface WorkerAnswer {
  readonly entries: string;
}

parentPort?.on('message', (task: WorkerTask) => {
  answer(task).then((entries) => parentPort?.postMessage({ entries } satisfies WorkerAnswer));
});

const stores = new Map<string, ObjectStore>();

async function answer(task: WorkerTask): Promise<string> {
  const source = sourceOf(task.place);
  const entries: unknown[] = [];
  if (task.task === 'parse') {
    for (const file of task.files)
      entries.push(await entryOf(source, file, (bytes) => parseFile(file.kind, bytes)));
  } else {
    for (const file of task.files)
      entries.push(await entryOf(source, file, (bytes) => locateAll(bytes, file.places)));
  }
  return JSON.stringify(entries);
}

async function entryOf(
  source: ByteSource,
  file: LocateRequest | FileRequest,
  use: (bytes: Buffer) => unknown,
): Promise<unknown> {
  try {
    return use(await readBytes(source, file));
  } catch (error) {
    if (isDamage(error)) return error.message;
    throw error;
  }
}

function locateAll(bytes: Buffer, places: readonly Pointer[]): unknown {
  const text = bytes.toString('utf8');
  return places.map((place) => locate(text, place));
}

function sourceOf(place: WorkerPlace): ByteSource {
  const store = stores.get(place.commonDir) ?? new ObjectStore(place.commonDir);
  stores.set(place.commonDir, store);
  return { workDir: place.workDir, readBlob: (oid) => store.readAs(oid, 'blob') };
}
