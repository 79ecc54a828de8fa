import { constants, type Stats } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type ContextFile,
  type ContextPlace,
  contextPath,
  isMissing,
  listContextFiles,
  olderPath,
} from './context-folder.js';
import { inTurns } from './slices.js';

/** Lines for one place, each with its end. */
export interface ContextLines {
  readonly place: ContextPlace;
  readonly lines: readonly string[];
}

/** How much is kept. */
export interface ContextBounds {
  /** A file of so many bytes becomes the older one of its environment, and the one that was older goes. */
  readonly file: number;
  /** So many bytes have all of them together; for more, the organization that has most loses what it wrote to longest ago. */
  readonly all: number;
  /** So old a file becomes the older one, and so long after its last line it goes, in milliseconds. */
  readonly ageMs: number;
}

const DAY_MS = 86_400_000;
const CONTEXT_BOUNDS: ContextBounds = {
  file: 8 * 1_048_576,
  all: 512 * 1_048_576,
  ageMs: 30 * DAY_MS,
};

const FOLDER = 'contexts';
/** Contexts are of people, hashed or not. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** A pipe or device in a file's place is not waited for. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
/** So much is written in one go, in characters: the rest of the process waits while it becomes bytes. */
const PART_CHARACTERS = 262_144;
/** How often files that are too old are looked for, in milliseconds. */
const SWEEP_MS = 3_600_000;

/** What is known of a file on disk; other processes may delete it meanwhile. */
interface KnownFile {
  readonly file: ContextFile;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly writtenAt: number;
}

/**
 * Where contexts are recorded: two files for each environment below the git folder, outside git. They may be deleted at any
 * time. Nothing of it holds up the process, whatever the disk does.
 */
export class ContextFiles {
  readonly #root: string;
  readonly #bounds: ContextBounds;
  readonly #now: () => number;
  /** By path; what `append` did since the last look is in it. */
  readonly #known = new Map<string, KnownFile>();
  #bytes = 0;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(
    { stateDir }: { readonly stateDir: string },
    bounds: ContextBounds = CONTEXT_BOUNDS,
    now: () => number = Date.now,
  ) {
    this.#root = join(stateDir, FOLDER);
    this.#bounds = bounds;
    this.#now = now;
  }

  /** In order of their keys, the older file of an environment first. */
  list(): Promise<readonly ContextFile[]> {
    return listContextFiles(this.#root);
  }

  /**
   * Adds them, place by place, and gives what went wrong: what the disk refuses of one place stops no other. The files are
   * listed once at most.
   */
  async append(batch: readonly ContextLines[]): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    const attempt = (work: Promise<void>): Promise<void> =>
      work.catch((error: unknown) => void failures.push(error));
    if (this.#now() - this.#sweptAt >= SWEEP_MS) await attempt(this.sweep());
    for await (const { place, lines } of inTurns(batch)) await attempt(this.#appendTo(place, lines));
    if (this.#bytes > this.#bounds.all) await attempt(this.#makeRoom());
    return failures;
  }

  /** Looks what is there, and removes files that nothing was added to for too long. */
  async sweep(): Promise<void> {
    this.#sweptAt = this.#now();
    await this.#look();
    for (const { file, writtenAt } of [...this.#known.values()]) {
      if (this.#now() - writtenAt >= this.#bounds.ageMs) await this.remove(file);
    }
  }

  async remove({ path }: ContextFile): Promise<void> {
    await rm(path, { force: true });
    this.#forget(path);
  }

  /** In parts, each of which fits into a file. */
  async #appendTo(place: ContextPlace, lines: readonly string[]): Promise<void> {
    for (const part of partsOf(lines, Math.min(PART_CHARACTERS, this.#bounds.file))) {
      await this.#appendPart(place, Buffer.from(part));
    }
  }

  async #appendPart(place: ContextPlace, bytes: Buffer): Promise<void> {
    const path = contextPath(this.#root, place);
    const handle = await openForAppend(path);
    try {
      const before = await handle.stat();
      if (!before.isFile()) throw new Error(`${path} is no file`);
      if (this.#isFull(before, bytes.length)) {
        await rename(path, olderPath(path));
        this.#note({ ...place, path: olderPath(path) }, before.size);
        this.#forget(path);
        return await this.#appendPart(place, bytes);
      }
      const isTorn = before.size > 0 && (await lastByte(handle, before.size)) !== LINE_END;
      await handle.writeFile(isTorn ? Buffer.concat([Buffer.of(LINE_END), bytes]) : bytes);
      this.#note({ ...place, path }, before.size + bytes.length);
    } finally {
      await handle.close();
    }
  }

  #isFull(
    { size, birthtimeMs }: { readonly size: number; readonly birthtimeMs: number },
    more: number,
  ): boolean {
    if (size === 0) return false;
    // Where nobody knows when a file was made, it is as if that was in 1970.
    const isOld = birthtimeMs > 0 && this.#now() - birthtimeMs >= this.#bounds.ageMs;
    return isOld || size + more > this.#bounds.file;
  }

  /** Others delete files too, so it looks again before it takes anything from anybody. */
  async #makeRoom(): Promise<void> {
    await this.#look();
    while (this.#bytes > this.#bounds.all) {
      const [oldest] = largestOrg([...this.#known.values()]).sort(
        (one, other) => one.writtenAt - other.writtenAt,
      );
      if (oldest === undefined) return;
      await this.remove(oldest.file);
    }
  }

  async #look(): Promise<void> {
    const found: KnownFile[] = [];
    for (const file of await this.list()) {
      const stats = await statIfThere(file.path);
      if (stats !== undefined) found.push({ file, bytes: stats.size, writtenAt: stats.mtimeMs });
    }
    this.#known.clear();
    for (const known of found) this.#known.set(known.file.path, known);
    this.#bytes = bytesOf(found);
  }

  #note(file: ContextFile, bytes: number): void {
    this.#forget(file.path);
    this.#known.set(file.path, { file, bytes, writtenAt: this.#now() });
    this.#bytes += bytes;
  }

  #forget(path: string): void {
    this.#bytes -= this.#known.get(path)?.bytes ?? 0;
    this.#known.delete(path);
  }
}

const LINE_END = 10;

/** A disk that was full, or a crash, may have left half a line. */
async function lastByte(handle: FileHandle, size: number): Promise<number | undefined> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 0 ? undefined : buffer[0];
}

async function openForAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, APPEND, FILE_MODE);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    return await open(path, APPEND, FILE_MODE);
  }
}

/** Whole lines together, of at most so many bytes; a line that has more stands alone. */
function* partsOf(lines: readonly string[], most: number): Generator<string, void> {
  let part: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const more = Buffer.byteLength(line);
    if (bytes + more > most && part.length > 0) {
      yield part.join('');
      part = [];
      bytes = 0;
    }
    part.push(line);
    bytes += more;
  }
  if (part.length > 0) yield part.join('');
}

/** The files of the organization that has most. */
function largestOrg(known: readonly KnownFile[]): KnownFile[] {
  const byOrg = new Map<string, KnownFile[]>();
  for (const one of known) {
    const files = byOrg.get(one.file.org);
    if (files === undefined) byOrg.set(one.file.org, [one]);
    else files.push(one);
  }
  return [...byOrg.values()].reduce(
    (most, files) => (bytesOf(files) > bytesOf(most) ? files : most),
    [] as KnownFile[],
  );
}

/** Somebody may have deleted it since it was listed. */
async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function bytesOf(known: readonly KnownFile[]): number {
  return known.reduce((sum, { bytes }) => sum + bytes, 0);
}
