import type { BigIntStats } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, createAnew, type Disk, renameInto } from './disk.js';
import type { TreeFile } from './tree-edit.js';
import { entryKind, isExecutable } from './work-entry.js';
import { PERMISSIONS, type WorkFile } from './work-files.js';

/** What is to be at a path, and where its new content waits; nothing waits for a submodule, or where nothing is to be. */
export interface Placing {
  readonly path: string;
  readonly before: TreeFile | null;
  readonly after: TreeFile | null;
  readonly prepared: string | undefined;
}

/**
 * Puts what is prepared in its place, or removes the file and the folders that it leaves empty. Git shows a submodule
 * that is not checked out as an empty folder. Gives what is a file of the work tree now.
 */
export async function placeWorkFile(
  disk: Disk,
  workDir: string,
  { path, before, after, prepared }: Placing,
): Promise<BigIntStats | undefined> {
  const target = join(workDir, path);
  const wasModule = before !== null && entryKind(before) === 'submodule';
  // Of a submodule only the folder is git's, and only where it is empty.
  if (wasModule && prepared !== undefined) disk.removeFolder(target);
  if (after === null) {
    if (wasModule) disk.removeFolder(target);
    else disk.remove(target);
    removeEmptyFolders(disk, workDir, dirname(path));
    return undefined;
  }
  if (prepared === undefined) {
    if (before !== null && !wasModule) disk.remove(target);
    disk.makeFolder(target);
    return undefined;
  }
  try {
    renameInto(disk, prepared, target);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await moveAcross(disk, prepared, target);
  }
  return disk.stat(target);
}

/** Makes what is to be at a path, aside, with the permissions that it has there. */
export async function prepareWorkFile(
  disk: Disk,
  path: string,
  file: {
    readonly before: TreeFile | null;
    readonly after: TreeFile;
    readonly bytes: Buffer;
    readonly work: WorkFile;
  },
): Promise<void> {
  const { before, after, bytes, work } = file;
  if (entryKind(after) === 'symlink') {
    disk.remove(path);
    disk.makeLink(bytes, path);
    return;
  }
  const isNew = work.mode === undefined;
  await createAnew(disk, path, isNew && isExecutable(after.mode) ? { bytes, mode: 0o777 } : { bytes });
  if (work.mode === undefined) return;
  const isKept = before !== null && isExecutable(before.mode) === isExecutable(after.mode);
  disk.setMode(path, isKept ? work.mode : permissions(work.mode, after.mode));
}

/** Takes away what a crash left next to the file while it came from another disk. */
export function removeBeside(disk: Disk, path: string): void {
  const beside = besidePath(path);
  const stat = disk.stat(beside);
  if (stat?.isFile() || stat?.isSymbolicLink()) disk.remove(beside);
}

/** Who may read it may execute it, or nobody. */
function permissions(mode: number, after: string): number {
  const readers = mode & 0o444;
  return isExecutable(after) ? mode | (readers >> 2) : mode & ~0o111;
}

function removeEmptyFolders(disk: Disk, workDir: string, folder: string): void {
  for (let path = folder; path !== '.' && path !== ''; path = dirname(path)) {
    if (!disk.removeFolder(join(workDir, path))) return;
  }
}

/** The git folder is on another disk than the work tree. The content is flushed before it has the file's name. */
async function moveAcross(disk: Disk, from: string, to: string): Promise<void> {
  const beside = besidePath(to);
  const target = disk.readLink(from);
  if (target === undefined) {
    const mode = Number((disk.stat(from)?.mode ?? 0o644n) & PERMISSIONS);
    await createAnew(disk, beside, { bytes: disk.read(from) ?? Buffer.alloc(0), mode });
    disk.setMode(beside, mode);
  } else {
    disk.remove(beside);
    disk.makeLink(target, beside);
  }
  disk.rename(beside, to);
  disk.remove(from);
}

function besidePath(path: string): string {
  return `${path}.flagstaff-new`;
}
