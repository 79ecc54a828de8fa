import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { SpareFiles } from './spare-files.js';

/**
 * The file system as the writer uses it: few calls, each of which is one step that may fail or be the last one before
 * the power goes. What is flushed is said by name; all else may be lost. Another disk (one that fails) can stand in.
 */
export interface Disk {
  /** The whole file, or undefined where nothing is there. */
  read(path: string): Buffer | undefined;
  /** What is there, symlinks not followed; undefined where nothing is. */
  stat(path: string): BigIntStats | undefined;
  /** The names in a folder; none where it is not there. */
  list(path: string): readonly string[];
  /** A new file, flushed. Throws EEXIST where something is there. */
  create(path: string, bytes: Uint8Array, mode?: number): Promise<void>;
  /** A new file, not flushed. */
  createQuickly(path: string, bytes: Uint8Array, mode?: number): void;
  /** Makes it likely that the next new files of this folder are made sooner. Never rejects. */
  makeSpares(folder: string): Promise<void>;
  /** Takes away what `makeSpares` left there. Never rejects. */
  dropSpares(folder: string): Promise<void>;
  /** Writes over the first bytes of a file and flushes them; false where there is no file. */
  overwrite(path: string, bytes: Uint8Array): Promise<boolean>;
  /** The same, not flushed. */
  overwriteQuickly(path: string, bytes: Uint8Array): boolean;
  /** Flushes what is there. */
  sync(path: string): Promise<void>;
  /** A second name for a file; false where that name is taken. */
  link(from: string, to: string): boolean;
  rename(from: string, to: string): void;
  /** True where something was there. */
  remove(path: string): boolean;
  /** Makes the folder and those above it; gives the first that it made. */
  makeFolder(path: string): string | undefined;
  /** Removes an empty folder; false where it is not empty or not there. */
  removeFolder(path: string): boolean;
  append(path: string, text: string): void;
  setMode(path: string, mode: number): void;
  /** Where a symlink leads; undefined where there is none. */
  readLink(path: string): Buffer | undefined;
  /** A new symlink. */
  makeLink(target: Uint8Array, path: string): void;
}

const flush = promisify(fs.fsync);
const flushBytes = promisify(fs.fdatasync);
const spares = new SpareFiles();

/** The disk of the machine. Only flushing takes long, so only that leaves the thread; each trip there costs too. */
export const machineDisk: Disk = {
  read: (path) => missingAs(undefined, () => fs.readFileSync(path)),
  stat: (path) => missingAs(undefined, () => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })),
  list: (path) => missingAs([], () => fs.readdirSync(path)),
  create: async (path, bytes, mode = 0o666) => {
    await using(openNew(path, mode), async (file) => {
      writeWhole(file, bytes);
      await flush(file);
    });
  },
  createQuickly: (path, bytes, mode = 0o666) => {
    const file = openNew(path, mode);
    try {
      writeWhole(file, bytes);
    } finally {
      fs.closeSync(file);
    }
  },
  makeSpares: (folder) => spares.make(folder),
  dropSpares: (folder) => spares.drop(folder),
  overwrite: async (path, bytes) => {
    const file = openThere(path);
    if (file === undefined) return false;
    await using(file, async () => {
      writeWhole(file, bytes, 0);
      await flushBytes(file);
    });
    return true;
  },
  overwriteQuickly: (path, bytes) => {
    const file = openThere(path);
    if (file === undefined) return false;
    try {
      writeWhole(file, bytes, 0);
    } finally {
      fs.closeSync(file);
    }
    return true;
  },
  sync: async (path) => using(fs.openSync(path, 'r'), flush),
  link: (from, to) => unlessCodes(['EEXIST'], () => fs.linkSync(from, to)),
  rename: (from, to) => {
    const replaced = held(to);
    try {
      fs.renameSync(from, to);
    } finally {
      if (replaced !== undefined) fs.close(replaced, () => undefined);
    }
  },
  remove: (path) => unlessCodes(['ENOENT'], () => fs.unlinkSync(path)),
  makeFolder: (path) => fs.mkdirSync(path, { recursive: true }),
  removeFolder: (path) =>
    unlessCodes(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EBUSY'], () => fs.rmdirSync(path)),
  append: (path, text) => fs.appendFileSync(path, text),
  setMode: (path, mode) => fs.chmodSync(path, mode),
  // What is no symlink is an invalid argument.
  readLink: (path) => missingAs(undefined, () => fs.readlinkSync(path, { encoding: 'buffer' }), ['EINVAL']),
  makeLink: (target, path) => fs.symlinkSync(Buffer.from(target), path),
};

/** A new file, flushed, where a crash may have left an older one of ours. */
export async function createAnew(
  disk: Disk,
  path: string,
  content: { readonly bytes: Uint8Array; readonly mode?: number },
): Promise<void> {
  try {
    await disk.create(path, content.bytes, content.mode);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    disk.remove(path);
    await disk.create(path, content.bytes, content.mode);
  }
}

/** The same, not flushed. */
export function createQuicklyAnew(disk: Disk, path: string, bytes: Uint8Array): void {
  try {
    disk.createQuickly(path, bytes);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    disk.remove(path);
    disk.createQuickly(path, bytes);
  }
}

/** Renames into a folder that may have to be made; true where it was. */
export function renameInto(disk: Disk, from: string, to: string): boolean {
  return withFolder(disk, to, () => disk.rename(from, to));
}

/** Appends to a file whose folder may have to be made. */
export function appendInto(disk: Disk, path: string, text: string): void {
  withFolder(disk, path, () => disk.append(path, text));
}

/** Folders are there nearly always, so they are not asked for first. */
function withFolder(disk: Disk, path: string, act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    const isMade = disk.makeFolder(dirname(path)) !== undefined;
    act();
    return isMade;
  }
}

/** The code of a system error (`ENOSPC`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function openNew(path: string, mode: number): number {
  return spares.take(path, mode) ?? fs.openSync(path, 'wx', mode);
}

function openThere(path: string): number | undefined {
  return missingAs(undefined, () => fs.openSync(path, 'r+'));
}

const HELD = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

/** A file that is open is given up when it is closed, off the thread: to give up its place on the disk takes time. */
function held(path: string): number | undefined {
  try {
    return fs.openSync(path, HELD);
  } catch {
    return undefined;
  }
}

async function using(file: number, work: (file: number) => Promise<void>): Promise<void> {
  try {
    await work(file);
  } finally {
    fs.closeSync(file);
  }
}

/** From the place given on; where none is, from where the file stands. */
function writeWhole(file: number, bytes: Uint8Array, start?: number): void {
  for (let at = 0; at < bytes.length; ) {
    const place = start === undefined ? null : start + at;
    at += fs.writeSync(file, bytes, at, bytes.length - at, place);
  }
}

const MISSING = ['ENOENT', 'ENOTDIR'];

function missingAs<Result>(fallback: Result, read: () => Result, more: readonly string[] = []): Result {
  try {
    return read();
  } catch (error) {
    if ([...MISSING, ...more].includes(codeOf(error) ?? '')) return fallback;
    throw error;
  }
}

function unlessCodes(codes: readonly string[], act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}
