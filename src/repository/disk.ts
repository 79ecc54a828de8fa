import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs';
import { open } from 'node:fs/promises';

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

/** The disk of the machine. */
export const machineDisk: Disk = {
  read: (path) => missingAs(undefined, () => fs.readFileSync(path)),
  stat: (path) => missingAs(undefined, () => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })),
  list: (path) => missingAs([], () => fs.readdirSync(path)),
  create: async (path, bytes, mode = 0o666) => {
    const file = await open(path, 'wx', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  createQuickly: (path, bytes, mode = 0o666) => fs.writeFileSync(path, bytes, { flag: 'wx', mode }),
  sync: async (path) => {
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  link: (from, to) => unlessCodes(['EEXIST'], () => fs.linkSync(from, to)),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => unlessCodes(['ENOENT'], () => fs.unlinkSync(path)),
  makeFolder: (path) => fs.mkdirSync(path, { recursive: true }),
  removeFolder: (path) =>
    unlessCodes(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EBUSY'], () => fs.rmdirSync(path)),
  append: (path, text) => fs.appendFileSync(path, text),
  setMode: (path, mode) => fs.chmodSync(path, mode),
};

/** The code of a system error (`ENOSPC`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
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
