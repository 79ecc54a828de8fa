import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pause } from './slices.js';
import { replaceFile } from './state-folder.js';

/**
 * A file of what can be made again: a head line, then lines of text. The head names what wrote it and the hash of the
 * rest, so that a foreign, torn or damaged file is simply not there.
 */
export interface CacheFileHead {
  /** What the lines mean, and all that their meaning depends on. */
  readonly format: string;
}

/**
 * Writes it by a temporary file and a rename, in a folder that it makes where it has to. Lines are taken one by one, so
 * that making them can be work in slices. Throws what the disk refuses.
 */
export async function writeCacheFile(
  path: string,
  head: CacheFileHead,
  lines: Iterable<string>,
): Promise<void> {
  const hash = createHash('sha1');
  const chunks: string[] = [];
  for (const line of lines) {
    const chunk = `${line}\n`;
    hash.update(chunk);
    chunks.push(chunk);
    await pause();
  }
  await replaceFile(path, [`${headLine(head, hash.digest('hex'))}\n`, ...chunks]);
}

/** The lines, or undefined where there is no file that this program wrote and nobody touched. */
export function readCacheFile(path: string, head: CacheFileHead): readonly string[] | undefined {
  const bytes = readIfThere(path);
  const end = bytes?.indexOf('\n') ?? -1;
  if (bytes === undefined || end < 0) return undefined;
  const body = bytes.subarray(end + 1);
  const hash = createHash('sha1').update(body).digest('hex');
  if (bytes.toString('utf8', 0, end) !== headLine(head, hash)) return undefined;
  return body.toString('utf8').split('\n').slice(0, -1);
}

function headLine(head: CacheFileHead, sha1: string): string {
  return JSON.stringify({ flagstaff: head.format, sha1 });
}

/** Whatever stands in the way of reading it, it is only a cache. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
