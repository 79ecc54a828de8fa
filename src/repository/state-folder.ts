import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Only the owner may look: the folder holds the local secret. */
const FOLDER_MODE = 0o700;

/** The folder for what Flagstaff keeps under the git folder, or one below it; made where it is not there. */
export function ensureStateFolder(
  repository: { readonly stateDir: string },
  ...names: readonly string[]
): string {
  const folder = join(repository.stateDir, ...names);
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  return folder;
}

/** A name beside the file that no other process uses. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
}

/**
 * Replaces a file of the state folder whole: readers see the old one or the new one. Its folder is made where it is not
 * there. It is not flushed; only what may be lost goes here.
 */
export async function replaceFile(path: string, chunks: readonly string[]): Promise<void> {
  const temporary = temporaryName(path);
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  try {
    await writeFile(temporary, chunks);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
