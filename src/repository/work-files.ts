import type { BigIntStats } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../model/failure.js';
import { codeOf, createAnew, type Disk, renameInto } from './disk.js';
import { entryOf, type IndexFile, isInIndex } from './index-file.js';
import { blobId } from './loose-object.js';
import type { Replaced } from './replaced.js';
import { inTurns } from './slices.js';
import type { TreeFile } from './tree-edit.js';

/** One file of a write: what the commit below has, and what it is to be. */
export interface PlannedFile {
  readonly path: string;
  readonly before: TreeFile | null;
  readonly after: (TreeFile & { readonly bytes: Buffer }) | null;
}

/** What a working file is, so that the new one is of the same kind. */
export interface WorkFile {
  /** The permissions; undefined for a new file. */
  readonly mode: number | undefined;
  /** True where git turns line ends into CRLF on the way to the work tree. */
  readonly hasCrlf: boolean;
}

/** Where a write looks for other people's work. */
export interface WorkPlace {
  readonly disk: Disk;
  readonly workDir: string;
  readonly index: IndexFile;
  readonly replaced: Replaced;
}

const PERMISSIONS = 0o777n;

/**
 * Makes sure that nobody's work is in the way: the file, its entry in the index and the commit below are the same, and
 * no symlink leads elsewhere. Throws `Failure` WORKTREE_DIRTY or NOT_A_FILE.
 */
export function checkWorkFile({ disk, workDir, index, replaced }: WorkPlace, file: PlannedFile): WorkFile {
  checkFolders(disk, workDir, file.path);
  const stat = disk.stat(join(workDir, file.path));
  if (stat?.isSymbolicLink()) throw notAFile(file.path, file.path, 'a symlink');
  if (stat?.isDirectory()) throw notAFile(file.path, file.path, 'a folder');
  if (file.before === null) {
    if (stat !== undefined) throw dirty(file.path, 'there is such a file already, which is not committed');
    if (isInIndex(index, file.path)) throw dirty(file.path, 'somebody has staged it');
    return { mode: undefined, hasCrlf: false };
  }
  const entry = entryOf(index, file.path);
  if (!isSame(entry, file.before) && !replaced.isLeftBehind(file.path, entry, file.before))
    throw dirty(file.path, 'somebody has staged a change of it');
  const found = stat === undefined ? undefined : contentOf(disk, join(workDir, file.path), file.before.oid);
  if (found === undefined) throw dirty(file.path, 'it has changes that are not committed');
  return { mode: Number((stat?.mode ?? 0n) & PERMISSIONS), hasCrlf: found === 'crlf' };
}

/** The same of all files of a write, in turns: who publishes looks at them under the locks. */
export async function checkWorkFiles(
  place: WorkPlace,
  files: readonly PlannedFile[],
): Promise<readonly WorkFile[]> {
  const found: WorkFile[] = [];
  for await (const file of inTurns(files)) found.push(checkWorkFile(place, file));
  return found;
}

/** The bytes as they stand in the work tree. */
export function workBytes(bytes: Buffer, { hasCrlf }: WorkFile): Buffer {
  return hasCrlf ? Buffer.from(bytes.toString().replaceAll('\n', '\r\n')) : bytes;
}

/** Puts a prepared file in its place, or removes the file and the folders that it leaves empty. */
export async function placeWorkFile(
  disk: Disk,
  workDir: string,
  file: { readonly path: string; readonly prepared: string | undefined },
): Promise<BigIntStats | undefined> {
  const target = join(workDir, file.path);
  if (file.prepared === undefined) {
    disk.remove(target);
    removeEmptyFolders(disk, workDir, dirname(file.path));
    return undefined;
  }
  try {
    renameInto(disk, file.prepared, target);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await moveAcross(disk, file.prepared, target);
  }
  return disk.stat(target);
}

/** `same` where the file has these bytes, `crlf` where it has them with other line ends, else undefined. */
export function contentOf(disk: Disk, path: string, oid: string): 'same' | 'crlf' | undefined {
  const bytes = disk.read(path);
  if (bytes === undefined) return undefined;
  if (blobId(bytes) === oid) return 'same';
  const unix = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return blobId(unix) === oid ? 'crlf' : undefined;
}

/** Of modes git knows only whether a file may be executed. */
function isSame(entry: TreeFile | undefined, file: TreeFile): boolean {
  const isExecutable = (mode: string): boolean => mode === '100755';
  return entry?.oid === file.oid && isExecutable(entry.mode) === isExecutable(file.mode);
}

function checkFolders(disk: Disk, workDir: string, path: string): void {
  const names = path.split('/').slice(0, -1);
  for (const [depth] of names.entries()) {
    const folder = names.slice(0, depth + 1).join('/');
    const stat = disk.stat(join(workDir, folder));
    if (stat === undefined) return;
    if (stat.isSymbolicLink()) throw notAFile(path, folder, 'a symlink');
    if (!stat.isDirectory()) throw notAFile(path, folder, 'no folder');
  }
}

function removeEmptyFolders(disk: Disk, workDir: string, folder: string): void {
  for (let path = folder; path !== '.' && path !== ''; path = dirname(path)) {
    if (!disk.removeFolder(join(workDir, path))) return;
  }
}

/** The git folder is on another disk than the work tree. The content is flushed before it has the file's name. */
async function moveAcross(disk: Disk, from: string, to: string): Promise<void> {
  const beside = besidePath(to);
  const mode = Number((disk.stat(from)?.mode ?? 0o644n) & PERMISSIONS);
  await createAnew(disk, beside, { bytes: disk.read(from) ?? Buffer.alloc(0), mode });
  disk.setMode(beside, mode);
  disk.rename(beside, to);
  disk.remove(from);
}

/** Takes away what a crash left next to the file while it came from another disk. */
export function removeBeside(disk: Disk, path: string): void {
  const beside = besidePath(path);
  if (disk.stat(beside)?.isFile()) disk.remove(beside);
}

function besidePath(path: string): string {
  return `${path}.flagstaff-new`;
}

function dirty(path: string, why: string): Failure {
  const sentence = `${path} cannot be written: ${why}; commit it or put it back, then write again`;
  return new Failure('conflict', 'WORKTREE_DIRTY', sentence, { data: { details: { path } } });
}

function notAFile(path: string, name: string, what: string): Failure {
  const sentence = `${path} cannot be written: ${name} is ${what} in the work tree`;
  return new Failure('conflict', 'NOT_A_FILE', sentence, { data: { details: { path } } });
}
