import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFile } from '../files/parse.js';
import type { FileKind, ParsedFile } from '../files/parsed.js';
import { blobId } from './loose-object.js';

/** A file to be parsed. */
export interface FileToParse {
  /** From the top of the folder. */
  readonly path: string;
  readonly kind: FileKind;
}

/** A file as it was when it was parsed, with the id of those very bytes. */
export interface FileAsParsed {
  readonly blob: string;
  readonly parsed: ParsedFile;
}

/** What a file of a folder holds now; undefined where it is gone. Throws the disk's own error. */
export function readAndParse(dir: string, { path, kind }: FileToParse): FileAsParsed | undefined {
  const bytes = bytesAt(join(dir, path));
  return bytes && { blob: blobId(bytes), parsed: parseFile<FileKind>(kind, bytes) };
}

function bytesAt(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
