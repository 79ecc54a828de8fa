import { parseFile } from '../files/parse.js';
import type { FileKind, ParsedFile } from '../files/parsed.js';
import { blobId } from './loose-object.js';
import { readPlainFile } from './plain-file.js';

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

/** What a file of a folder holds now; undefined where it is no file by now. Throws the disk's own error. */
export function readAndParse(dir: string, { path, kind }: FileToParse): FileAsParsed | undefined {
  const bytes = readPlainFile(`${dir}/${path}`);
  return bytes && { blob: blobId(bytes), parsed: parseFile<FileKind>(kind, bytes) };
}
