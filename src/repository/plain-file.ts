import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { codeOf } from './disk.js';

/** What is larger is not read: no kind of file may have a tenth of it. */
export const MOST_BYTES = 16 * 1024 * 1024;

/** What the system says of something that is gone, or became another thing: a link, or what only a program can open. */
const NO_FILE: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO'];

// Windows has neither.
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * The bytes of a file; undefined for what is none, is gone, or is too large to be read. Links are not followed, and
 * nobody waits for whoever writes into a pipe: what is open is looked at, for the path may lead elsewhere by then.
 * Throws the disk's own error.
 */
export function readPlainFile(path: string): Buffer | undefined {
  const file = openThere(path);
  if (file === undefined) return undefined;
  try {
    const stat = fstatSync(file);
    return stat.isFile() && stat.size <= MOST_BYTES ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

function openThere(path: string): number | undefined {
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (NO_FILE.includes(codeOf(error))) return undefined;
    throw error;
  }
}
