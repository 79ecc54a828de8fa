import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

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
}

const flush = promisify(fs.fsync);

/** The disk of the machine. Only flushing takes long, so only that leaves the thread; each trip there costs too. */
export const machineDisk: Disk = {
  read: (path) => missingAs(undefined, () => fs.readFileSync(path)),
  stat: (path) => missingAs(undefined, () => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })),
  list: (path) => missingAs([], () => fs.readdirSync(path)),
  create: async (path, bytes, mode = 0o666) => {
    await flushed(fs.openSync(path, 'wx', mode), (file) => writeWhole(file, bytes));
  },
  createQuickly: (path, bytes, mode = 0o666) => fs.writeFileSync(path, bytes, { flag: 'wx', mode }),
  sync: async (path) => flushed(fs.openSync(path, 'r')),
  link: (from, to) => unlessCodes(['EEXIST'], () => fs.linkSync(from, to)),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => unlessCodes(['ENOENT'], () => fs.unlinkSync(path)),
  makeFolder: (path) => fs.mkdirSync(path, { recursive: true }),
  removeFolder: (path) =>
    unlessCodes(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EBUSY'], () => fs.rmdirSync(path)),
  append: (path, text) => fs.appendFileSync(path, text),
  setMode: (path, mode) => fs.chmodSync(path, mode),
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

async function flushed(file: number, before?: (file: number) => void): Promise<void> {
  try {
    before?.(file);
    await flush(file);
  } finally {
    fs.closeSync(file);
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(file, bytes, at);
}

function missingAs<Result>(fallback: Result, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return fallback;
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
