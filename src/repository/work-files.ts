import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import type { Disk } from './disk.js';
import { entryOf, type IndexFile, isInIndex, pathsBelow } from './index-file.js';
import type { Replaced } from './replaced.js';
import { inTurns } from './slices.js';
import type { TreeFile } from './tree-edit.js';
import { entryKind, heldAs, isSameMode } from './work-entry.js';

/** One file of a write: what the commit below has, and what it is to be. */
export interface PlannedFile {
  readonly path: string;
  readonly before: TreeFile | null;
  readonly after: (TreeFile & { readonly bytes: Buffer }) | null;
}

/** One path that commits change, whatever is there: a file, a symlink, a submodule. */
export interface ChangedPath {
  readonly path: string;
  readonly before: TreeFile | null;
  readonly after: (TreeFile & { readonly bytes: Buffer | (() => Promise<Buffer>) }) | null;
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

/** The bits of a mode that say who may do what. */
export const PERMISSIONS = 0o777n;

const NEW_FILE: WorkFile = { mode: undefined, hasCrlf: false };
const NOTHING: ReadonlySet<string> = new Set();

/**
 * Makes sure that nobody's work is in the way: the file, its entry in the index and the commit below are the same, and
 * no symlink leads elsewhere. What is `leaving` goes with the same commits, and is in nobody's way. Throws `Failure`
 * WORKTREE_DIRTY or NOT_A_FILE.
 */
export function checkWorkFile(
  place: WorkPlace,
  file: ChangedPath,
  leaving: ReadonlySet<string> = NOTHING,
): WorkFile {
  const { disk, workDir, index, replaced } = place;
  const { path, before } = file;
  checkFolders(place, path, leaving);
  if (before === null) {
    checkFree(place, file, leaving);
    return NEW_FILE;
  }
  const entry = entryOf(index, path);
  const isIndexed = entry?.oid === before.oid && isSameMode(entry.mode, before.mode);
  if (!isIndexed && !replaced.isLeftBehind(path, entry, before))
    throw dirty(path, 'somebody has staged a change of it');
  const kind = entryKind(before);
  if (kind === 'submodule') return NEW_FILE;
  const stat = disk.stat(join(workDir, path));
  if (stat?.isSymbolicLink() && kind === 'file') throw notAFile(path, path, 'a symlink');
  if (stat?.isDirectory()) throw notAFile(path, path, 'a folder');
  const found = heldAs(disk, join(workDir, path), before);
  if (found === undefined) throw dirty(path, 'it has changes that are not committed');
  return kind === 'file'
    ? { mode: Number((stat?.mode ?? 0n) & PERMISSIONS), hasCrlf: found === 'crlf' }
    : NEW_FILE;
}

/** The same of all files of a write, in turns: who publishes looks at them under the locks. */
export async function checkWorkFiles(
  place: WorkPlace,
  files: readonly ChangedPath[],
): Promise<readonly WorkFile[]> {
  const leaving = new Set(files.flatMap(({ path, after }) => (after === null ? [path] : [])));
  const found: WorkFile[] = [];
  for await (const file of inTurns(files)) found.push(checkWorkFile(place, file, leaving));
  return found;
}

/** The bytes as they stand in the work tree. */
export function workBytes(bytes: Buffer, { hasCrlf }: WorkFile): Buffer {
  return hasCrlf ? Buffer.from(bytes.toString().replaceAll('\n', '\r\n')) : bytes;
}

/** True where only folders lead to the path, or nothing: through a symlink a write would go elsewhere. */
export function hasRealFolders(disk: Disk, workDir: string, path: string): boolean {
  return foldersAbove(path).every((folder) => {
    const stat = disk.stat(join(workDir, folder));
    return stat === undefined || stat.isDirectory();
  });
}

/** Nothing is there, or a folder of which nothing stays. */
function checkFree(
  { disk, workDir, index }: WorkPlace,
  file: ChangedPath,
  leaving: ReadonlySet<string>,
): void {
  const { path, after } = file;
  const isModule = after !== null && entryKind(after) === 'submodule';
  const stat = disk.stat(join(workDir, path));
  const isFree =
    stat === undefined || (stat.isDirectory() && (isModule || isLeaving(disk, { workDir, path, leaving })));
  if (!isFree) throw dirty(path, 'there is such a file already, which is not committed');
  if (!isInIndex(index, path)) return;
  const below = [...pathsBelow(index, path)];
  if (below.length === 0 || below.some((name) => !leaving.has(name)))
    throw dirty(path, 'somebody has staged it');
}

/** True where all that is in the folder goes. */
function isLeaving(
  disk: Disk,
  { workDir, path, leaving }: { workDir: string; path: string; leaving: ReadonlySet<string> },
): boolean {
  return disk.list(join(workDir, path)).every((name) => {
    const below = `${path}/${name}`;
    if (leaving.has(below)) return true;
    const isFolder = disk.stat(join(workDir, below))?.isDirectory() === true;
    return isFolder && isLeaving(disk, { workDir, path: below, leaving });
  });
}

function checkFolders({ disk, workDir }: WorkPlace, path: string, leaving: ReadonlySet<string>): void {
  for (const folder of foldersAbove(path)) {
    const stat = disk.stat(join(workDir, folder));
    if (stat === undefined || leaving.has(folder)) return;
    if (stat.isSymbolicLink()) throw notAFile(path, folder, 'a symlink');
    if (!stat.isDirectory()) throw notAFile(path, folder, 'no folder');
  }
}

/** From the top one on. */
function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, depth) => names.slice(0, depth + 1).join('/'));
}

function dirty(path: string, why: string): Failure {
  const sentence = `${path} cannot be written: ${why}; commit it or put it back, then write again`;
  return new Failure('conflict', 'WORKTREE_DIRTY', sentence, { data: { details: { path } } });
}

function notAFile(path: string, name: string, what: string): Failure {
  const sentence = `${path} cannot be written: ${name} is ${what} in the work tree`;
  return new Failure('conflict', 'NOT_A_FILE', sentence, { data: { details: { path } } });
}
