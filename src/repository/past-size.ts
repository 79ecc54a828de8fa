import type { ParsedFile } from '../files/parsed.js';
import type { ServedOrg } from './served.js';
import { pause } from './slices.js';

/** Versions share most of their files, and each is counted once. */
const sizes = new WeakMap<ParsedFile, number>();

/** How large the files of an organization are, as characters of their JSON: a file may have one line, or a megabyte. */
export async function textSize({ files }: ServedOrg): Promise<number> {
  let size = 0;
  for (const { parsed } of files) {
    if (parsed === undefined) continue;
    const known = sizes.get(parsed);
    size += known ?? (await measure(parsed));
  }
  return size;
}

async function measure(parsed: ParsedFile): Promise<number> {
  const size = JSON.stringify(parsed).length;
  sizes.set(parsed, size);
  await pause();
  return size;
}
