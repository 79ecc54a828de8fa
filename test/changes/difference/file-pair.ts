import type { FilePair, FileSide } from '../../../src/changes/difference-files.js';
import { parseFile } from '../../../src/files/parse.js';
import { placeOf } from '../../../src/files/paths.js';

/** A file in two versions as the repository gives it, from its texts; null where it is not there. The text stands for its blob. */
export function filePair(path: string, before: string | null, after: string | null): FilePair {
  return { path, before: sideOf(path, before), after: sideOf(path, after) };
}

function sideOf(path: string, text: string | null): FileSide | undefined {
  if (text === null) return undefined;
  const meaning = placeOf(path);
  const parsed = meaning.kind === 'file' ? parseFile(meaning.place.kind, Buffer.from(text)) : undefined;
  return { blob: text, parsed };
}
