import type { SourceFile } from '../files/loaded.js';
import { DirectoryParser } from './directory-parser.js';
import type { FoundFile, FoundFiles } from './found-files.js';
import type { FileToParse } from './read-and-parse.js';
import { fileEntry, WorkBlobs } from './work-blobs.js';

/** Files by their path. */
export type FilesByPath = ReadonlyMap<string, SourceFile>;

/** What is read. */
interface Reading {
  readonly dir: string;
  readonly found: FoundFiles;
  /** What was read before. */
  readonly before: FilesByPath;
  /** Gives it up: it rejects then. */
  readonly signal: AbortSignal | undefined;
}

/**
 * The settings and all files of a folder, parsed; what is as it was before is the same object. Those that went while the
 * folder was read are missing. Each file is opened once at most: its id is that of the bytes that were parsed.
 */
export async function readFiles({ dir, found, before, signal }: Reading): Promise<FilesByPath> {
  const blobs = new WorkBlobs(dir);
  const files = new Map<string, SourceFile>();
  const unread: UnparsedFile[] = [];
  for (const file of allOf(found)) {
    const known = lookAt(file, blobs, before);
    if (known === undefined) continue;
    if ('file' in known) unread.push(known);
    else files.set(known.path, sameAs(before, known));
  }
  const parsed = await parseAll(dir, unread, signal);
  for (const [index, { file, path }] of unread.entries()) {
    const read = parsed[index];
    if (read === undefined) continue;
    blobs.learn(file, read.blob);
    files.set(path, sameAs(before, { path, mode: 'file', ...read }));
  }
  blobs.keep();
  return files;
}

function allOf({ config, orgs }: FoundFiles): readonly FoundFile[] {
  return [...(config === undefined ? [] : [config]), ...[...orgs.values()].flat()];
}

interface UnparsedFile extends FileToParse {
  readonly file: FoundFile;
}

/** What needs no parsing, or is parsed already; undefined for what needs none and is gone. */
function lookAt(
  file: FoundFile,
  blobs: WorkBlobs,
  before: FilesByPath,
): SourceFile | UnparsedFile | undefined {
  const entry = fileEntry(file);
  const { path, mode, kind, parsed } = entry;
  const blob = entry.blob ?? (kind === undefined ? blobs.blobOf(file) : blobs.known(file));
  if (kind === undefined) return blob === undefined ? undefined : { path, mode, blob, parsed };
  if (parsed !== undefined && blob !== undefined) return { path, mode, blob, parsed };
  const same = before.get(path);
  return same !== undefined && same.blob === blob ? same : { path, kind, file };
}

function sameAs(before: FilesByPath, file: SourceFile): SourceFile {
  const same = before.get(file.path);
  return same?.blob === file.blob && same.mode === file.mode ? same : file;
}

async function parseAll(
  dir: string,
  files: readonly FileToParse[],
  signal: AbortSignal | undefined,
): ReturnType<DirectoryParser['parse']> {
  const parser = new DirectoryParser(dir);
  const giveUp = (): void => void parser.close();
  signal?.addEventListener('abort', giveUp);
  try {
    return await parser.parse(
      files.map(({ path, kind }) => ({ path, kind })),
      signal,
    );
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await parser.close();
  }
}
