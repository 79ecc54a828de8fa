import { dirname, join } from 'node:path';
import type { Clone } from './clone.js';
import type { IndexTarget } from './index-entry.js';
import { type IndexFile, withDistrust, withEntries } from './index-file.js';
import { all, allInTurns, inTurns } from './slices.js';
import type { TreeFile } from './tree-edit.js';
import { entryKind, heldAs } from './work-entry.js';
import { hasRealFolders } from './work-files.js';
import { type Placing, placeWorkFile } from './work-place.js';

/**
 * Brings work tree and index in step with the commit, for just these paths, while the index is locked. A file that
 * somebody has saved since it was looked at is left to them: it shows up as their change. What goes makes room first:
 * where a file was, a folder may come.
 */
export async function followCommit(clone: Clone, index: IndexFile, files: readonly Placing[]): Promise<void> {
  const targets = new Map<string, IndexTarget | null>();
  const going = files.filter(({ after }) => after === null);
  const coming = files.filter(({ after }) => after !== null);
  for await (const file of inTurns([...going, ...coming])) {
    const target = await follow(clone, file);
    if (target !== undefined) targets.set(file.path, target);
  }
  writeIndex(clone, index, targets);
}

/** What the index is to have there; undefined where it is to keep what it has. */
async function follow({ disk, workDir }: Clone, file: Placing): Promise<IndexTarget | null | undefined> {
  const isUntouched = isStill({ disk, workDir }, file);
  const placed = isUntouched ? await placeWorkFile(disk, workDir, file) : disk.stat(join(workDir, file.path));
  const { after } = file;
  if (after === null) return null;
  const { oid, mode } = after;
  if (isModule(after)) return { oid, mode, stat: undefined };
  if (placed === undefined) return undefined;
  return { oid, mode, stat: isUntouched ? placed : Object.assign(placed, { size: 0n }) };
}

/** Flushes what `followCommit` wrote; until then the journal must stay. */
export async function syncFollowed(clone: Clone, files: readonly Placing[]): Promise<void> {
  const { disk, workDir, repository } = clone;
  const folders = new Set(files.flatMap(foldersOf).map((folder) => join(workDir, folder)));
  const present = [...folders].filter((folder) => disk.stat(folder) !== undefined);
  const toSync = [...present, repository.gitDir];
  await all([clone.index.sync(), allInTurns(toSync, (folder) => disk.sync(folder))]);
}

/** A file that comes or goes may bring or take the folders above it. */
function foldersOf({ path, before, after }: Placing): readonly string[] {
  const folders = [dirname(path)];
  if (before !== null && after !== null) return folders;
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.push(dirname(folder));
  return folders;
}

function isStill(
  { disk, workDir }: Pick<Clone, 'disk' | 'workDir'>,
  { path, before, after }: Placing,
): boolean {
  const full = join(workDir, path);
  if (before !== null) return heldAs(disk, full, before) !== undefined;
  if (!hasRealFolders(disk, workDir, path)) return false;
  const stat = disk.stat(full);
  return stat === undefined || (isModule(after) && stat.isDirectory());
}

function isModule(file: TreeFile | null): boolean {
  return file !== null && entryKind(file) === 'submodule';
}

function writeIndex(clone: Clone, index: IndexFile, targets: ReadonlyMap<string, IndexTarget | null>): void {
  const { disk, workDir } = clone;
  const old = clone.index.stat();
  const statOf = (name: string) => disk.stat(join(workDir, Buffer.from(name, 'latin1').toString()));
  const trusted = old === undefined ? index : withDistrust(index, old, statOf);
  clone.index.write(withEntries(trusted, targets));
}
