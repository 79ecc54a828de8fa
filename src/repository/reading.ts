import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { blobId } from './loose-object.js';

/** Where bytes are read from. */
export interface ByteSource {
  /** The work tree; undefined where there is none. */
  readonly workDir: string | undefined;
  /** What is larger is refused with `LargeFile`; everything is read where it is left out. */
  readonly mostBytes?: number;
  readBlob(oid: string): Promise<Buffer>;
}

/** Which bytes: those of a blob, which may lie at this path of the work tree. */
export interface Wanted {
  readonly blob: string;
  /** From the top of the repository. */
  readonly path: string;
}

/** More bytes than the reader wants to have on its hands. */
export class LargeFile extends Error {}

/** The bytes of a blob: from the work tree where the file there has that id (it is 20 times as fast), else from git. */
export async function readBytes(source: ByteSource, wanted: Wanted): Promise<Buffer> {
  const bytes = readWorkFile(source, wanted) ?? (await source.readBlob(wanted.blob));
  refuseLarge(source, bytes.length, wanted);
  return bytes;
}

function readWorkFile(source: ByteSource, wanted: Wanted): Buffer | undefined {
  if (source.workDir === undefined) return undefined;
  const path = join(source.workDir, wanted.path);
  try {
    const stat = statSync(path);
    // Reading a named pipe would wait for whoever writes to it.
    if (!stat.isFile()) return undefined;
    refuseLarge(source, stat.size, wanted);
    const bytes = readFileSync(path);
    return blobId(bytes) === wanted.blob ? bytes : undefined;
  } catch (error) {
    if (error instanceof LargeFile) throw error;
    // Gone, replaced by a folder, not readable: git has it.
    return undefined;
  }
}

function refuseLarge({ mostBytes }: ByteSource, size: number, { path }: Wanted): void {
  if (mostBytes !== undefined && size > mostBytes) throw new LargeFile(path);
}
